"""Areas and agencies in public."""

from collections.abc import Iterable
from typing import Any, TypeVar

from flask import Response

from smartcity.areas import service
from smartcity.areas.schemas import (
    AgencyOut,
    AgencyQuery,
    AreaOut,
    AreaQuery,
    LocatedOut,
    PlaceQuery,
)
from smartcity.core.cache import published
from smartcity.core.errors import Malformed
from smartcity.core.paging import Page, page_schema
from smartcity.core.signing import seal, unseal
from smartcity.core.text import fold
from smartcity.core.web import Blueprint
from smartcity.identity.permissions import Action, permit

T = TypeVar("T", service.Area, service.Agency)
AreaPage, AgencyPage = page_schema(AreaOut), page_schema(AgencyOut)
blp = Blueprint(
    "areas", __name__, url_prefix="/api/v1", description="Provinces, communes and agencies"
)


@blp.route("/areas")
@permit(Action.READ_PUBLIC)
@blp.problems(400, 422)
@blp.arguments(AreaQuery, location="query")
@blp.response(200, AreaPage)
def list_areas(asked: dict[str, Any]) -> Response:
    """The province and its communes of today, by code."""
    known = service.reference()
    words = fold(asked.get("q", ""))
    found = (area for area in (known.province, *known.wards) if words in area.folded)
    return published(AreaPage().dump(_page(found, asked)))


@blp.route("/areas/locate")
@permit(Action.READ_PUBLIC)
@blp.problems(422)
@blp.arguments(PlaceQuery, location="query")
@blp.response(200, LocatedOut)
def locate_area(asked: dict[str, float]) -> Response:
    """The commune that a place lies in, and the agency there; 422 outside the province."""
    return published(LocatedOut().dump(service.locate(**asked)))


@blp.route("/agencies")
@permit(Action.READ_PUBLIC)
@blp.problems(400, 422)
@blp.arguments(AgencyQuery, location="query")
@blp.response(200, AgencyPage)
def list_agencies(asked: dict[str, Any]) -> Response:
    """The units that handle reports, by code."""
    active = (agency for agency in service.reference().agencies.values() if agency.active)
    return published(AgencyPage().dump(_page(active, asked)))


def _page(found: Iterable[T], asked: dict[str, Any]) -> Page[T]:
    """The page of `found` that is asked for, by code."""
    purpose = f"cursor:areas:{asked.get('kind')}:{asked.get('q')}"
    after = unseal(purpose, asked["cursor"]) if "cursor" in asked else ""
    if not isinstance(after, str):
        raise Malformed("request.cursor")
    wanted = (thing for thing in found if asked.get("kind") in (None, thing.kind))
    rest = sorted((t for t in wanted if t.code > after), key=lambda thing: thing.code)
    page = rest[: asked["limit"]]
    more = len(rest) > len(page)
    return Page(page, seal(purpose, page[-1].code) if more else None)
