"""Any file that brings records, by its name's ending, read piece by piece into the same drafts."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Any

from smartcity.core.tables.cells import Cell, Row, is_blank
from smartcity.core.tables.csv_rows import csv_rows
from smartcity.core.tables.headings import plain
from smartcity.core.tables.items import Item, json_items, yaml_items
from smartcity.core.tables.unreadable import Unreadable
from smartcity.core.tables.xlsx_rows import HEADINGS_WITHIN, sheet_rows, sheet_with, uncalculated
from smartcity.core.texts import filled
from smartcity.registers.exchange.columns import Columns
from smartcity.registers.exchange.drafts import Draft, Piece, Refused, Remark

LARGEST = 200 * 1024 * 1024  # bytes
_NEEDED = "title"
_POINT = 2  # numbers


def pieces(file: Path, columns: Columns) -> Iterator[Piece]:
    """What a file brings, in its order. Raises Unreadable, at the latest at the file's end."""
    reader = _READERS.get(file.suffix.lower())
    if reader is None:
        endings = ", ".join(_READERS)
        raise Unreadable(file, filled("register.import.no_such_ending", endings=endings))
    if file.stat().st_size > LARGEST:
        raise Unreadable(file, filled("table.too_large", megabytes=LARGEST >> 20))
    return reader(file, columns)


def _table(file: Path, rows: Iterable[Row], columns: Columns) -> Iterator[Piece]:
    left = iter(rows)
    line, row = next(
        (one for one in islice(left, HEADINGS_WITHIN) if _NEEDED in _named(one[1], columns)),
        (0, None),
    )
    if row is None:
        raise _no_headings(file, columns)
    named = _named(row, columns)
    if twice := sorted({name for name in named if name and named.count(name) > 1}):
        told = {"field": twice[0], "line": line}
        raise Unreadable(file, filled("register.import.two_columns", **told))
    untaken = [str(cell) for cell, name in zip(row, named, strict=True) if cell and not name]
    if untaken:
        words = ", ".join(untaken)[:300]
        yield Remark(line, "", "", filled("register.import.columns_not_taken", columns=words))
    for number, cells in left:
        if not all(map(is_blank, cells)):
            yield Draft(number, _nested(zip(named, cells, strict=False)))


def _no_headings(file: Path, columns: Columns) -> Unreadable:
    heading = columns.headings[_NEEDED]
    return Unreadable(file, filled("register.import.no_headings", heading=heading))


def _named(row: list[Cell], columns: Columns) -> list[str | None]:
    return [None if is_blank(cell) else columns.named.get(plain(str(cell))) for cell in row]


def _nested(cells: Iterable[tuple[str | None, Cell]]) -> dict[str, Any]:
    """`extras.beds` in `extras`; an empty cell is None."""
    found: dict[str, Any] = {}
    for name, cell in cells:
        whole, _, part = (name or "").partition(".")
        value = None if is_blank(cell) else cell
        if part:
            found.setdefault(whole, {})[part] = value
        elif whole:
            found[whole] = value
    return found


def _csv(file: Path, columns: Columns) -> Iterator[Piece]:
    return _table(file, csv_rows(file), columns)


def _xlsx(file: Path, columns: Columns) -> Iterator[Piece]:
    if shown := uncalculated(file):
        yield Remark(0, "", "", filled("register.import.uncalculated", cells=shown))
    with sheet_with(file, lambda row: _NEEDED in _named(row, columns)) as sheet:
        if sheet is None:
            raise _no_headings(file, columns)
        yield from _table(file, sheet_rows(sheet), columns)


def _whole(items: Iterable[Item], columns: Columns) -> Iterator[Piece]:
    for item in items:
        if item.fields is None:
            yield Refused(item.line, "", "", item.fault)
        elif item.fields.get("type") == "Feature":
            yield _feature(item.line, item.fields, columns)
        else:
            yield Draft(item.line, item.fields)


def _feature(line: int, feature: Mapping[str, Any], columns: Columns) -> Piece:
    """RFC 7946: a point's longitude comes first; properties may have headings for names."""
    told = feature.get("properties") or {}
    values = _nested((columns.named.get(plain(name)), value) for name, value in told.items())
    geometry = feature.get("geometry")
    if geometry is not None:
        place = geometry.get("coordinates") if isinstance(geometry, dict) else None
        if not isinstance(place, list) or geometry.get("type") != "Point" or len(place) < _POINT:
            return Refused(line, "", "geometry", "register.import.no_point")
        values |= {"longitude": place[0], "latitude": place[1]}
    return Draft(line, values)


_READERS: Mapping[str, Callable[[Path, Columns], Iterator[Piece]]] = MappingProxyType(
    {
        ".csv": _csv,
        ".xlsx": _xlsx,
        ".json": lambda file, columns: _whole(json_items(file), columns),
        ".geojson": lambda file, columns: _whole(json_items(file), columns),
        ".yaml": lambda file, columns: _whole(yaml_items(file), columns),
    }
)
