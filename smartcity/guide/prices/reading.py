"""Files of prices: CSV as spreadsheets write it.

Columns, under their Vietnamese or English names: day, good, market, price and, if there is one,
source. Raises Unreadable for what is no such table; a bad cell is a fault of its line.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import marshmallow as ma

from smartcity.core.tables import cells
from smartcity.core.tables.cells import Row, is_blank, words
from smartcity.core.tables.csv_rows import csv_rows
from smartcity.core.tables.headings import plain
from smartcity.core.tables.unreadable import Unreadable
from smartcity.core.texts import filled
from smartcity.guide.prices.money import dong
from smartcity.guide.prices.names import Names
from smartcity.guide.prices.quotes import Fault, Quote
from smartcity.registers.service import address

MOST_ROWS = 10_000
_COLUMNS = {
    "day": ("day", "date", "ngay"),
    "good": ("good", "goods", "item", "mat hang", "hang hoa"),
    "market": ("market", "cho"),
    "price": ("price", "gia", "don gia"),
    "source": ("source", "nguon"),
}
_NEEDED = {"day", "good", "market", "price"}
_SOURCE = address(allow_none=True)


@dataclass(frozen=True)
class Read:
    """What could be read of a file, and what not."""

    quotes: Sequence[Quote]
    faults: Sequence[Fault]


def read(file: Path, known: Names) -> Read:
    """The prices of a file."""
    quotes: list[Quote] = []
    faults: list[Fault] = []
    for line, row in _rows(file):
        found = list(_faults(line, row, known))
        faults += found
        if not found:
            quotes.append(_quote(line, row, known))
    return Read(quotes, faults)


def _rows(file: Path) -> Iterator[tuple[int, Mapping[str, str]]]:
    """The lines that hold anything, each with its texts by column."""
    lines: Iterator[Row] = (row for row in csv_rows(file) if not all(map(is_blank, row[1])))
    columns = _columns(file, next(lines, (0, []))[1])
    for number, (line, row) in enumerate(lines):
        if number >= MOST_ROWS:
            raise Unreadable(file, filled("price.file.too_long", most=MOST_ROWS))
        yield line, {name: words(row[at]) if at < len(row) else "" for name, at in columns.items()}


def _columns(file: Path, headings: Sequence[cells.Cell]) -> Mapping[str, int]:
    written = [plain(words(heading)) for heading in headings]
    found = {
        name: written.index(heading)
        for name, called in _COLUMNS.items()
        for heading in called
        if heading in written
    }
    if not found.keys() >= _NEEDED:
        raise Unreadable(file, "price.file.columns")
    return found


def _faults(line: int, row: Mapping[str, str], known: Names) -> Iterator[Fault]:
    if _day(row["day"]) is None:
        yield Fault(line, "day", "price.day.unreadable")
    if known.good(row["good"]) is None:
        yield Fault(line, "good", "price.good.unknown")
    if known.market(row["market"]) is None:
        yield Fault(line, "market", "price.market.unknown")
    if dong(row["price"]) is None:
        yield Fault(line, "price", "price.unreadable")
    try:
        _SOURCE.deserialize(row.get("source") or None)
    except ma.ValidationError as refused:
        yield Fault(line, "source", str(refused.messages[0]))


def _quote(line: int, row: Mapping[str, str], known: Names) -> Quote:
    day, market, good = _day(row["day"]), known.market(row["market"]), known.good(row["good"])
    assert day
    assert market
    assert good
    return Quote(line, day, market, good, dong(row["price"]), row.get("source") or None)


def _day(written: str) -> date | None:
    """2026-11-22 or 22/11/2026."""
    try:
        return date.fromisoformat(cells.day(written))
    except ValueError:
        return None
