"""Attempts: a paper is drawn and answered until the bell. The server's clock alone decides."""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Table, bindparam, select
from sqlalchemy.orm import Session

from smartcity.core import clock
from smartcity.core.db import insert, insert_if_absent, lock_row
from smartcity.core.errors import Conflict, NotFound
from smartcity.core.ids import new_id
from smartcity.identity.permissions import Principal
from smartcity.participation.contests import banks
from smartcity.participation.contests.banks import Contest
from smartcity.participation.contests.grading import AttemptState, close
from smartcity.participation.contests.models import Attempt, Entrant
from smartcity.participation.contests.papers import Bank, drawn, refuse_foreign
from smartcity.participation.eligibility import asked_for, refuse_unless_eligible
from smartcity.participation.marking import refuse_marked
from smartcity.participation.windows import refuse_outside

Asked = Mapping[str, Any]


def start(
    session: Session, citizen: Principal, contest_id: uuid.UUID, asked: Asked
) -> tuple[Attempt, Bank, bool]:
    """A new paper, the bank it is of, and True; or the one that he has before him, and False.

    Conflict outside of the window and when all attempts are used; Forbidden and Invalid as
    eligibility says; Invalid for a name that may not be shown.
    """
    contest = banks.open_to_all(session, contest_id)
    refuse_outside(contest.opens, contest.closes)
    refuse_unless_eligible(contest.eligibility, citizen, asked)
    if asked["called"]:
        refuse_marked(asked["called"], "called")
    told = {"called": asked["called"], **asked_for(contest.eligibility, asked)}
    mine = {"contest_id": contest_id, "citizen_id": uuid.UUID(citizen.id)}
    first = {"id": new_id(), "attempts": 1, "entered_at": clock.now()}
    if insert_if_absent(session, Entrant, **mine, **told, **first):
        return _begin(session, contest, mine, 1), contest.bank, True
    attempt, fresh = _again(session, contest, mine, told)
    return attempt, contest.bank, fresh


def save(
    session: Session, citizen: Principal, attempt_id: uuid.UUID, answers: Mapping[str, str]
) -> dict[str, Any]:
    """Keep answers, over those that were kept to the same questions: all, and when the bell rings.

    Conflict once the attempt has ended; Invalid for what is not on the paper.
    """
    asked = {"attempt": attempt_id, "citizen": uuid.UUID(citizen.id)}
    row = session.execute(_SAVED, asked).first()
    if row is None:
        raise NotFound("contest.no_such_attempt")
    now = clock.now()
    if row.state != AttemptState.RUNNING or row.ends_at <= now:
        raise Conflict("contest.bell", ends=clock.written(row.ends_at))
    refuse_foreign(row.paper, answers)
    kept = {**row.answers, **answers}
    session.execute(_SAVE, {"attempt": attempt_id, "kept": kept, "at": now})
    return {"answers": kept, "ends_at": row.ends_at}


def submit(session: Session, citizen: Principal, attempt_id: uuid.UUID) -> Attempt:
    """End an attempt and grade it; one that has ended stays as it is."""
    own = Attempt.id == attempt_id, Attempt.citizen_id == uuid.UUID(citizen.id)
    attempt = lock_row(session, select(Attempt), *own)
    if attempt is None:
        raise NotFound("contest.no_such_attempt")
    if attempt.state == AttemptState.RUNNING:
        close(session, attempt, clock.now())
    return attempt


def found(session: Session, citizen: Principal, attempt_id: uuid.UUID) -> Attempt:
    """One's own attempt; NotFound."""
    attempt = session.get(Attempt, attempt_id)
    if attempt is None or attempt.citizen_id != uuid.UUID(citizen.id):
        raise NotFound("contest.no_such_attempt")
    return attempt


def of_citizen(session: Session, contest_id: uuid.UUID, citizen_id: uuid.UUID) -> list[Attempt]:
    """A citizen's attempts in a contest, the first first."""
    his = Attempt.contest_id == contest_id, Attempt.citizen_id == citizen_id
    return list(session.scalars(select(Attempt).where(*his).order_by(Attempt.number)))


def _again(
    session: Session, contest: Contest, mine: dict[str, Any], told: Asked
) -> tuple[Attempt, bool]:
    running = lock_row(session, select(Attempt), *_running(mine))
    if running and clock.now() < running.ends_at:
        return running, False
    if running:
        close(session, running, clock.now())
    where = (getattr(Entrant, name) == value for name, value in mine.items())
    entrant = lock_row(session, select(Entrant), *where)
    assert entrant
    if other := session.scalar(select(Attempt).where(*_running(mine))):  # begun as we waited
        return other, False
    if entrant.attempts >= contest.attempts:
        raise Conflict("contest.attempts_used", most=contest.attempts)
    entrant.attempts += 1
    for name, value in told.items():
        setattr(entrant, name, value or getattr(entrant, name))
    session.flush()
    return _begin(session, contest, mine, entrant.attempts), True


def _begin(session: Session, contest: Contest, mine: dict[str, Any], number: int) -> Attempt:
    now, ident = clock.now(), new_id()
    begun = {
        "id": ident,
        **mine,
        "number": number,
        "state": AttemptState.RUNNING.value,
        "paper": drawn(contest.bank, contest.draw, ident.int),
        "answers": {},
        "started_at": now,
        "ends_at": _bell(contest, now),
    }
    insert(session, Attempt, **begun)
    return Attempt(**begun)


def _bell(contest: Contest, now: datetime) -> datetime:
    return min(now + timedelta(minutes=contest.minutes), contest.closes)


def _running(mine: Mapping[str, Any]) -> tuple[Any, ...]:
    his = (getattr(Attempt, name) == value for name, value in mine.items())
    return *his, Attempt.state == AttemptState.RUNNING


_ROW: Table = Attempt.__table__  # type: ignore[assignment]
_SAVED = (
    select(_ROW.c.state, _ROW.c.ends_at, _ROW.c.paper, _ROW.c.answers)
    .where(_ROW.c.id == bindparam("attempt"), _ROW.c.citizen_id == bindparam("citizen"))
    .with_for_update()
)
_SAVE = (
    _ROW.update()
    .where(_ROW.c.id == bindparam("attempt"))
    .values(answers=bindparam("kept"), answered_at=bindparam("at"))
)
