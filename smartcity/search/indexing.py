"""Writing: an entry and its marks come and go together, in the transaction of what is published."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import log2
from typing import Any
from zlib import crc32

from sqlalchemy import TextClause, delete, select, text
from sqlalchemy.orm import Session

from smartcity.core.db import insert_if_absent, insert_missing, is_sqlite
from smartcity.core.text import clean
from smartcity.search.marks import NARROWED_BY, marks_of
from smartcity.search.models import Entry
from smartcity.search.words import aligned, words

YEAR = 365 * 86_400
_SEARCHED = 30_000  # letters of a body, from its beginning
_BITS = 29  # they tell things of one second apart
_FARTHEST = 1 << 33  # seconds from 1970 that a standing may be away
_INTO_SQLITE = text("INSERT INTO search_words (rowid, marks) VALUES (:number, :marks)")
_INTO_POSTGRES = text(
    "INSERT INTO search_words (number, title, marks)"
    " VALUES (:number, :title, CAST(:marks AS tsvector))"
)
_OUT_OF_SQLITE = text("DELETE FROM search_words WHERE rowid = :number")
_OUT = delete(Entry).returning(Entry.number)
_PLACED = select(Entry.number, Entry.kind, Entry.ref)


@dataclass(frozen=True)
class Indexed:
    """A published thing as the index knows it; `body` is plain text, never shown whole.

    `weight` lifts a kind or a thing over others that match as well: one of 2 stands where an
    equal one that is a year newer would.
    """

    kind: str
    ref: str
    title: str
    summary: str
    body: str
    link: str
    published_at: datetime
    language: str = "vi"
    agency: str | None = None
    area: str | None = None
    weight: float = 1.0


def put(session: Session, thing: Indexed) -> None:
    """Let a thing be found, as it now is."""
    values = _values(thing)
    number = _standing(thing)
    remove(session, thing.kind, thing.ref)
    while not insert_if_absent(session, Entry, number=number, **values):
        number += 1  # of another thing, or somebody has just put this one
        remove(session, thing.kind, thing.ref)
    _mark_all(session, {number: values})


def put_all(session: Session, things: Sequence[Indexed]) -> None:
    """Let hundreds of things be found as they now are, in a few statements; each comes once."""
    for kind in {thing.kind for thing in things}:
        remove_all(session, kind, [thing.ref for thing in things if thing.kind == kind])
    rows = {_standing(thing): _values(thing) for thing in things}
    insert_missing(session, Entry, [{"number": n, **rows[n]} for n in sorted(rows)])
    found = session.execute(_PLACED.where(Entry.number.in_(rows)))
    placed = {row.number: (row.kind, row.ref) for row in found}
    ours = {n: row for n, row in rows.items() if placed.get(n) == (row["kind"], row["ref"])}
    _mark_all(session, ours)
    there = {(row["kind"], row["ref"]) for row in ours.values()}
    for thing in things:
        if (thing.kind, thing.ref) not in there:  # its number is another thing's
            put(session, thing)


def remove(session: Session, kind: str, ref: str) -> None:
    """Let a thing be found no more; nothing happens if it never was."""
    remove_all(session, kind, [ref])


def remove_all(session: Session, kind: str, refs: Collection[str]) -> None:
    """Let hundreds of things of a kind be found no more."""
    gone = session.scalars(_OUT.where(Entry.kind == kind, Entry.ref.in_(refs))).all()
    if gone and is_sqlite(session):  # PostgreSQL's marks go with their entry
        session.execute(_OUT_OF_SQLITE, [{"number": number} for number in gone])


def _values(thing: Indexed) -> dict[str, Any]:
    body = clean(thing.body, lines=True)[:_SEARCHED]
    cleaned = {"title": clean(thing.title), "summary": clean(thing.summary, lines=True)}
    return {**vars(thing), **cleaned, "body": body, "body_folded": aligned(body)}


def _standing(thing: Indexed) -> int:
    """The number it has among its equals: rises with its time and its weight."""
    seconds = thing.published_at.timestamp() + YEAR * log2(thing.weight)
    second = max(-_FARTHEST, min(int(seconds), _FARTHEST - 1))
    return (second << _BITS) + crc32(f"{thing.kind} {thing.ref}".encode()) % (1 << _BITS)


def _mark_all(session: Session, rows: Mapping[int, dict[str, Any]]) -> None:
    statement, form = _insertion(session)
    if rows:
        session.execute(statement, [_marks(number, rows[number], form) for number in rows])


def _marks(number: int, values: dict[str, Any], form: str) -> dict[str, Any]:
    title = words(values["title"])
    rest = [*words(values["summary"]), *words(values["body"])]
    marks = marks_of(title, rest, {name: values[name] for name in NARROWED_BY})
    told = " ".join(form.format(mark) for mark in marks)
    return {"number": number, "title": " ".join(w.folded for w in title), "marks": told}


def _insertion(session: Session) -> tuple[TextClause, str]:
    """The statement, and how it wants a mark written."""
    return (_INTO_SQLITE, "{}") if is_sqlite(session) else (_INTO_POSTGRES, "'{}'")
