"""The end of a contest: its results are settled, may be undone for ten minutes, and then told."""

import uuid
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from smartcity.audit import service as audit
from smartcity.changes import service as changes
from smartcity.core import clock
from smartcity.core.db import insert_all, lock_row
from smartcity.core.errors import Conflict, PreconditionFailed
from smartcity.core.ids import new_id
from smartcity.identity.permissions import Principal
from smartcity.jobs.service import enqueue, enqueue_all
from smartcity.participation.contests import winning
from smartcity.participation.contests.contest import CONTEST
from smartcity.participation.contests.draws import commitment, seed_of
from smartcity.participation.contests.grading import AttemptState
from smartcity.participation.contests.models import Attempt, Draw, Regrade, Winner
from smartcity.push import service as push
from smartcity.registers import service as registers
from smartcity.registers.service import Entry

TELL = "contests.tell"
UNDONE_WITHIN = timedelta(minutes=10)
SETTLED = "contest.settled"  # a refusal, and a deed


def settle(session: Session, who: Principal, contest_id: uuid.UUID, version: int) -> Draw:
    """Give the prizes away; winners are told ten minutes later. Audited.

    Conflict while it runs or is still graded, and when it is settled; PreconditionFailed for other
    results than those of `version`.
    """
    entry = registers.found(session, CONTEST, contest_id)
    draw = held(session, contest_id, version)
    if draw.settled_at:
        raise Conflict(SETTLED)
    _refuse_early(session, entry)
    won = winning.winners(session, contest_id, entry.record["prizes"], seed_of(draw))
    insert_all(session, Winner, won)
    draw.settled_at, draw.settled_by, draw.version = clock.now(), who.key, draw.version + 1
    told = {"contest": str(contest_id), "version": draw.version}
    enqueue(session, TELL, told, after=UNDONE_WITHIN.total_seconds())
    audit.record(session, who.key, "contest.settle", ("contest", contest_id), winners=len(won))
    return draw


def undo(
    session: Session, who: Principal, contest_id: uuid.UUID, version: int, reason: str
) -> Draw:
    """Take the results back. Conflict once winners are told, or if nothing is settled. Audited."""
    registers.found(session, CONTEST, contest_id)
    draw = held(session, contest_id, version)
    if draw.told_at:
        raise Conflict("contest.told")
    if not draw.settled_at:
        raise Conflict("contest.not_settled")
    session.execute(delete(Winner).where(Winner.contest_id == contest_id))
    draw.settled_at, draw.settled_by, draw.version = None, None, draw.version + 1
    audit.record(session, who.key, "contest.unsettle", ("contest", contest_id), reason=reason)
    return draw


def tell(session: Session, contest_id: uuid.UUID, version: int) -> None:
    """Make results public and tell the winners; nothing if they were taken back meanwhile."""
    draw = lock_row(session, select(Draw), Draw.contest_id == contest_id, Draw.version == version)
    if draw is None or draw.told_at:
        return
    draw.told_at = clock.now()
    entry = registers.found(session, CONTEST, contest_id)
    won = session.scalars(select(Winner).where(Winner.contest_id == contest_id)).all()
    enqueue_all(session, [_message(entry, winner) for winner in won if winner.citizen_id])
    if entry.state == registers.State.PUBLISHED:
        changes.appeared(session, CONTEST.name, str(contest_id))


def held(session: Session, contest_id: uuid.UUID, version: int) -> Draw:
    """A contest's lot, held against other officers; PreconditionFailed for another version."""
    commitment(session, contest_id)  # a draft has none before it is asked for
    draw = lock_row(session, select(Draw), Draw.contest_id == contest_id)
    if draw is None or draw.version != version:
        raise PreconditionFailed("precondition.failed")
    return draw


def _refuse_early(session: Session, entry: Entry) -> None:
    assert entry.closes_at
    if clock.now() < entry.closes_at:
        raise Conflict("contest.still_open", closes=clock.written(entry.closes_at))
    runs = Attempt.contest_id == entry.id, Attempt.state == AttemptState.RUNNING
    corrects = Regrade.contest_id == entry.id, Regrade.ended_at.is_(None)
    if session.scalar(select(exists().where(*runs) | exists().where(*corrects))):
        raise Conflict("contest.still_grading")


def _message(entry: Entry, winner: Winner) -> Any:
    assert winner.citizen_id
    return push.message(
        citizen=winner.citizen_id,
        source=new_id(),
        at=clock.now(),
        text="contest.won",
        values={"prize": winner.prize, "contest": entry.title},
        link=f"/participation/contests/{entry.id}",
        category="participation",
    )
