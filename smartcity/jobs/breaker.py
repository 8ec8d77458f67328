"""A queue that must not run: its destination is down, an officer paused it, it was disabled.

While a breaker is open nothing is claimed but one probe at a time, and a failure spends no
attempt. The first success closes it and releases the backlog.
"""

from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.core.context import settings
from smartcity.core.db import database_now, insert_if_absent, seconds_from_now
from smartcity.core.errors import Temporary
from smartcity.jobs.models import QueueRow
from smartcity.jobs.sql import Statement, Words

FAILURES_TO_OPEN = 5
LONGEST_WISH = 3600.0  # seconds that a destination may ask us to stay away without a probe
log = structlog.get_logger(__name__)


@Statement
def _release_backlog(db: Words) -> str:
    """Make due what backs off, and give it back of its 72 hours those of the outage."""
    return f"""
UPDATE jobs SET run_at = {db.now}, first_failed_at = {db.later(":outage", "first_failed_at")}
WHERE queue = :queue AND state = 'ready' AND leased_by IS NULL AND last_error IS NOT NULL
"""  # noqa: S608 - every piece is a constant


def locked(session: Session, queue: str) -> QueueRow:
    """The queue's row, held until the transaction ends; made when it is not there."""
    row = session.get(QueueRow, queue, with_for_update=True, populate_existing=True)
    if row is None:
        insert_if_absent(session, QueueRow, name=queue, failures=0)
        row = session.get_one(QueueRow, queue, with_for_update=True)
    return row


def failed(session: Session, queue: str, error: Temporary) -> bool:
    """Count a failure of the destination, and open the breaker at the fifth in a row.

    True when the breaker is to blame, so that the job spends no attempt.
    """
    row = locked(session, queue)
    spared = error.opens_breaker or row.opened_at is not None
    row.failures += 1
    if row.opened_at is None and (error.opens_breaker or row.failures >= FAILURES_TO_OPEN):
        log.error("breaker.opened", queue=queue, reason=str(error))
        row.opened_at = database_now(session)
    if row.opened_at is not None:
        postpone_probe(session, row, error.retry_after)
    return spared


def succeeded(session: Session, queue: str) -> None:
    """Forget the failures of a queue; reads one row, and writes only when there were any."""
    failing = select(QueueRow).where(QueueRow.name == queue, QueueRow.failures > 0)
    row = session.scalar(failing.with_for_update())
    if row is None:
        return
    if row.opened_at is not None:
        now: datetime = session.scalars(select(database_now(session))).one()
        _release_backlog.run(session, queue=queue, outage=(now - row.opened_at).total_seconds())
        log.warning("breaker.closed", queue=queue)
    row.failures, row.opened_at, row.next_probe_at = 0, None, None


def due_for_probe(session: Session, queue: str) -> QueueRow | None:
    """The row of an open queue whose probe is due, held; None when another worker holds it."""
    due = select(QueueRow).where(
        QueueRow.name == queue,
        QueueRow.opened_at.is_not(None),
        QueueRow.next_probe_at <= database_now(session),
    )
    return session.scalar(due.with_for_update(skip_locked=True))


def postpone_probe(session: Session, row: QueueRow, asked: float | None = None) -> None:
    """No probe for `settings.breaker_probe_every` seconds, or as long as the other side asked."""
    wait = max(settings().breaker_probe_every, min(asked or 0.0, LONGEST_WISH))
    row.next_probe_at = seconds_from_now(session, wait)


def pause(session: Session, queue: str, by: str, reason: str | None = None) -> None:
    """Let no job of a queue start until it is resumed; those that run end normally."""
    row = locked(session, queue)
    row.paused_at, row.paused_by, row.paused_reason = database_now(session), by, reason


def disable(session: Session, queue: str, reason: str) -> None:
    """Stop a queue whose destination said that it is gone for good; an officer resumes it."""
    locked(session, queue).disabled_reason = reason[:300]
    log.error("queue.disabled", queue=queue, reason=reason)


def resume(session: Session, queue: str) -> None:
    """Let a paused or disabled queue run; one whose breaker is open is probed at once."""
    row = locked(session, queue)
    row.paused_at = row.paused_by = row.paused_reason = row.disabled_reason = None
    if row.opened_at is not None:
        row.next_probe_at = database_now(session)
