"""Ranking and winners as files for a spreadsheet; who takes them is in the record."""

import uuid
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.core import clock
from smartcity.core.db import reading
from smartcity.core.spreadsheet import BOM, csv_text
from smartcity.core.texts import text
from smartcity.identity import service as identity
from smartcity.participation.contests.models import Winner
from smartcity.participation.contests.ranking import in_order, nameless, ranked

RANKING = ("rank", "called", "ward", "points", "seconds", "attempts", "entered_at", "entrant")
WINNERS = ("place", "prize", "rank", "called", "name", "phone", "ward", "points", "seconds")
_AT_ONCE = 1_000  # rows


def ranking_lines(contest_id: uuid.UUID) -> Iterator[str]:
    """Everybody who has a result, in order, as CSV; nobody's name or number."""
    yield _headings(RANKING)
    with reading() as session:
        rows = session.execute(in_order(contest_id).execution_options(yield_per=_AT_ONCE))
        batch: list[list[object]] = []
        for rank, row in ranked(rows):
            batch.append(_ranked(rank, row))
            if len(batch) == _AT_ONCE:
                yield csv_text(batch)
                batch.clear()
        yield csv_text(batch)


def winners_lines(session: Session, contest_id: uuid.UUID) -> list[str]:
    """The winners as CSV with their names and numbers, so that they get their prizes."""
    query = select(Winner).where(Winner.contest_id == contest_id).order_by(Winner.place)
    rows = [_won(session, winner) for winner in session.scalars(query)]
    return [_headings(WINNERS), csv_text(rows)]


def _headings(names: tuple[str, ...]) -> str:
    return BOM + csv_text([[text(f"contest.column.{name}") for name in names]])


def _ranked(rank: int, row: Any) -> list[object]:
    at = row.entered_at.astimezone(clock.LOCAL).isoformat(timespec="seconds")
    seconds = f"{row.took_ms / 1000:.3f}"
    called = row.called or nameless(row.id)
    return [rank, called, row.ward, row.points, seconds, row.attempts, at, row.id]


def _won(session: Session, winner: Winner) -> list[object]:
    who = identity.account(session, winner.citizen_id) if winner.citizen_id else {}
    called = winner.called or nameless(winner.entrant_id)
    person = [who.get("display_name"), who.get("phone")]
    result = [winner.points, f"{winner.took_ms / 1000:.3f}"]
    return [winner.place, winner.prize, winner.rank, called, *person, winner.ward, *result]
