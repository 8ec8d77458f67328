"""Officers find their work: by filter, by polygon, by filters that they keep, as a file."""

from typing import Any

from flask import Response

from smartcity.core.db import reading, transaction
from smartcity.core.export import csv_file
from smartcity.core.paging import page_schema
from smartcity.core.web import Blueprint
from smartcity.identity.permissions import Action, permit, principal
from smartcity.reports import views
from smartcity.reports.desk import export, saved
from smartcity.reports.desk.listing import listed
from smartcity.reports.desk.schemas import (
    DrawnFilter,
    OfficerReportQuery,
    ReportSearchIn,
    SavedFilterIn,
    SavedFilterList,
    SavedFilterOut,
    SortedFilter,
)
from smartcity.reports.schemas import ReportOut

blp = Blueprint(
    "officer_search", __name__, url_prefix="/api/v1/officer", description="Officers find their work"
)


@blp.route("/reports")
@permit(Action.LIST_REPORTS)
@blp.problems(400, 401, 403, 422)
@blp.arguments(OfficerReportQuery, location="query")
@blp.response(200, page_schema(ReportOut))
def list_officer_reports(asked: dict[str, Any]) -> dict[str, Any]:
    """The reports that this officer may see, by filter."""
    with reading() as session:
        page = listed(session, principal(), asked)
        return {"items": views.shown(session, page.items), "next_cursor": page.next_cursor}


@blp.route("/reports/search", methods=["POST"])
@permit(Action.LIST_REPORTS)
@blp.problems(400, 401, 403, 422)
@blp.arguments(ReportSearchIn)
@blp.response(200, page_schema(ReportOut))
def search_officer_reports(asked: dict[str, Any]) -> dict[str, Any]:
    """The same by what fits into no address: a polygon, or the reporter's number (recorded)."""
    recorded = asked.get("phone") is not None
    with transaction() if recorded else reading() as session:
        page = listed(session, principal(), asked)
        return {"items": views.shown(session, page.items), "next_cursor": page.next_cursor}


@blp.route("/reports.csv")
@permit(Action.LIST_REPORTS)
@blp.problems(400, 401, 403, 422)
@blp.arguments(SortedFilter, location="query")
@blp.response(200, {"type": "string"}, content_type="text/csv")
def export_officer_reports(asked: dict[str, Any]) -> Response:
    """The list as a CSV file for a spreadsheet, 100,000 reports at most; recorded each time."""
    officer = principal()
    with transaction() as session:
        export.begin(session, officer, asked)
    return csv_file("reports", export.lines(officer, asked))


@blp.route("/me/filters")
@permit(Action.LIST_REPORTS)
@blp.problems(401, 403)
@blp.response(200, SavedFilterList)
def list_saved_filters() -> dict[str, Any]:
    """One's own filters, then those that colleagues of the agency share."""
    with reading() as session:
        return {"items": list(saved.kept(session, principal()))}


@blp.route("/me/filters/<name>", methods=["PUT"])
@permit(Action.LIST_REPORTS)
@blp.problems(401, 403, 404, 409, 422)
@blp.arguments(SavedFilterIn)
@blp.response(200, SavedFilterOut)
def save_filter(asked: dict[str, Any], name: str) -> dict[str, Any]:
    """Keep filters under a name, 50 names at most; those that it had are replaced."""
    filters = DrawnFilter().dump(asked["filters"])
    with transaction() as session:
        return saved.keep(session, principal(), name, filters, asked["shared"])


@blp.route("/me/filters/<name>", methods=["DELETE"])
@permit(Action.LIST_REPORTS)
@blp.problems(401, 403, 404)
@blp.response(204)
def discard_filter(name: str) -> None:
    """Drop one's own filters of a name."""
    with transaction() as session:
        saved.discard(session, principal(), name)
