"""One query over all that is published."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.core.errors import Malformed
from smartcity.core.signing import seal, unseal
from smartcity.search import marks, typos
from smartcity.search.highlighting import Segment, segments, snippet
from smartcity.search.marks import Clause, Conjunction, Mark
from smartcity.search.matching import numbers
from smartcity.search.models import Entry
from smartcity.search.tiers import tiers
from smartcity.search.words import Word, asked_words

MOST = 200  # hits of one question, however many pages


@dataclass(frozen=True)
class Asked:
    """Words, what they are narrowed to (by the names in `marks.NARROWED_BY`), and which page."""

    words: str
    within: Mapping[str, str]
    cursor: str | None = None
    limit: int = 20


@dataclass(frozen=True)
class Hit:
    """An entry as it is shown: title and a snippet of its text in segments, hits told apart."""

    kind: str
    ref: str
    title: Sequence[Segment]
    snippet: Sequence[Segment]
    link: str
    language: str
    agency: str | None
    area: str | None
    published_at: datetime


@dataclass(frozen=True)
class Found:
    """A page of hits, the best first; `corrected` tells typed words and what they were taken for.

    The order is the tiers'. It does not move with the clock, but what is published meanwhile
    may shift it by a place: hits have a rank, and no key to go on from.
    """

    items: Sequence[Hit]
    next_cursor: str | None
    corrected: Mapping[str, str]


def find(session: Session, asked: Asked) -> Found:
    """What holds all of the words, or, when nothing does, words that are nearly theirs.

    Raises Malformed for a cursor of another question.
    """
    first, meant = _start(asked)
    found = _numbers(session, meant, asked, first)
    if not (found or asked.cursor) and (better := typos.corrected(session, meant)):
        meant, found = better, _numbers(session, better, asked, first)
    hits = _hits(session, found[: asked.limit], meant)
    after = _cursor(asked, first + asked.limit, meant) if len(found) > asked.limit else None
    return Found(hits, after, _corrections(asked, meant, hits))


def _numbers(session: Session, meant: Sequence[Word], asked: Asked, first: int) -> list[int]:
    most = min(asked.limit + 1, MOST - first)
    if not meant or most <= 0:
        return []
    return numbers(session, tiers(meant), within(asked.within), first=first, most=most)


def within(asked: Mapping[str, str]) -> Conjunction:
    """An area's are its own and everybody's."""
    clauses: dict[str, Clause] = {
        name: (Mark(marks.fact(name, value)),) for name, value in asked.items()
    }
    if "area" in clauses:
        clauses["area"] += (Mark(marks.fact("area", None)),)
    return tuple(clauses.values())


def _hits(session: Session, found: Sequence[int], meant: Sequence[Word]) -> list[Hit]:
    entries = {e.number: e for e in session.scalars(select(Entry).where(Entry.number.in_(found)))}
    return [_hit(entries[number], meant) for number in found if number in entries]


def _hit(entry: Entry, meant: Sequence[Word]) -> Hit:
    return Hit(
        kind=entry.kind,
        ref=entry.ref,
        title=segments(entry.title, meant),
        snippet=snippet(entry.body, entry.body_folded, meant) or segments(entry.summary, meant),
        link=entry.link,
        language=entry.language,
        agency=entry.agency,
        area=entry.area,
        published_at=entry.published_at,
    )


def _corrections(asked: Asked, meant: Sequence[Word], hits: Sequence[Hit]) -> dict[str, str]:
    """Words that were replaced, by how the best hit's title writes them."""
    written = {
        word.folded: word.exact
        for hit in hits[:1]
        for segment in hit.title
        for word in asked_words(segment.text)
    }
    pairs = zip(asked_words(asked.words), meant, strict=True)
    replaced = [(typed, word) for typed, word in pairs if hits and typed != word]
    return {typed.exact: written.get(word.folded, word.exact) for typed, word in replaced}


def _start(asked: Asked) -> tuple[int, list[Word]]:
    """Where the page begins, and the words that were meant on the page before."""
    if asked.cursor is None:
        return 0, asked_words(asked.words)
    opened = unseal(_purpose(asked), asked.cursor)
    if not isinstance(opened, list):
        raise Malformed("request.cursor")
    return opened[0], [Word(*word) for word in opened[1]]


def _cursor(asked: Asked, first: int, meant: Sequence[Word]) -> str | None:
    return seal(_purpose(asked), [first, meant]) if first < MOST else None


def _purpose(asked: Asked) -> str:
    question = repr((asked_words(asked.words), sorted(asked.within.items())))
    return f"cursor:search:{hashlib.sha256(question.encode()).hexdigest()[:16]}"
