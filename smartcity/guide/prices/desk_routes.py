"""Officers record the prices of a day, bring files of them, and take them away."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Response, request
from sqlalchemy import Row
from werkzeug.datastructures import FileStorage

from smartcity.audit import service as audit
from smartcity.core.db import reading, transaction
from smartcity.core.errors import Invalid, NotFound
from smartcity.core.export import csv_file
from smartcity.core.paging import Page, page_schema
from smartcity.core.tables.unreadable import Unreadable
from smartcity.core.web import Blueprint
from smartcity.guide.prices import bringing, desk, recording
from smartcity.guide.prices.quotes import Quote
from smartcity.guide.prices.schemas import (
    DayPricesIn,
    PriceFileIn,
    PriceFilter,
    PriceImportOut,
    PriceQuery,
    RecordedOut,
    RecordedPriceOut,
)
from smartcity.identity.permissions import Action, permit, principal

_LARGEST = 5 << 20  # bytes of a file
blp = Blueprint(
    "prices_desk",
    __name__,
    url_prefix="/api/v1/officer",
    description="Giá cả thị trường (cán bộ)",
)


@blp.before_request
def take_files() -> None:
    """Raise the limit on bodies to a file and what multipart puts around it."""
    request.max_content_length = _LARGEST + 64 * 1024


@blp.route("/prices")
@permit(Action.READ_GUIDE)
@blp.problems(400, 401, 403, 422)
@blp.arguments(PriceQuery, location="query")
@blp.response(200, page_schema(RecordedPriceOut))
def list_recorded_prices(asked: dict[str, Any]) -> Page[Row[Any]]:
    """Prices with who recorded them, the last first."""
    with reading() as session:
        return desk.listed(session, asked)


@blp.route("/prices.csv")
@permit(Action.READ_GUIDE)
@blp.problems(400, 401, 403, 422)
@blp.arguments(PriceFilter, location="query")
@blp.response(200, {"type": "string"}, content_type="text/csv")
def export_recorded_prices(asked: dict[str, Any]) -> Response:
    """The list as a CSV file for a spreadsheet, 100,000 at most; recorded each time."""
    with transaction() as session:
        audit.record_export(session, principal().key, "price", asked)
    return csv_file("prices", desk.lines(asked))


@blp.route("/prices/<day>", methods=["PUT"])
@permit(Action.MANAGE_GUIDE)
@blp.problems(401, 403, 404, 409, 422)
@blp.arguments(DayPricesIn)
@blp.response(200, RecordedOut)
def record_prices(asked: dict[str, Any], day: str) -> dict[str, int]:
    """Ghi giá: what goods cost at a market on a day, all of them or none.

    A price that stands already is corrected, with a reason; the old one stays in the audit record.
    409 names the prices over three times off the last ones: send them again with `confirm`.
    """
    quotes = _quotes(_day(day), asked)
    why = {"reason": asked["reason"], "confirm": asked["confirm"]}
    with transaction() as session:
        return bringing.counted(recording.record(session, principal(), quotes, **why))


@blp.route("/prices/import", methods=["POST"])
@permit(Action.MANAGE_GUIDE)
@blp.problems(401, 403, 409)
@blp.arguments(PriceFileIn, location="files")
@blp.response(200, PriceImportOut)
def import_prices(asked: dict[str, Any]) -> dict[str, Any]:
    """Nhập tệp giá: show what a CSV file would change, line by line; with `apply`, change it.

    Columns: day, good, market, price, source (ngày, mặt hàng, chợ, giá, nguồn); goods and markets
    by key or by title. UTF-8 or windows-1258. Sent again, it changes nothing more.
    """
    with _on_disk(asked["file"]) as file:
        if not asked["apply"]:
            with reading() as session:
                return bringing.preview(session, file)
        with transaction() as session:
            return bringing.bring(session, principal(), file, **_why(asked))


@contextmanager
def _on_disk(sent: FileStorage) -> Iterator[Path]:
    """A file that was sent, while it is read; Invalid for what cannot be read."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "prices.csv"
        sent.save(file)
        try:
            yield file
        except Unreadable as fault:
            raise Invalid(file=fault.fault) from None


def _why(asked: dict[str, Any]) -> dict[str, Any]:
    origin = (asked["file"].filename or "")[:200]
    return {"reason": asked["reason"], "confirm": asked["confirm"], "origin": origin}


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise NotFound("price.day.unreadable") from None


def _quotes(day: date, asked: dict[str, Any]) -> list[Quote]:
    market, source = asked["market"], asked["source"]
    return [
        Quote(place, day, market, item["good"], item["price"], source)
        for place, item in enumerate(asked["items"])
    ]
