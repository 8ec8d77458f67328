"""Statistics, scoreboard and open data for everybody, and statistics for officers."""

from collections.abc import Iterator
from typing import Any

from flask import Response, send_file, stream_with_context

from smartcity.core.cache import PUBLIC, published
from smartcity.core.db import reading
from smartcity.core.ratelimit import limiter
from smartcity.core.web import Blueprint
from smartcity.identity.permissions import Action, permit, principal
from smartcity.reports.statistics import downloads, open_data
from smartcity.reports.statistics import statistics as service
from smartcity.reports.statistics.catalogue import catalogue
from smartcity.reports.statistics.schemas import (
    CatalogueOut,
    DictionaryOut,
    PeriodQuery,
    PublishedReportOut,
    ScoreboardOut,
    ScoreboardQuery,
    StatisticsOut,
    StatisticsQuery,
)

_HOURLY = "600 per hour"  # of one address; whole networks of phones stand behind one
_TEXT = {"type": "string"}
blp = Blueprint(
    "statistics", __name__, url_prefix="/api/v1", description="Statistics, scoreboard, open data"
)
root = Blueprint("catalogue", __name__, description="The catalogue of the open data")


@blp.route("/public/statistics")
@permit(Action.READ_PUBLIC)
@limiter.limit(_HOURLY)
@blp.problems(400, 422, 429)
@blp.arguments(StatisticsQuery, location="query")
@blp.response(200, StatisticsOut)
def get_statistics(asked: dict[str, Any]) -> Response:
    """Figures over all reports of a period by category, area, agency or month."""
    return published(StatisticsOut().dump(service.public_statistics(asked)))


@blp.route("/public/statistics.csv")
@permit(Action.READ_PUBLIC)
@limiter.limit(_HOURLY)
@blp.problems(400, 422, 429)
@blp.arguments(StatisticsQuery, location="query")
@blp.response(200, _TEXT, content_type="text/csv")
def export_statistics(asked: dict[str, Any]) -> Response:
    """The same as a CSV file."""
    return _for_all(_csv("statistics", service.rows(service.public_statistics(asked))))


@blp.route("/officer/statistics")
@permit(Action.LIST_REPORTS)
@blp.problems(400, 401, 403, 422)
@blp.arguments(StatisticsQuery, location="query")
@blp.response(200, StatisticsOut)
def get_officer_statistics(asked: dict[str, Any]) -> dict[str, Any]:
    """The same figures as they are now; to a unit, over the reports that it may see."""
    with reading() as session:
        return service.officers_statistics(session, principal(), asked)


@blp.route("/officer/statistics.csv")
@permit(Action.LIST_REPORTS)
@blp.problems(400, 401, 403, 422)
@blp.arguments(StatisticsQuery, location="query")
@blp.response(200, _TEXT, content_type="text/csv")
def export_officer_statistics(asked: dict[str, Any]) -> Response:
    """The same as a CSV file."""
    with reading() as session:
        return _csv(
            "statistics", service.rows(service.officers_statistics(session, principal(), asked))
        )


@blp.route("/public/scoreboard")
@permit(Action.READ_PUBLIC)
@limiter.limit(_HOURLY)
@blp.problems(400, 422, 429)
@blp.arguments(ScoreboardQuery, location="query")
@blp.response(200, ScoreboardOut)
def get_scoreboard(asked: dict[str, Any]) -> Response:
    """The agencies of a month, quarter or year, ranked by their share of reports in time."""
    return published(ScoreboardOut().dump(service.public_scoreboard(asked["period"])))


@blp.route("/public/open-data/reports.csv")
@permit(Action.READ_PUBLIC)
@limiter.limit(_HOURLY)
@blp.problems(400, 422, 429)
@blp.arguments(PeriodQuery, location="query")
@blp.response(200, _TEXT, content_type="text/csv")
def download_reports_csv(asked: dict[str, Any]) -> Response:
    """The published reports of at most 366 days, oldest first, as CSV."""
    return _for_all(_csv("reports", open_data.batches(asked)))


@blp.route("/public/open-data/reports.json")
@permit(Action.READ_PUBLIC)
@limiter.limit(_HOURLY)
@blp.problems(400, 422, 429)
@blp.arguments(PeriodQuery, location="query")
@blp.response(200, PublishedReportOut(many=True))
def download_reports_json(asked: dict[str, Any]) -> Response:
    """The same as a JSON array."""
    lines = downloads.json_lines(open_data.COLUMNS["reports"], open_data.batches(asked))
    return _for_all(_streamed(lines, "reports.json", "application/json"))


@blp.route("/public/open-data/reports.xlsx")
@permit(Action.READ_PUBLIC)
@limiter.limit(_HOURLY)
@blp.problems(400, 422, 429)
@blp.arguments(PeriodQuery, location="query")
@blp.response(200, description="The same as a workbook for spreadsheets, with the dictionary")
def download_reports_xlsx(asked: dict[str, Any]) -> Response:
    """The same as a workbook for spreadsheets, with the dictionary; at most 50,000 reports."""
    book = downloads.workbook(open_data.sheets(asked))
    return _for_all(send_file(book, downloads.XLSX, download_name="reports.xlsx", etag=False))


@blp.route("/public/open-data/dictionary.json")
@permit(Action.READ_PUBLIC)
@blp.response(200, DictionaryOut)
def get_data_dictionary() -> Response:
    """What every column of the data sets means."""
    return published(DictionaryOut().dump({"items": open_data.dictionary()}))


@blp.route("/public/open-data/dictionary.csv")
@permit(Action.READ_PUBLIC)
@blp.response(200, _TEXT, content_type="text/csv")
def export_data_dictionary() -> Response:
    """The same as a CSV file."""
    return _for_all(_csv("dictionary", open_data.dictionary_rows()))


@root.route("/data.json")
@permit(Action.READ_PUBLIC)
@root.response(200, CatalogueOut)
def get_data_catalogue() -> Response:
    """The catalogue of the open data: DCAT in the JSON of Project Open Data 1.1."""
    return published(catalogue())


def _csv(name: str, batches: Any) -> Response:
    lines = downloads.csv_lines(open_data.COLUMNS[name], batches)
    return _streamed(lines, f"{name}.csv", "text/csv; charset=utf-8")


def _streamed(lines: Iterator[str], name: str, kind: str) -> Response:
    named = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(stream_with_context(lines), headers=named, content_type=kind)


def _for_all(response: Response) -> Response:
    response.headers["Cache-Control"] = PUBLIC
    return response
