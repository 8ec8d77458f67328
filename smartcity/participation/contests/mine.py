"""What a citizen reads of his own part in a contest."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.core import clock
from smartcity.core.errors import NotFound
from smartcity.participation.contests import attempts, banks
from smartcity.participation.contests.grading import AttemptState
from smartcity.participation.contests.models import Attempt, Draw, Entrant, Winner
from smartcity.participation.contests.papers import Bank, most, shown
from smartcity.participation.contests.ranking import nameless, rank_of


def paper(attempt: Attempt, bank: Bank) -> dict[str, Any]:
    """An attempt with its paper, ready for JSON; `now` is the server's, as a phone's may be off."""
    return {
        **_summary(attempt),
        "contest_id": str(attempt.contest_id),
        "most": most(bank, attempt.paper),
        "now": written(clock.now()),
        "questions": shown(bank, attempt.paper),
        "answers": attempt.answers,
    }


def standing(session: Session, contest_id: uuid.UUID, citizen_id: uuid.UUID) -> dict[str, Any]:
    """One's attempts, best result, exact rank and prize; NotFound for who has not entered."""
    entrant = session.get(Entrant, (contest_id, citizen_id))
    if entrant is None:
        raise NotFound("contest.not_entered")
    return {
        "contest_id": str(contest_id),
        "entrant": str(entrant.id),
        "called": entrant.called or nameless(entrant.id),
        "attempts_left": banks.now_read(session, contest_id).attempts - entrant.attempts,
        "attempts": [_summary(one) for one in attempts.of_citizen(session, contest_id, citizen_id)],
        "points": entrant.points,
        "took_ms": entrant.took_ms,
        "rank": rank_of(session, entrant),
        "prize": _prize(session, contest_id, citizen_id),
    }


def written(at: datetime | None) -> str | None:
    """An instant as the API writes it."""
    return at.isoformat(timespec="milliseconds") if at else None


def _summary(attempt: Attempt) -> dict[str, Any]:
    return {
        "id": str(attempt.id),
        "number": attempt.number,
        "state": AttemptState(attempt.state).value,
        "started_at": written(attempt.started_at),
        "ends_at": written(attempt.ends_at),
        "points": attempt.points,
        "took_ms": attempt.took_ms,
    }


def _prize(session: Session, contest_id: uuid.UUID, citizen_id: uuid.UUID) -> str | None:
    """What he won, once winners are told."""
    query = select(Winner.prize).join(Draw, Draw.contest_id == Winner.contest_id)
    won = Winner.contest_id == contest_id, Winner.citizen_id == citizen_id
    return session.scalar(query.where(*won, Draw.told_at.is_not(None)))
