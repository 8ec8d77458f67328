"""The state of every queue, for metrics and for the operator."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, not_, select
from sqlalchemy.orm import Session

from smartcity.core.db import database_now
from smartcity.jobs.models import DEAD, READY, JobRow, QueueRow, State


@dataclass(frozen=True)
class QueueStats:
    """Numbers of jobs; `ready` counts those that back off too.

    `oldest_s`: how long the longest overdue job has waited for a worker, in seconds.
    `breaker`: closed, open, paused or disabled.
    """

    queue: str
    ready: int = 0
    waiting: int = 0
    leased: int = 0
    dead: int = 0
    oldest_s: float = 0.0
    breaker: str = "closed"


def queue_stats(session: Session) -> list[QueueStats]:
    """Every queue that holds a job or is out of the ordinary, by name."""
    now = session.scalars(select(database_now(session))).one()
    breakers = {row.name: breaker_of(row) for row in session.scalars(select(QueueRow))}
    leased = and_(READY, JobRow.leased_by.is_not(None), JobRow.run_at > now)
    due = and_(READY, JobRow.run_at <= now)
    counted = select(
        JobRow.queue,
        _count(and_(READY, not_(leased))),
        _count(JobRow.state == State.WAITING),
        _count(leased),
        _count(DEAD),
        func.min(JobRow.run_at).filter(due),
    ).group_by(JobRow.queue)
    stats = {queue: QueueStats(queue, breaker=state) for queue, state in breakers.items()}
    for queue, ready, waiting, held, dead, since in session.execute(counted):
        oldest = (now - since).total_seconds() if since else 0.0
        state = breakers.get(queue, "closed")
        stats[queue] = QueueStats(queue, ready, waiting, held, dead, oldest, state)
    return sorted(stats.values(), key=lambda found: found.queue)


def _count(which: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count().filter(which)


def breaker_of(row: QueueRow | None) -> str:
    """How a queue stands: closed, open, paused or disabled."""
    if row is None:
        return "closed"
    if row.disabled_reason:
        return "disabled"
    if row.paused_at:
        return "paused"
    return "open" if row.opened_at else "closed"
