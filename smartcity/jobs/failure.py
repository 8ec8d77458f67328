"""What becomes of a job that failed: later each time, at last a dead letter."""

import random
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import SQLColumnExpression, case, func, select, update
from sqlalchemy.orm import Session

from smartcity.core.db import database_now, seconds_from_now
from smartcity.core.errors import OutsideError, Permanent, Temporary
from smartcity.jobs import breaker
from smartcity.jobs.lease import Lease
from smartcity.jobs.models import JobRow, State

PATIENCE = 72 * 3600.0  # seconds from the first failure to the dead letters
LONGEST_DELAY = 300.0
FIRST_DELAY = 1.0


@dataclass(frozen=True)
class Failed:
    """What became of it: a dead letter, or to be tried again at `next_at`."""

    dead: bool
    next_at: datetime


def fail(session: Session, lease: Lease, error: Exception) -> Failed:
    """Put a failed job back, or among the dead letters. Raises LeaseLost.

    Permanent is dead at once, anything else after 72 hours. A failure that an open breaker
    explains spends no attempt and none of those hours. A handler that calls this itself, in the
    transaction of what it notes, sets `lease.failed` after its commit and raises the error on.
    """
    now, first = database_now(session), JobRow.first_failed_at
    change: dict[str, Any]
    told = {"leased_by": None, "last_error": _reason(error)}
    spent = {"attempts": lease.attempts + 1, "first_failed_at": func.coalesce(first, now), **told}
    if isinstance(error, Permanent):
        change = {"state": State.DEAD, **spent}
    elif _spared(session, lease, error):
        later = _later(session, LONGEST_DELAY, error)
        change = {"run_at": later, **told}
    else:
        over = case((first <= seconds_from_now(session, -PATIENCE), State.DEAD), else_=State.READY)
        later = _later(session, delay(lease.attempts + 1), error)
        change = {"state": over, "run_at": later, **spent}
    lease.change(session, update(JobRow).values(change))
    state, next_at = session.execute(
        select(JobRow.state, JobRow.run_at).where(JobRow.id == lease.id)
    ).one()
    return Failed(state == State.DEAD, next_at)


def delay(attempts: int) -> float:
    """Seconds until the next try after so many: 2, 4, 8 … up to 5 minutes."""
    return min(LONGEST_DELAY, FIRST_DELAY * 2.0 ** min(attempts, 20))


def _spared(session: Session, lease: Lease, error: Exception) -> bool:
    if not (lease.breaker and isinstance(error, Temporary)):
        return False
    return breaker.failed(session, lease.queue, error)


def _later(session: Session, seconds: float, error: Exception) -> SQLColumnExpression[datetime]:
    """Give or take 20 %, so that what failed together does not come back together."""
    wait = seconds * random.uniform(0.8, 1.2)  # noqa: S311
    asked = getattr(error, "retry_after", None) or 0.0
    return seconds_from_now(session, max(wait, min(asked, PATIENCE)))


def _reason(error: Exception) -> str:
    """What an adapter says is fit to be read; the message of a crash may hold personal data."""
    said = str(error) if isinstance(error, OutsideError) else type(error).__name__
    return "".join(filter(str.isprintable, said))[:300]  # PostgreSQL keeps no NUL
