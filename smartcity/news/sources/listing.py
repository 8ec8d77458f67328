"""Sources as officers look for them, and how each is doing."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from smartcity.core import clock
from smartcity.core.errors import NotFound
from smartcity.core.export import list_lines
from smartcity.core.paging import Page, newest_first
from smartcity.core.text import fold
from smartcity.core.texts import text
from smartcity.identity.permissions import Principal
from smartcity.news.sources import pace
from smartcity.news.sources.keeping import visible
from smartcity.news.sources.models import Source

_FACTS = ("id", "name", "url", "agency", "category", "language", "licence", "auto_publish")
_PACE = ("interval", "failures")
_TIMES = ("made_at", "polled_at", "succeeded_at", "newest_at", "due_at", "retired_at")
COLUMNS = ("state", *_FACTS, *_PACE, "fault", *_TIMES)


def find(session: Session, who: Principal, source_id: uuid.UUID) -> Source:
    """A source; NotFound."""
    source = session.scalar(visible(who).where(Source.id == source_id))
    if source is None:
        raise NotFound("source.not_found")
    return source


def listed(session: Session, who: Principal, asked: Mapping[str, Any]) -> Page[Source]:
    """The sources that the filters name; `q` is looked for in names, without accents."""
    query = visible(who).where(*_wanted(asked))
    return newest_first(session, query, (Source.made_at, Source.id), asked)


def known(session: Session) -> Sequence[Source]:
    """All sources that are not retired, by name."""
    query = select(Source).where(Source.retired_at.is_(None))
    return session.scalars(query.order_by(Source.name_folded, Source.id)).all()


def lines(who: Principal, asked: Mapping[str, Any]) -> Iterator[str]:
    """The list as CSV, piece by piece, 100,000 sources at most."""
    headings = [text(f"source.column.{name}") for name in COLUMNS]
    return list_lines(headings, lambda session, page: listed(session, who, page), asked, _cells)


def _wanted(asked: Mapping[str, Any]) -> Iterator[ColumnElement[bool]]:
    if asked.get("state"):
        yield or_(*(_stands(state) for state in asked["state"]))
    else:
        yield Source.retired_at.is_(None)
    for name in ("agency", "category", "licence", "auto_publish"):
        if asked.get(name) is not None:
            yield getattr(Source, name) == asked[name]
    if asked.get("q"):
        yield Source.name_folded.contains(fold(asked["q"]), autoescape=True)


def _stands(state: str) -> ColumnElement[bool]:
    """What `pace.standing` says of one source, asked of all."""
    kept, running = Source.retired_at.is_(None), Source.paused.is_(False)
    dead, failing = Source.dead_at < clock.now(), Source.failures > 0
    known = Source.succeeded_at.is_not(None)
    conditions = {
        "retired": (~kept,),
        "paused": (kept, ~running),
        "dead": (kept, running, dead),
        "failing": (kept, running, ~dead, failing),
        "healthy": (kept, running, ~dead, ~failing, known),
        "new": (kept, running, ~dead, ~failing, ~known),
    }
    return and_(*conditions[state])


def _cells(source: Source) -> list[object]:
    facts = [getattr(source, name) for name in (*_FACTS, *_PACE)]
    times = (getattr(source, name) for name in _TIMES)
    when = [at and at.astimezone(clock.LOCAL).isoformat(timespec="seconds") for at in times]
    state = text(f"source.state.{pace.standing(source, clock.now())}")
    return [state, *facts, pace.told(source.fault), *when]
