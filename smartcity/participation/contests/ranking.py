"""The ranking of a contest: more points first, then less time; equals share a rank (1, 2, 2, 4)."""

import uuid
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.orm import Session

from smartcity.core.texts import text
from smartcity.participation.contests.models import Entrant

MOST = 100
_SHOWN: tuple[Any, ...] = (
    Entrant.id,
    Entrant.citizen_id,
    Entrant.called,
    Entrant.ward,
    Entrant.points,
    Entrant.took_ms,
    Entrant.attempts,
    Entrant.entered_at,
)


def leaderboard(session: Session, contest_id: uuid.UUID) -> list[dict[str, Any]]:
    """The first 100 of those who have ended an attempt."""
    rows = session.execute(in_order(contest_id).limit(MOST))
    return [told(rank, row.id, row) for rank, row in ranked(rows)]


def rank_of(session: Session, entrant: Entrant) -> int | None:
    """The rank of an entrant, exactly: counted in the index, however many are in front of him."""
    if entrant.points is None:
        return None
    same = Entrant.points == entrant.points, Entrant.took_ms < entrant.took_ms
    more = _count(session, entrant.contest_id, Entrant.points > entrant.points)
    return more + _count(session, entrant.contest_id, *same) + 1


def in_order(contest_id: uuid.UUID) -> Select[Any]:
    """Those who have a result, in the order of the index."""
    ended = Entrant.contest_id == contest_id, Entrant.points.is_not(None)
    query = select(*_SHOWN).where(*ended)
    return query.order_by(Entrant.points.desc(), Entrant.took_ms, Entrant.citizen_id)


def ranked(rows: Iterable[Row[Any]]) -> Iterator[tuple[int, Row[Any]]]:
    """Rows in their order, each with its rank."""
    rank, before = 0, None
    for number, row in enumerate(rows, start=1):
        if (result := (row.points, row.took_ms)) != before:
            rank, before = number, result
        yield rank, row


def told(rank: int, entrant: uuid.UUID, row: Any) -> dict[str, Any]:
    """What everybody may know of an entrant, by his row in the ranking or among the winners."""
    return {
        "rank": rank,
        "entrant": str(entrant),
        "called": row.called or nameless(entrant),
        "ward": row.ward,
        "points": row.points,
        "took_ms": row.took_ms,
    }


def nameless(entrant: uuid.UUID) -> str:
    """What one is called who chose no name: digits of a number that is only of this contest."""
    return text("contest.nameless", "vi", digits=f"{entrant.int % 10_000:04d}")


def _count(session: Session, contest_id: uuid.UUID, *where: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(Entrant)
    return session.scalars(query.where(Entrant.contest_id == contest_id, *where)).one()
