"""Everybody reads prices: the newest ones, and how they went."""

from typing import Any

from flask import Response

from smartcity.changes.kept import shared
from smartcity.core.db import reading
from smartcity.core.paging import page_schema
from smartcity.core.web import Blueprint
from smartcity.guide.prices import latest, series
from smartcity.guide.prices.schemas import (
    PriceBoardQuery,
    PricedGoodOut,
    PriceSeriesOut,
    SpanQuery,
)
from smartcity.identity.permissions import Action, permit

blp = Blueprint("prices", __name__, url_prefix="/api/v1/prices", description="Giá cả thị trường")


@blp.route("")
@permit(Action.READ_PUBLIC)
@blp.problems(400, 422)
@blp.arguments(PriceBoardQuery, location="query")
@blp.response(200, page_schema(PricedGoodOut))
def list_prices(asked: dict[str, Any]) -> Response:
    """The newest price of each good up to a day, with its change since the one before.

    `market` shows that market's prices and those that hold everywhere; a price over a year old is
    not shown.
    """
    with reading() as session:
        return shared(latest.board(session, asked))


@blp.route("/<good>")
@permit(Action.READ_PUBLIC)
@blp.problems(404, 422)
@blp.arguments(SpanQuery, location="query")
@blp.response(200, PriceSeriesOut)
def get_price_series(asked: dict[str, Any], good: str) -> Response:
    """How the price of a good went, market by market, and the points for a line chart."""
    with reading() as session:
        return shared(series.series(session, good, asked))


@blp.route("/<good>.csv")
@permit(Action.READ_PUBLIC)
@blp.problems(404, 422)
@blp.arguments(SpanQuery, location="query")
@blp.response(200, {"type": "string"}, content_type="text/csv")
def export_price_series(asked: dict[str, Any], good: str) -> Response:
    """The same prices as a CSV file."""
    with reading() as session:
        answer = shared(series.table(session, good, asked), "text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{good}.csv"'
    return answer
