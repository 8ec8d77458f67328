"""An attempt ends and is graded; an entrant's best attempt is kept in the same transaction."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from smartcity.core import clock
from smartcity.participation.contests import banks
from smartcity.participation.contests.models import Attempt, Entrant
from smartcity.participation.contests.papers import graded

_AT_ONCE = 200  # attempts a transaction


class AttemptState(StrEnum):
    """How an attempt stands."""

    RUNNING = "running"
    SUBMITTED = "submitted"
    TIMED_OUT = "timed_out"


def close(session: Session, attempt: Attempt, at: datetime) -> None:
    """End a held attempt that runs, at an instant; from its bell on what is saved counts."""
    contest = banks.held(session, attempt.contest_id)
    in_time = at < attempt.ends_at
    attempt.state = AttemptState.SUBMITTED if in_time else AttemptState.TIMED_OUT
    attempt.submitted_at = at if in_time else None
    attempt.took_ms = _milliseconds((at if in_time else attempt.ends_at) - attempt.started_at)
    attempt.points = graded(contest.bank, attempt.paper, attempt.answers)
    session.flush()
    _keep_if_better(session, attempt)


def close_overdue(session: Session) -> int:
    """End attempts whose bell rang, 200 at most; how many. Those that others hold end there."""
    now = clock.now()
    query = select(Attempt).where(Attempt.state == AttemptState.RUNNING, Attempt.ends_at <= now)
    query = query.order_by(Attempt.ends_at).limit(_AT_ONCE).with_for_update(skip_locked=True)
    attempts = session.scalars(query).all()
    for attempt in sorted(attempts, key=lambda attempt: attempt.citizen_id):
        close(session, attempt, now)
    return len(attempts)


def best(attempts: Iterable[Attempt]) -> Attempt | None:
    """The best of ended attempts: most points, then least time, then the first."""
    ended = [attempt for attempt in attempts if attempt.points is not None]
    return min(ended, key=lambda a: (-(a.points or 0), a.took_ms, a.number), default=None)


def _keep_if_better(session: Session, attempt: Attempt) -> None:
    mine = Entrant.contest_id == attempt.contest_id, Entrant.citizen_id == attempt.citizen_id
    same_points = and_(Entrant.points == attempt.points, Entrant.took_ms > attempt.took_ms)
    worse = or_(Entrant.points.is_(None), Entrant.points < attempt.points, same_points)
    better = {"best_id": attempt.id, "points": attempt.points, "took_ms": attempt.took_ms}
    session.execute(
        update(Entrant).where(*mine, worse).values(**better),
        execution_options={"synchronize_session": False},
    )


def _milliseconds(time: timedelta) -> int:
    return time // timedelta(milliseconds=1)
