"""Writing: an entry and its marks come and go together, in the transaction of what is published."""

from dataclasses import dataclass
from datetime import datetime
from math import log2
from typing import Any
from zlib import crc32

from sqlalchemy import TextClause, delete, text
from sqlalchemy.orm import Session

from smartcity.core.db import insert_if_absent, is_sqlite
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
    _mark(session, number, values)


def remove(session: Session, kind: str, ref: str) -> None:
    """Let a thing be found no more; nothing happens if it never was."""
    gone = session.scalar(_OUT.where(Entry.kind == kind, Entry.ref == ref))
    if gone is not None and is_sqlite(session):  # PostgreSQL's marks go with their entry
        session.execute(_OUT_OF_SQLITE, {"number": gone})


def _values(thing: Indexed) -> dict[str, Any]:
    body = clean(thing.body, lines=True)[:_SEARCHED]
    cleaned = {"title": clean(thing.title), "summary": clean(thing.summary, lines=True)}
    return {**vars(thing), **cleaned, "body": body, "body_folded": aligned(body)}


def _standing(thing: Indexed) -> int:
    """The number it has among its equals: rises with its time and its weight."""
    seconds = thing.published_at.timestamp() + YEAR * log2(thing.weight)
    second = max(-_FARTHEST, min(int(seconds), _FARTHEST - 1))
    return (second << _BITS) + crc32(f"{thing.kind} {thing.ref}".encode()) % (1 << _BITS)


def _mark(session: Session, number: int, values: dict[str, Any]) -> None:
    title = words(values["title"])
    rest = [*words(values["summary"]), *words(values["body"])]
    marks = marks_of(title, rest, {name: values[name] for name in NARROWED_BY})
    session.execute(*_insertion(session, number, " ".join(w.folded for w in title), marks))


def _insertion(
    session: Session, number: int, title: str, marks: set[str]
) -> tuple[TextClause, dict[str, Any]]:
    if is_sqlite(session):
        return _INTO_SQLITE, {"number": number, "marks": " ".join(marks)}
    lexemes = " ".join(f"'{mark}'" for mark in marks)
    return _INTO_POSTGRES, {"number": number, "title": title, "marks": lexemes}
