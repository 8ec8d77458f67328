"""What holds pushes back, for officers."""

from collections.abc import Iterable
from typing import Any

from smartcity.core.db import reading, transaction
from smartcity.core.web import Blueprint
from smartcity.identity.permissions import Action, permit, principal
from smartcity.push import brakes
from smartcity.push.models import Brake
from smartcity.push.officer_schemas import HeldBrakeOut, HeldBrakesOut, ReleaseQuery

blp = Blueprint(
    "push", __name__, url_prefix="/api/v1/officer/push", description="What holds pushes"
)


@blp.route("/brakes")
@permit(Action.READ_CAMPAIGNS)
@blp.problems(401, 403)
@blp.response(200, HeldBrakesOut)
def list_push_brakes() -> dict[str, Iterable[Brake]]:
    """What nothing is sent to now, and why: everything (`all`), or a platform."""
    with reading() as session:
        return {"items": brakes.held(session).values()}


@blp.route("/brakes/<scope>", methods=["DELETE"])
@permit(Action.RUN_CAMPAIGNS)
@blp.problems(401, 403, 404)
@blp.arguments(ReleaseQuery, location="query")
@blp.response(200, HeldBrakeOut)
def release_push_brake(asked: dict[str, Any], scope: str) -> Brake:
    """Let sending begin again. Where the cause stays, the first answer brakes again."""
    with transaction() as session:
        return brakes.release(session, principal().key, scope, asked["reason"])
