"""The public side: anybody reads it, phones and the CDN keep it for a minute."""

import uuid
from typing import Any

from flask import Response

from smartcity.core.cache import published
from smartcity.core.db import reading
from smartcity.core.paging import page_schema
from smartcity.core.web import Blueprint
from smartcity.identity.permissions import Action, permit
from smartcity.reports.publication import map as public_map
from smartcity.reports.publication import reading as public
from smartcity.reports.publication import views
from smartcity.reports.publication.schemas import (
    MapOut,
    MapQuery,
    PublicFilter,
    PublicQuery,
    PublicReportOut,
    PublicReportWholeOut,
    WardCountsOut,
)

# Short: what an officer hides is to be gone soon from every cache, too.
CACHE = "public, max-age=60, stale-while-revalidate=60"
_PAGE = page_schema(PublicReportOut)
blp = Blueprint(
    "public_reports", __name__, url_prefix="/api/v1/public", description="Phản ánh công khai"
)


@blp.route("/reports")
@permit(Action.READ_PUBLIC)
@blp.problems(400, 422)
@blp.arguments(PublicQuery, location="query")
@blp.response(200, _PAGE)
def list_public_reports(asked: dict[str, Any]) -> Response:
    """The public reports, those published last first."""
    with reading() as session:
        page = public.list_published(session, asked)
        body = {"items": views.shown(session, page.items), "next_cursor": page.next_cursor}
    return published(_PAGE().dump(body), CACHE, by_language=True)


@blp.route("/reports/<uuid:report_id>")
@permit(Action.READ_PUBLIC)
@blp.problems(404)
@blp.response(200, PublicReportWholeOut)
def get_public_report(report_id: uuid.UUID) -> Response:
    """A public report and its course; for a duplicate, the report that it was joined to."""
    with reading() as session:
        body = views.shown_whole(session, public.find_published(session, report_id))
    return published(PublicReportWholeOut().dump(body), CACHE, by_language=True)


@blp.route("/reports.geojson")
@permit(Action.READ_PUBLIC)
@blp.problems(400, 422)
@blp.arguments(MapQuery, location="query")
@blp.response(200, MapOut, content_type="application/geo+json")
def get_public_map(asked: dict[str, Any]) -> Response:
    """The public reports in a box, as points or, from farther away, as clusters (GeoJSON)."""
    with reading() as session:
        found = public_map.features(session, asked)
    response = published(found, CACHE)  # as it is: a schema would take three times as long
    response.mimetype = "application/geo+json"
    return response


@blp.route("/reports/counts")
@permit(Action.READ_PUBLIC)
@blp.problems(400, 422)
@blp.arguments(PublicFilter, location="query")
@blp.response(200, WardCountsOut)
def count_public_reports(asked: dict[str, Any]) -> Response:
    """How many public reports each commune has, for a map of areas."""
    with reading() as session:
        items = public.counts_by_ward(session, asked)
    return published(WardCountsOut().dump({"items": items}), CACHE)
