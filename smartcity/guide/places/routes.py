"""A citizen says what the guide tells wrongly of a place."""

import uuid
from typing import Any

from sqlalchemy.orm import Session

from smartcity.core.context import settings
from smartcity.core.idempotency import idempotent
from smartcity.core.ratelimit import limiter
from smartcity.core.web import Blueprint
from smartcity.guide.places import mistakes
from smartcity.guide.places.schemas import PlaceErrorIn, PlaceErrorOut
from smartcity.identity.permissions import Action, permit, principal
from smartcity.reports.service import names_device

blp = Blueprint(
    "place_errors", __name__, url_prefix="/api/v1/places", description="Báo sai thông tin"
)


@blp.route("/<uuid:entry_id>/error-reports", methods=["POST"])
@permit(Action.SUBMIT_REPORT)
@limiter.limit(lambda: settings().report_limit)
@blp.problems(400, 401, 403, 404, 409, 422, 429)
@blp.arguments(PlaceErrorIn)
@names_device
@idempotent
@blp.response(201, PlaceErrorOut)
def report_place_error(
    session: Session, asked: dict[str, Any], entry_id: uuid.UUID
) -> tuple[dict[str, Any], int, Any]:
    """Say what is wrong with a place: it becomes a field report of one's own, answered as such.

    Send an `Idempotency-Key`.
    """
    filed = mistakes.report_error(session, principal(), entry_id, asked)
    return filed, 201, {"Location": f"/api/v1/reports/{filed['report_id']}"}
