"""How the price of one good went, day by day."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Any

import orjson
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from smartcity.changes.kept import TAKEN_BACK
from smartcity.core.errors import Invalid, NotFound
from smartcity.core.spreadsheet import BOM, csv_text
from smartcity.core.texts import text
from smartcity.guide.models import Price
from smartcity.guide.prices.good import GOOD
from smartcity.guide.prices.latest import good_titles, market_titles, of_markets
from smartcity.guide.prices.names import Names, names
from smartcity.registers.service import Entry, is_public

A_MONTH = timedelta(days=30)
LONGEST = timedelta(days=366)
COLUMNS = ("day", "good", "market", "price", "unit", "source")


def series(session: Session, key: str, asked: Mapping[str, Any]) -> bytes:
    """The prices of a good at each market as JSON; NotFound. Invalid for too long a time."""
    good = _good(session, key)
    first, last = _days(session, key, asked)
    prices, known = _prices(session, key, asked.get("market"), first, last), names(session)
    lines = [_line(market, list(each), known) for market, each in groupby(prices, _market)]
    told = {"from": first, "to": last, "series": lines, "chart": _chart(prices)}
    return orjson.dumps({**good_titles(good), **told})


def table(session: Session, key: str, asked: Mapping[str, Any]) -> bytes:
    """The same prices as CSV, headed in Vietnamese."""
    good = _good(session, key)
    prices = _prices(session, key, asked.get("market"), *_days(session, key, asked))
    headings = [text(f"price.column.{name}", "vi") for name in COLUMNS]
    unit = good.record["unit"]
    rows = [(p.day, key, p.market, p.price, unit, p.source) for p in prices]
    return (BOM + csv_text([headings, *rows])).encode()


def _good(session: Session, key: str) -> Entry:
    good = session.scalar(select(Entry).where(*is_public(GOOD), Entry.key == key))
    if good is None:
        raise NotFound("price.good.none", headers=TAKEN_BACK)
    return good


def _days(session: Session, key: str, asked: Mapping[str, Any]) -> tuple[date, date]:
    """Those asked for; else the month up to the newest price, whatever day it is now."""
    newest = session.scalar(select(func.max(Price.day)).where(Price.good == key))
    last: date = asked.get("until") or newest or date.max
    first: date = asked.get("since") or max(last, date.min + A_MONTH) - A_MONTH
    if not timedelta(0) <= last - first <= LONGEST:
        raise Invalid(**{"from": "price.day.order"})
    return first, last


def _prices(
    session: Session, key: str, market: str | None, first: date, last: date
) -> Sequence[Price]:
    days = Price.day.between(first, last)
    query = select(Price).where(Price.good == key, days, *of_markets(market))
    return session.scalars(query.order_by(Price.market, Price.day)).all()


def _market(price: Price) -> str:
    return price.market


def _line(market: str, prices: Sequence[Price], known: Names) -> dict[str, Any]:
    amounts = [price.price for price in prices]
    return {
        **market_titles(market, known),
        "min": min(amounts),
        "max": max(amounts),
        "mean": round(sum(amounts) / len(amounts)),
        "points": [
            {"day": p.day, "price": p.price, "source": p.source, "demo": p.source is None}
            for p in prices
        ],
    }


def _chart(prices: Sequence[Price]) -> dict[str, Any]:
    """A value for each market and each day between the first and the last; null makes a gap."""
    if not prices:
        return {"labels": [], "lines": []}
    first, last = min(p.day for p in prices), max(p.day for p in prices)
    labels = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    lines = []
    for market, each in groupby(prices, _market):
        by_day = {price.day: price.price for price in each}
        lines.append({"market": market, "values": [by_day.get(day) for day in labels]})
    return {"labels": labels, "lines": lines}
