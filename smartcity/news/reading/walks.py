"""The statements that lists of news are read by, each built once (decision 0003).

A list narrowed by labels is the union of one index walk for each code of one kind; labels of other
kinds are looked up at each step. The index of a walk is in the order of the lists.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, bindparam, exists, select, tuple_, union
from sqlalchemy.orm import Session, aliased

from smartcity.news.models import Label, LabelKind, Published

Wanted = Mapping[LabelKind, Sequence[str]]
Before = tuple[datetime, UUID] | None
Shape = tuple[tuple[LabelKind, int], ...]  # how many codes of each kind
_PUBLISHED = Published.__table__.c
_LABEL = Label.__table__.c
KEYS = _PUBLISHED.sorted_at, _PUBLISHED.article_id


def rows(
    session: Session,
    content: str,
    wanted: Wanted,
    most: int,
    before: Before = None,
    *,
    every: bool = True,
) -> Sequence[Row[Any]]:
    """`content` (card or whole) and keys of the first articles, in the order of the lists.

    They stand under a code of `every` wanted kind, or of any of them.
    """
    shape = tuple((kind, len(codes)) for kind, codes in wanted.items())
    values = {_name(kind, n): code for kind in wanted for n, code in enumerate(wanted[kind])}
    at, last = before or (None, None)
    placed = {"at": at, "last": last} if before else {}
    statement = _statement(content, shape, bool(before), every)
    return session.connection().execute(statement, {**values, **placed, "most": most}).all()


@lru_cache(maxsize=512)
def _statement(content: str, shape: Shape, goes_on: bool, every: bool) -> Select[Any]:
    text = _PUBLISHED[content]
    if not shape:
        return _cut(select(text, *KEYS), KEYS, goes_on)
    walks = [select(walk.subquery()) for walk in _walks(shape, goes_on, every)]
    found = (union(*walks) if len(walks) > 1 else walks[0]).subquery("found")
    keys = found.c.sorted_at, found.c.article_id
    joined = select(text, *keys).join(found, found.c.article_id == _PUBLISHED.article_id)
    return _cut(joined, keys, goes_on=False)


def _walks(shape: Shape, goes_on: bool, every: bool) -> Iterator[Select[Any]]:
    """One for each code of the first kind, or of all kinds where any is enough."""
    for kind, count in shape[:1] if every else shape:
        others = shape[1:] if every else ()
        for number in range(count):
            yield _walk(kind, _name(kind, number), others, goes_on)


def _walk(kind: LabelKind, code: str, others: Shape, goes_on: bool) -> Select[Any]:
    keys = _LABEL.sorted_at, _LABEL.article_id
    query = select(*keys).where(_LABEL.kind == kind, _LABEL.code == bindparam(code))
    also = (_stands_under(other, count) for other, count in others)
    return _cut(query.where(*also), keys, goes_on)


def _stands_under(kind: LabelKind, count: int) -> ColumnElement[bool]:
    other = aliased(Label)
    codes: list[Any] = [bindparam(_name(kind, number)) for number in range(count)]
    same = other.kind == kind, other.code.in_(codes), other.article_id == _LABEL.article_id
    return exists().where(*same)


def _cut(query: Select[Any], keys: tuple[Any, Any], goes_on: bool) -> Select[Any]:
    """In the order of the lists, not more than asked for; after the last of the page before."""
    at, ident = keys
    if goes_on:
        last = bindparam("at", type_=at.type), bindparam("last", type_=ident.type)
        query = query.where(tuple_(at, ident) < tuple_(*last))
    return query.order_by(at.desc(), ident.desc()).limit(bindparam("most"))


def _name(kind: LabelKind, number: int) -> str:
    return f"{kind}_{number}"
