"""What people reported wrong about a place, for those who keep the guide."""

import uuid
from typing import Any

from smartcity.core.db import reading
from smartcity.core.paging import Page, PageQuery, page_schema
from smartcity.core.web import Blueprint
from smartcity.guide.places import mistakes
from smartcity.guide.places.schemas import PlaceErrorOut
from smartcity.identity.permissions import Action, permit

blp = Blueprint(
    "place_error_desk",
    __name__,
    url_prefix="/api/v1/officer/places",
    description="Báo sai thông tin (cán bộ)",
)


@blp.route("/<uuid:entry_id>/error-reports")
@permit(Action.READ_GUIDE)
@blp.problems(400, 401, 403, 404, 422)
@blp.arguments(PageQuery, location="query")
@blp.response(200, page_schema(PlaceErrorOut))
def list_place_errors(asked: dict[str, Any], entry_id: uuid.UUID) -> Page[dict[str, Any]]:
    """What people reported wrong about a place, newest first, and how each report stands."""
    with reading() as session:
        return mistakes.errors(session, entry_id, asked)
