"""The devices that a citizen is signed in on."""

import uuid
from typing import Any

from smartcity.core.db import reading, transaction
from smartcity.core.paging import PageQuery, page_schema
from smartcity.core.web import Blueprint
from smartcity.identity import sessions, standing
from smartcity.identity.credentials import session_id
from smartcity.identity.permissions import Action, permit, principal
from smartcity.identity.session_schemas import SessionOut, shown

blp = Blueprint("sessions", __name__, url_prefix="/api/v1/me", description="Devices signed in")


@blp.route("/sessions")
@permit(Action.USE_ACCOUNT)
@blp.problems(400, 401, 403, 422)
@blp.arguments(PageQuery, location="query")
@blp.response(200, page_schema(SessionOut))
def list_sessions(asked: dict[str, Any]) -> dict[str, Any]:
    """The devices signed in, newest first; `current` is the one that asks."""
    with reading() as session:
        return shown(sessions.held(session, principal(), asked), session_id())


@blp.route("/sessions/<uuid:revoked>", methods=["DELETE"])
@permit(Action.USE_ACCOUNT)
@blp.problems(401, 403, 404)
@blp.response(204)
def revoke_session(revoked: uuid.UUID) -> None:
    """Sign a device out; it is refused everywhere within a minute."""
    with transaction() as session:
        sessions.revoke(session, principal(), revoked)
    standing.forget(revoked)


@blp.route("/sessions", methods=["DELETE"])
@permit(Action.USE_ACCOUNT)
@blp.problems(401, 403)
@blp.response(204)
def revoke_other_sessions() -> None:
    """Sign every other device out."""
    with transaction() as session:
        sessions.revoke_others(session, principal(), kept=session_id())
