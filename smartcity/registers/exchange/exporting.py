"""The published records of a register as a file that an import reads back."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.core.spreadsheet import BOM, csv_text
from smartcity.core.tables.cells import escaped
from smartcity.core.tables.unreadable import Unreadable
from smartcity.core.texts import filled
from smartcity.registers.exchange.columns import Columns
from smartcity.registers.kind import Kind, Record
from smartcity.registers.models import Entry, State

_NOT_TAKEN = {"photos"}  # they are of this system


def published(session: Session, kind: Kind) -> Iterator[Record]:
    """The published records by key, a few at a time."""
    query = select(Entry.record).where(Entry.kind == kind.name, Entry.state == State.PUBLISHED)
    for record in session.scalars(query.order_by(Entry.key)).yield_per(500):
        yield {name: value for name, value in record.items() if name not in _NOT_TAKEN}


def export(records: Iterable[Record], file: Path, columns: Columns) -> None:
    """Write records to a file, whole or not at all. Raises Unreadable for another ending."""
    write = _WRITERS.get(file.suffix.lower())
    if write is None:
        endings = ", ".join(_WRITERS)
        raise Unreadable(file, filled("register.import.no_such_ending", endings=endings))
    part = file.with_name(f".{file.name}.part")
    try:
        write(records, part, columns)
        os.replace(part, file)
    finally:
        part.unlink(missing_ok=True)


def _json(records: Iterable[Record], file: Path, _columns: Columns) -> None:
    _list(file, b"[\n", map(_compact, records), b"\n]\n")


def _geojson(records: Iterable[Record], file: Path, _columns: Columns) -> None:
    head = b'{"type":"FeatureCollection","features":[\n'
    _list(file, head, map(_feature, records), b"\n]}\n")


def _list(file: Path, head: bytes, items: Iterable[Mapping[str, Any]], tail: bytes) -> None:
    """One record a line."""
    with file.open("wb") as opened:
        before = head
        for item in items:
            opened.write(before + orjson.dumps(item))
            before = b",\n"
        opened.write((head if before == head else b"") + tail)


def _csv(records: Iterable[Record], file: Path, columns: Columns) -> None:
    """What has a heading; an object in a list has none."""
    with file.open("w", encoding="utf-8", newline="") as opened:
        opened.write(BOM + csv_text([list(columns.headings.values())]))
        for record in records:
            cells = [escaped(_cell(record, name)) for name in columns.headings]
            opened.write(csv_text([cells]))


def _cell(record: Record, name: str) -> str:
    whole, _, part = name.partition(".")
    value = record.get(whole)
    value = (value or {}).get(part) if part else value
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return "" if value is None else str(value)


def _compact(record: Record) -> dict[str, Any]:
    return {name: value for name, value in record.items() if value not in (None, [], {})}


def _feature(record: Record) -> dict[str, Any]:
    """RFC 7946: longitude first."""
    told = _compact(record)
    place = [told.pop(name, None) for name in ("longitude", "latitude")]
    geometry = {"type": "Point", "coordinates": place} if None not in place else None
    return {"type": "Feature", "geometry": geometry, "properties": told}


_WRITERS: Mapping[str, Callable[[Iterable[Record], Path, Columns], None]] = MappingProxyType(
    {".csv": _csv, ".json": _json, ".geojson": _geojson}
)
