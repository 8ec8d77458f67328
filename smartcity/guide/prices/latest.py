"""The price board: the newest price of each good at each market, and how it moved."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Row, exists, func, select
from sqlalchemy.orm import Session

from smartcity.core.paging import in_order
from smartcity.guide.models import Price
from smartcity.guide.prices.good import GOOD, narrow
from smartcity.guide.prices.names import Names, names
from smartcity.guide.prices.quotes import EVERYWHERE
from smartcity.registers.service import Entry, is_public

OLDEST = timedelta(days=366)  # what is older tells nothing of a price now


def board(session: Session, asked: Mapping[str, Any]) -> bytes:
    """A page of the goods that have a price, as JSON; it follows from what is public alone."""
    shown = tuple(_shown(session, asked))
    priced = exists(select(Price.good).where(Price.good == Entry.key, *shown))
    query = select(Entry).where(*is_public(GOOD), *narrow(asked), priced)
    page = in_order(session, query, (Entry.sorting, Entry.id), asked)
    known, newest = names(session), _newest(session, page.items, shown)
    items = [_item(good, newest.get(good.key or "", ()), known) for good in page.items]
    return orjson.dumps({"items": items, "next_cursor": page.next_cursor})


def market_titles(key: str, known: Names) -> dict[str, str | None]:
    """What a market is called; nothing but its key when it is public no more."""
    entry = known.markets.get(key)
    title = entry.title if entry else None
    title_en = entry.record.get("title_en") if entry else None
    return {"market": key, "market_title": title, "market_title_en": title_en}


def good_titles(good: Entry) -> dict[str, Any]:
    """What a good is called, and what its price is for."""
    told = ("title", "title_en", "unit", "group")
    return {"good": good.key, "id": str(good.id)} | {name: good.record.get(name) for name in told}


def of_markets(market: str | None) -> Iterator[ColumnElement[bool]]:
    """Prices of one market, and those that hold everywhere."""
    if market:
        yield Price.market.in_({market, EVERYWHERE})


def _shown(session: Session, asked: Mapping[str, Any]) -> Iterator[ColumnElement[bool]]:
    until: date | None = asked.get("day") or session.scalar(select(func.max(Price.day)))
    if until:
        yield Price.day.between(max(until, date.min + OLDEST) - OLDEST, until)
    yield from of_markets(asked.get("market"))


def _newest(
    session: Session, goods: Iterable[Entry], shown: Sequence[ColumnElement[bool]]
) -> Mapping[str, Sequence[Row[Any]]]:
    """The last two prices of each good at each market, the newer one first."""
    place = func.row_number().over(
        partition_by=(Price.good, Price.market), order_by=Price.day.desc()
    )
    columns = (Price.good, Price.market, Price.day, Price.price, Price.source)
    keys = Price.good.in_([good.key for good in goods])
    ranked = select(*columns, place.label("place")).where(keys, *shown).subquery()
    query = select(ranked).where(ranked.c.place <= 2)
    found: dict[str, list[Row[Any]]] = {}
    for row in session.execute(query.order_by(ranked.c.market, ranked.c.place)):
        found.setdefault(row.good, []).append(row)
    return found


def _item(good: Entry, rows: Sequence[Row[Any]], known: Names) -> dict[str, Any]:
    before = {row.market: row for row in rows if row.place == 2}
    prices = [_price(row, before.get(row.market), known) for row in rows if row.place == 1]
    return {**good_titles(good), "prices": prices}


def _price(row: Row[Any], before: Row[Any] | None, known: Names) -> dict[str, Any]:
    change = row.price - before.price if before else None
    percent = round(100 * change / before.price, 1) if before and change is not None else None
    return {
        **market_titles(row.market, known),
        "day": row.day,
        "price": row.price,
        "source": row.source,
        "demo": row.source is None,
        "previous_day": before and before.day,
        "change": change,
        "change_percent": percent,
    }
