"""Files of prices: CSV as spreadsheets write it, in UTF-8 or in Windows' own Vietnamese.

Columns, under their Vietnamese or English names: day, good, market, price and, if there is one,
source. Raises Invalid naming `file` for what is no such table; a bad cell is a fault of its line.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import marshmallow as ma

from smartcity.core.errors import Invalid
from smartcity.core.text import fold
from smartcity.guide.prices.money import dong
from smartcity.guide.prices.names import Names
from smartcity.guide.prices.quotes import Fault, Quote
from smartcity.registers.service import address

MOST_ROWS = 20_000
_SEPARATORS = ",;\t"
_COLUMNS = {
    "day": ("day", "date", "ngay"),
    "good": ("good", "goods", "item", "mat hang", "hang hoa"),
    "market": ("market", "cho"),
    "price": ("price", "gia", "don gia"),
    "source": ("source", "nguon"),
}
_NEEDED = ("day", "good", "market", "price")
_SOURCE = address(allow_none=True)
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")


@dataclass(frozen=True)
class Read:
    """What could be read of a file, and what not."""

    quotes: Sequence[Quote]
    faults: Sequence[Fault]


def read(content: bytes, known: Names) -> Read:
    """The prices of a file."""
    quotes: list[Quote] = []
    faults: list[Fault] = []
    for line, cells in _rows(_decoded(content)):
        found = list(_faults(line, cells, known))
        faults += found
        if not found:
            quotes.append(_quote(line, cells, known))
    return Read(quotes, faults)


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1258"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid(file="price.file.encoding")


def _rows(content: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    """The lines that hold anything, with their numbers as a spreadsheet shows them."""
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=_separator(content))
    try:
        columns = _columns(next(reader, []))
        line = reader.line_num + 1
        for number, row in enumerate(reader):
            if number >= MOST_ROWS:
                raise Invalid(file=f"price.file.too_long|most={MOST_ROWS}")
            if any(cell.strip() for cell in row):
                yield line, {name: row[at].strip() for name, at in columns.items() if at < len(row)}
            line = reader.line_num + 1
    except csv.Error:
        raise Invalid(file="price.file.no_table") from None


def _separator(content: str) -> str:
    first = content.partition("\n")[0]
    return max(_SEPARATORS, key=first.count)


def _columns(headings: Sequence[str]) -> Mapping[str, int]:
    written = [fold(heading).strip() for heading in headings]
    found = {
        name: written.index(heading)
        for name, called in _COLUMNS.items()
        for heading in called
        if heading in written
    }
    if not found.keys() >= set(_NEEDED):
        raise Invalid(file="price.file.columns")
    return found


def _faults(line: int, cells: Mapping[str, str], known: Names) -> Iterator[Fault]:
    if _day(cells.get("day", "")) is None:
        yield Fault(line, "day", "price.day.unreadable")
    if known.good(cells.get("good", "")) is None:
        yield Fault(line, "good", "price.good.unknown")
    if known.market(cells.get("market", "")) is None:
        yield Fault(line, "market", "price.market.unknown")
    if dong(cells.get("price", "")) is None:
        yield Fault(line, "price", "price.unreadable")
    try:
        _SOURCE.deserialize(cells.get("source") or None)
    except ma.ValidationError as refused:
        yield Fault(line, "source", str(refused.messages[0]))


def _quote(line: int, cells: Mapping[str, str], known: Names) -> Quote:
    day, market, good = _day(cells["day"]), known.market(cells["market"]), known.good(cells["good"])
    assert day
    assert market
    assert good
    return Quote(line, day, market, good, dong(cells["price"]), cells.get("source") or None)


def _day(written: str) -> date | None:
    """2026-11-22 or 22/11/2026."""
    try:
        if found := _DAY.fullmatch(written):
            return date(int(found[3]), int(found[2]), int(found[1]))
        return date.fromisoformat(written)
    except ValueError:
        return None
