"""Where operations centres call back."""

import uuid
from typing import Any

from sqlalchemy.orm import Session

from smartcity.audit import service as audit
from smartcity.core.db import transaction
from smartcity.core.errors import Conflict
from smartcity.core.web import Blueprint
from smartcity.identity.permissions import Action, Role, permit, principal
from smartcity.ioc import callbacks
from smartcity.ioc.credentials import centre, signed
from smartcity.ioc.schemas import CallbackIn, CallbackOut

blp = Blueprint("ioc", __name__, url_prefix="/api/v1/ioc", description="Operations centres")


@blp.route("/callbacks", methods=["POST"])
@permit(Action.CALL_BACK)
@signed(blp)
@blp.problems(400, 401, 403, 404, 409, 413, 422, 429)
@blp.arguments(CallbackIn)
@blp.response(200, CallbackOut)
def take_ioc_callback(asked: dict[str, Any]) -> dict[str, Any]:
    """Take a callback, signed or under a partner's key.

    An impossible move is remembered and answered with 409.
    """
    with transaction() as session:  # a refused move is remembered too, so it is told afterwards
        taken = callbacks.take(session, centre(), callbacks.Told(**asked))
        _note_key(session, asked["id"])
    if taken["outcome"] == callbacks.REFUSED:
        raise Conflict("ioc.move_refused", move=asked["move"], status=taken["status"])
    return taken


def _note_key(session: Session, callback: str) -> None:
    """Audit whose key stood for the centre; the moves themselves are audited as the centre's."""
    if principal().role is Role.PARTNER:
        partner = ("partner", uuid.UUID(principal().id))
        audit.record(session, principal().key, "partner.call_back", partner, callback=callback)
