"""How much of one queue may start: leases at once, and starts a second."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.core.db import database_now
from smartcity.jobs import breaker
from smartcity.jobs.models import QueueRow


def limit(session: Session, queue: str, *, cap: int | None, per_second: float | None) -> None:
    """Limit a queue from now on, beside what its handlers ask for; None lifts a limit."""
    row = breaker.locked(session, queue)
    row.cap, row.per_second = cap, per_second


def refill(session: Session, row: QueueRow) -> int:
    """How many of a queue may start now, its row held; what does start is taken from `tokens`.

    A bucket of one second's starts, at least one: after an outage the backlog leaves at this rate.
    """
    assert row.per_second is not None
    full = max(1.0, row.per_second)
    now: datetime = session.scalars(select(database_now(session))).one()
    if row.filled_at is None or row.tokens is None:
        row.tokens = full
    else:
        since = max(0.0, (now - row.filled_at).total_seconds())
        row.tokens = min(full, row.tokens + since * row.per_second)
    row.filled_at = now
    return int(row.tokens)
