"""One query over all that is published."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from smartcity.search.highlighting import Segment


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
    """A page of hits, the best first; `corrected` tells words that were taken for others."""

    items: Sequence[Hit]
    next_cursor: str | None
    corrected: Mapping[str, str]


def find(session: Session, asked: Asked) -> Found:
    """What holds all of the words, or, when nothing does, words that are nearly theirs."""
    raise NotImplementedError
