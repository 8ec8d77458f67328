"""Keyset paging: nothing lost or repeated while rows arrive; no COUNT and no OFFSET.

A cursor is opaque, signed, and bound to the list and the filters it was made with.
"""

import hashlib
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Generic, TypeVar

import marshmallow as ma
from marshmallow import validate
from sqlalchemy import Row, Select, String, literal, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql.elements import KeyedColumnElement

from smartcity.core.errors import Malformed
from smartcity.core.fields import Schema, Text
from smartcity.core.signing import seal, unseal

T = TypeVar("T")
_NEXT = {"description": "`cursor` of the next page; null on the last"}
Time = InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None]
# By time or text; the second a UUID, a text or a number.
Keys = tuple[Time | InstrumentedAttribute[str], InstrumentedAttribute[Any]]
ColumnKeys = tuple[KeyedColumnElement[Any], KeyedColumnElement[Any]]
AnyKeys = Keys | ColumnKeys


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page in the list's order; `next_cursor` is None on the last."""

    items: Sequence[T]
    next_cursor: str | None


class PageQuery(Schema):
    """What every list takes; lists add their filters."""

    cursor = Text(
        max=600,
        metadata={"description": "next_cursor of the page before", "example": "WyIyMDI2LTEx"},
    )
    limit = ma.fields.Integer(load_default=20, validate=validate.Range(1, 100))


@cache
def page_schema(item: type[ma.Schema]) -> type[ma.Schema]:
    """The answer of a list of `item`: `{items, next_cursor}`; one schema however many lists."""
    name = item.__name__.removesuffix("Schema").removesuffix("Out") + "Page"
    fields = {
        "items": ma.fields.List(ma.fields.Nested(item), required=True),
        "next_cursor": ma.fields.String(allow_none=True, required=True, metadata=_NEXT),
    }
    return ma.Schema.from_dict(fields, name=name)  # type: ignore[arg-type]


def newest_first(
    session: Session, query: Select[T], keys: Keys, asked: Mapping[str, Any]
) -> Page[T]:
    """The page of `query` that `asked` (a loaded PageQuery) names; 400 for a foreign cursor."""
    return _page(session.scalars, query, keys, asked, oldest=False)


def newest_rows(
    session: Session, query: Select[Any], keys: ColumnKeys, asked: Mapping[str, Any]
) -> Page[Row[Any]]:
    """The same of rows that are no entities: of a union of lists, by its columns."""
    return _page(session.execute, query, keys, asked, oldest=False)


def oldest_first(
    session: Session, query: Select[T], keys: Keys, asked: Mapping[str, Any]
) -> Page[T]:
    """The same by rising time, which no row of `query` may lack."""
    return _page(session.scalars, query, keys, asked, oldest=True)


def in_order(session: Session, query: Select[T], keys: Keys, asked: Mapping[str, Any]) -> Page[T]:
    """The same by a rising text, such as a title."""
    return _page(session.scalars, query, keys, asked, oldest=True)


def stands_at(keys: Keys, asked: Mapping[str, Any]) -> datetime | None:
    """The time after which the page begins that `asked` names; None for the first."""
    found = position(keys, asked)
    return found[0] if found else None


def position(keys: AnyKeys, asked: Mapping[str, Any]) -> tuple[datetime, Any] | None:
    """The keys of the row after which that page begins; None for the first."""
    cursor = asked.get("cursor")
    return _position(keys, _purpose(keys, asked), cursor) if cursor else None


def page_of(rows: Sequence[T], keys: AnyKeys, asked: Mapping[str, Any]) -> Page[T]:
    """The page of rows in their order, of which one more than its limit was fetched."""
    size = asked["limit"]
    if len(rows) <= size:
        return Page(rows, None)
    return Page(rows[:size], _cursor(_purpose(keys, asked), keys, rows[size - 1]))


def _page(
    fetch: Callable[..., Any],
    query: Select[Any],
    keys: AnyKeys,
    asked: Mapping[str, Any],
    *,
    oldest: bool,
) -> Page[Any]:
    time, key = keys
    purpose = _purpose(keys, asked)
    if asked.get("cursor"):
        at, ident = _position(keys, purpose, asked["cursor"])
        last, place = tuple_(literal(at, time.type), literal(ident, key.type)), tuple_(time, key)
        query = query.where(place > last if oldest else place < last)
    order = (time.asc(), key.asc()) if oldest else (time.desc(), key.desc())
    return page_of(fetch(query.order_by(*order).limit(asked["limit"] + 1)).all(), keys, asked)


def _purpose(keys: AnyKeys, asked: Mapping[str, Any]) -> str:
    filters = sorted((k, str(v)) for k, v in asked.items() if k not in ("cursor", "limit"))
    digest = hashlib.sha256(repr(filters).encode()).hexdigest()[:16]
    return f"cursor:{_list_of(keys)}:{digest}"


def _list_of(keys: AnyKeys) -> str:
    time: Any = keys[0]
    table = time.table if isinstance(time, KeyedColumnElement) else time.class_.__table__
    return str(table.name)


def _cursor(purpose: str, keys: AnyKeys, last: Any) -> str:
    at, ident = getattr(last, keys[0].key), getattr(last, keys[1].key)
    first = at.isoformat() if isinstance(at, datetime) else at
    return seal(purpose, [first, ident.hex if isinstance(ident, uuid.UUID) else ident])


def _position(keys: AnyKeys, purpose: str, cursor: str) -> tuple[Any, Any]:
    found = unseal(purpose, cursor)
    if not isinstance(found, list):
        raise Malformed("request.cursor")
    by_text = isinstance(keys[0].type, String)
    first = found[0] if by_text else datetime.fromisoformat(found[0])
    return first, keys[1].type.python_type(found[1])
