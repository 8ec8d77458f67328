"""The rows of one procedure, made into what RecordIn loads; ValueError names line and column."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from smartcity.catalogue.exchange.columns import GROUPED, JOINED, LISTED, SINGLE, Columns
from smartcity.catalogue.exchange.reading import cells
from smartcity.core.tables.cells import Cell, day, lines, words
from smartcity.core.tables.headings import plain

Line = tuple[int, Mapping[str, Cell]]
_DAYS = {"source.checked_on", "legal_bases.dated"}
_COUNTS = {"documents.originals", "documents.copies"}
_KEEP_LINES = {"place", "channels.fee", "channels.note", "documents.name"}
_ONE = re.compile(r"[;\n|]")
_EACH = re.compile(r"[,/]")
# A list that names no ways tells of all: what is done online can be handed in at the counter too.
_WAYS = {"full": ("online", "in_person"), "partial": ("online", "in_person")}


def gathered(rows: Sequence[Line], given: Collection[str], columns: Columns) -> dict[str, Any]:
    """The fields of a procedure that the table has columns for; what is said twice counts once."""
    record: dict[str, Any] = {}
    for column in (each for each in SINGLE if each in given):
        _put(record, column, _single(rows, column, columns))
    for column in (each for each in JOINED if each in given):
        record[column] = _joined(rows, column, columns)
    for column in (each for each in LISTED if each in given):
        record[column] = _unique(_each(rows, column, cells.items, columns))
    for group, parts in GROUPED.items():
        if own := [part for part in parts if f"{group}.{part}" in given]:
            record[group] = _unique(_group(rows, group, own, columns))
    if "channels.way" not in given and record.get("channels"):
        ways = _WAYS.get(record.get("degree") or "", ("in_person",))
        record["channels"] = [{"way": way, **one} for one in record["channels"] for way in ways]
    return record


def _put(record: dict[str, Any], column: str, value: str | None) -> None:
    """A part of a part that is all empty is none at all."""
    whole, _, part = column.partition(".")
    if not part:
        record[whole] = value
    elif value is None:
        record.setdefault(whole, None)
    else:
        told = _pairs(value) if column == "link.values" else value
        record[whole] = {**(record.get(whole) or {}), part: told}


def _pairs(written: str) -> dict[str, str]:
    """`id=019d…; code=1.001193`"""
    pairs = (pair.partition("=") for pair in written.split(";") if pair.strip())
    return {name.strip(): value.strip() for name, _, value in pairs}


def _single(rows: Sequence[Line], column: str, columns: Columns) -> str | None:
    found: tuple[int, str] | None = None
    for line, row in rows:
        if column not in row:
            continue
        value = _told(column, line, row[column], columns)
        if found and value != found[1]:
            heading = columns.headings[column]
            raise ValueError(f"lines {found[0]} and {line} tell two things under “{heading}”")
        found = found or (line, value)
    return found and found[1]


def _joined(rows: Sequence[Line], column: str, columns: Columns) -> list[str]:
    def parts(cell: Cell) -> list[str]:
        pieces = (piece.strip() for piece in _ONE.split(lines(cell)))
        return [value for piece in pieces if piece for value in _values(column, piece, columns)]

    if column == "related":
        return _unique(_each(rows, column, _codes, columns))
    return _unique(_each(rows, column, parts, columns))


def _codes(cell: Cell) -> list[str]:
    written = re.findall(r"[^\s;,|]+", cell) if isinstance(cell, str) else [cell]
    return [cells.code(each) for each in written]


def _values(column: str, piece: str, columns: Columns) -> list[str]:
    """What a piece means whole, or else each of its parts."""
    meant = columns.meant.get(column, {})
    if plain(piece) in meant:
        return [meant[plain(piece)]]
    parts = [part.strip() for part in _EACH.split(piece) if part.strip()]
    return [_meant(column, part, columns) for part in parts]


def _meant(column: str, written: str, columns: Columns) -> str:
    meant = columns.meant.get(column)
    if meant is None:
        return written
    if plain(written) not in meant:
        known = ", ".join(columns.spelt[column].values())
        raise ValueError(f"“{written[:60]}” is not known here; known are {known}")
    return meant[plain(written)]


def _group(
    rows: Sequence[Line], group: str, parts: Sequence[str], columns: Columns
) -> Iterator[dict[str, str]]:
    """The channels, papers or documents of the law; a row that only repeats adds none."""
    first, last = f"{group}.{GROUPED[group][0]}", dict[str, str]()
    for line, row in rows:
        rest = {
            part: _told(column, line, row[column], columns)
            for part in parts
            if (column := f"{group}.{part}") in row and column != first
        }
        begun: list[dict[str, str]] = [{}] if rest and GROUPED[group][0] not in parts else []
        if first in row:
            begun = _firsts(line, row[first], first, columns, alone=len(parts) == 1)
        elif not begun and not rest.items() <= last.items():
            raise _at(line, first, "is empty, and belongs to what is beside it", columns)
        for told in begun:
            last = {**told, **rest}
            yield last


def _firsts(
    line: int, cell: Cell, column: str, columns: Columns, *, alone: bool
) -> list[dict[str, str]]:
    """What a cell begins: a way or a paper a line; the law's documents with or without words."""
    part = column.partition(".")[2]
    try:
        if column == "channels.way":
            pieces = [piece for piece in _ONE.split(lines(cell)) if piece.strip()]
            ways = [way for piece in pieces for way in _values(column, piece, columns)]
            return [{part: way} for way in _unique(ways)]
        if column == "legal_bases.number" and alone:
            pieces = [piece for item in cells.items(cell) for piece in item.split(";")]
            return [cells.basis(piece.strip()) for piece in pieces if piece.strip()]
        return [{part: item} for item in cells.items(cell)]
    except ValueError as fault:
        raise _at(line, column, str(fault), columns) from None


def _each(
    rows: Sequence[Line], column: str, parts: Callable[[Cell], list[Any]], columns: Columns
) -> Iterator[Any]:
    for line, row in rows:
        if column in row:
            try:
                yield from parts(row[column])
            except ValueError as fault:
                raise _at(line, column, str(fault), columns) from None


def _told(column: str, line: int, cell: Cell, columns: Columns) -> str:
    try:
        if column == "code":
            return cells.code(cell)
        if column in _DAYS:
            return day(cell)
        if column in _COUNTS:
            return cells.count(cell)
        if column == "channels.fee" and isinstance(cell, (int, float)):
            return f"{cell:,.0f} đồng".replace(",", ".")
        written = lines(cell) if column in _KEEP_LINES else words(cell)
        return _meant(column, written, columns)
    except ValueError as fault:
        raise _at(line, column, str(fault), columns) from None


def _at(line: int, column: str, fault: str, columns: Columns) -> ValueError:
    return ValueError(f"line {line}, “{columns.headings[column]}”: {fault}")


def _unique(values: Any) -> list[Any]:
    found: list[Any] = []
    for value in values:
        if value not in found:
            found.append(value)
    return found
