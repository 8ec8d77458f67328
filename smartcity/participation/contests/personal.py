"""What is kept of those who take part in contests: told, erased, and over after its term."""

import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, select, update
from sqlalchemy.orm import Session

from smartcity.core.expiry import Over
from smartcity.participation.contests.contest import CONTEST
from smartcity.participation.contests.models import Attempt, Entrant, Winner
from smartcity.registers.service import Entry

_ATTEMPT = ("contest_id", "number", "state", "started_at", "answers", "points", "took_ms")
_ENTRANT = ("contest_id", "called", "ward", "birth_year", "attempts", "points", "took_ms")
_WINNER = ("contest_id", "called", "ward", "rank", "prize", "points", "took_ms")


def held_contests(session: Session, citizen_id: uuid.UUID) -> Iterator[dict[str, Any]]:
    """A citizen's part in each contest: what he is called there, his attempts, his prize."""
    query = select(Entrant).where(Entrant.citizen_id == citizen_id).order_by(Entrant.entered_at)
    for entrant in session.scalars(query):
        yield _told(entrant, _ENTRANT)
    attempts = select(Attempt).where(Attempt.citizen_id == citizen_id)
    for attempt in session.scalars(attempts.order_by(Attempt.started_at)):
        yield _told(attempt, _ATTEMPT)
    won = select(Winner).where(Winner.citizen_id == citizen_id).order_by(Winner.contest_id)
    for winner in session.scalars(won):
        yield _told(winner, _WINNER)


def erase_contests(session: Session, citizen_id: uuid.UUID) -> None:
    """His attempts and ranks go; a prize stays won, by nobody known."""
    session.execute(delete(Attempt).where(Attempt.citizen_id == citizen_id))
    session.execute(delete(Entrant).where(Entrant.citizen_id == citizen_id))
    nobody = {"citizen_id": None, "called": None, "ward": None}
    session.execute(update(Winner).where(Winner.citizen_id == citizen_id).values(**nobody))


def attempts_over(before: datetime) -> Over:
    """Attempts in contests that closed so long ago that papers and answers go."""
    return Over(Attempt, (Attempt.contest_id.in_(_closed(before)),))


def entrants_over(before: datetime) -> Over:
    """Entrants of contests that closed so long ago that names and results go."""
    return Over(Entrant, (Entrant.contest_id.in_(_closed(before)),))


def _closed(before: datetime) -> Select[uuid.UUID]:
    return select(Entry.id).where(Entry.kind == CONTEST.name, Entry.closes_at < before)


def _told(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}
