"""Prices as officers look for them, and take them away."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Row, String, cast, select
from sqlalchemy.orm import Session

from smartcity.core import clock
from smartcity.core.export import list_lines
from smartcity.core.paging import Page, newest_rows
from smartcity.core.texts import text
from smartcity.guide.models import Price

COLUMNS = ("day", "good", "market", "price", "source", "changed_by", "changed_at")


def listed(session: Session, asked: Mapping[str, Any]) -> Page[Row[Any]]:
    """The prices that the filters name, recorded last first."""
    columns = [getattr(Price, name) for name in COLUMNS]
    place = (cast(Price.day, String) + "/" + Price.market + "/" + Price.good).label("place")
    rows = select(*columns, place).where(*_wanted(asked)).subquery("prices")
    return newest_rows(session, select(rows), (rows.c.changed_at, rows.c.place), asked)


def lines(asked: Mapping[str, Any]) -> Iterator[str]:
    """That list as CSV, piece by piece, 100,000 prices at most."""
    headings = [text(f"price.column.{name}") for name in COLUMNS]
    return list_lines(headings, listed, asked, _cells)


def _wanted(asked: Mapping[str, Any]) -> Iterator[ColumnElement[bool]]:
    if asked.get("since"):
        yield Price.day >= asked["since"]
    if asked.get("until"):
        yield Price.day <= asked["until"]
    for name in ("good", "market"):
        if asked.get(name):
            yield getattr(Price, name) == asked[name]


def _cells(row: Row[Any]) -> list[object]:
    at = row.changed_at.astimezone(clock.LOCAL).isoformat(timespec="seconds")
    return [*(getattr(row, name) for name in COLUMNS[:-1]), at]
