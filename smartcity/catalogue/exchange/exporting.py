"""What is published as a file that an import reads back to the same records."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain, zip_longest
from pathlib import Path
from types import MappingProxyType
from typing import Any

import orjson
import xlsxwriter
import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.catalogue.exchange.columns import COLUMNS, GROUPED, JOINED, LISTED, SINGLE, Columns
from smartcity.catalogue.exchange.reading.cells import as_item
from smartcity.catalogue.models import Procedure, State
from smartcity.catalogue.records.record import Record
from smartcity.core.datafile import BadFile
from smartcity.core.spreadsheet import BOM, csv_text
from smartcity.core.tables.cells import escaped

_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_IN_EVERY_ROW = ("code", "name")
Row = list[str]


def published(session: Session) -> Iterator[Record]:
    """The published records by code, a few at a time."""
    query = select(Procedure.record).where(Procedure.state == State.PUBLISHED)
    return iter(session.scalars(query.order_by(Procedure.code)).yield_per(200))


def export(records: Iterable[Record], file: Path, columns: Columns) -> None:
    """Write records to a file, whole or not at all. Raises BadFile for an ending it cannot be."""
    write = _WRITERS.get(file.suffix.lower())
    if write is None:
        raise BadFile(file, [f"must end in one of {', '.join(_WRITERS)}"])
    part = file.with_name(f".{file.name}.part")
    try:
        write(records, part, columns)
        os.replace(part, file)
    finally:
        part.unlink(missing_ok=True)


def rows(record: Record, columns: Columns) -> Iterator[Row]:
    """A record as the rows of a table: its n-th papers, steps, channels … stand in the n-th row."""
    lists = {column: list(map(as_item, record[column])) for column in LISTED}
    for group, parts in GROUPED.items():
        for part in parts:
            cells = [_cell(group, part, one[part], columns) for one in record[group]]
            lists[f"{group}.{part}"] = cells
    first = {column: [_single(record, column, columns)] for column in SINGLE}
    first |= {column: [_joined(record[column], column, columns)] for column in JOINED}
    standing = {column: first[column][0] for column in _IN_EVERY_ROW}
    told = {**first, **lists}
    for row in zip_longest(*(told[column] for column in COLUMNS), fillvalue=""):
        yield [standing.get(name, cell) for name, cell in zip(COLUMNS, row, strict=True)]


def _single(record: Record, column: str, columns: Columns) -> str:
    whole, _, part = column.partition(".")
    value = (record[whole] or {}).get(part) if part else record[whole]
    if isinstance(value, dict):
        return "; ".join(f"{name}={told}" for name, told in value.items())
    return _spelt(column, value, columns)


def _joined(values: Iterable[object], column: str, columns: Columns) -> str:
    return "; ".join(_spelt(column, value, columns) for value in values)


def _cell(group: str, part: str, value: object, columns: Columns) -> str:
    text = _spelt(f"{group}.{part}", value or None, columns)
    return as_item(text) if part == GROUPED[group][0] else text


def _spelt(column: str, value: object, columns: Columns) -> str:
    text = "" if value is None else str(value)
    return columns.spelt.get(column, {}).get(text, text)


def _compact(value: Any) -> Any:
    """Without what is empty anyway."""
    if isinstance(value, Mapping):
        parts = {name: _compact(part) for name, part in value.items()}
        return {name: part for name, part in parts.items() if part not in (None, 0, [], {})}
    return [_compact(item) for item in value] if isinstance(value, list) else value


def _write_json(records: Iterable[Record], file: Path, _columns: Columns) -> None:
    """One procedure a line."""
    with file.open("wb") as opened:
        before = b"[\n"
        for record in records:
            opened.write(before + orjson.dumps(_compact(record)))
            before = b",\n"
        opened.write(b"[]\n" if before == b"[\n" else b"\n]\n")


def _write_yaml(records: Iterable[Record], file: Path, _columns: Columns) -> None:
    with file.open("w", encoding="utf-8") as opened:
        for record in records:
            told = [_compact(record)]
            yaml.dump(told, opened, _DUMPER, allow_unicode=True, sort_keys=False, width=100)


def _table(records: Iterable[Record], columns: Columns) -> Iterator[Row]:
    headings = [columns.headings[column] for column in COLUMNS]
    return chain([headings], (row for record in records for row in rows(record, columns)))


def _write_csv(records: Iterable[Record], file: Path, columns: Columns) -> None:
    with file.open("w", encoding="utf-8", newline="") as opened:
        opened.write(BOM)
        for row in _table(records, columns):
            opened.write(csv_text([[escaped(cell) for cell in row]]))


def _write_xlsx(records: Iterable[Record], file: Path, columns: Columns) -> None:
    """Every cell is text; rows go to the disk as they are made."""
    options = {"constant_memory": True, "tmpdir": str(file.parent)}
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet("Thủ tục")
        for number, row in enumerate(_table(records, columns)):
            for place, cell in enumerate(row):
                if cell:
                    sheet.write_string(number, place, escaped(cell))


_WRITERS: Mapping[str, Callable[[Iterable[Record], Path, Columns], None]] = MappingProxyType(
    {".json": _write_json, ".yaml": _write_yaml, ".csv": _write_csv, ".xlsx": _write_xlsx}
)
