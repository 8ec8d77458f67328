"""Claiming: which queues have work, and taking some of it in one short transaction."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    ScalarSelect,
    Select,
    and_,
    exists,
    func,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from smartcity.core.db import database_now, seconds_from_now
from smartcity.jobs import breaker
from smartcity.jobs.lease import Lease
from smartcity.jobs.models import PRIORITIES, READY, JobRow, QueueRow
from smartcity.jobs.registry import QueueRule, rule

_LEASED: tuple[InstrumentedAttribute[Any], ...] = (
    JobRow.id,
    JobRow.name,
    JobRow.queue,
    JobRow.payload,
    JobRow.ordering_key,
    JobRow.lease_epoch,
    JobRow.attempts,
)


def due_queues(session: Session) -> list[str]:
    """The queues in which something may be claimed now, in a fixed order.

    Steps from queue to queue in the index: jobs that wait, back off or are leased cost nothing.
    """
    names = select(func.min(JobRow.queue).label("name")).where(READY).cte("names", recursive=True)
    following = select(func.min(JobRow.queue)).where(READY, JobRow.queue > names.c.name)
    names = names.union_all(select(following.scalar_subquery()).where(names.c.name.is_not(None)))
    runs = and_(QueueRow.paused_at.is_(None), QueueRow.disabled_reason.is_(None))
    closed = and_(QueueRow.opened_at.is_(None), _any_due(names.c.name, _now(session)))
    found = (
        select(names.c.name)
        .outerjoin(QueueRow, QueueRow.name == names.c.name)
        .where(names.c.name.is_not(None), runs)
        .where(or_(closed, QueueRow.next_probe_at <= _now(session)))
        .order_by(names.c.name)
    )
    return list(session.scalars(found))


def claim(session: Session, queue: str, limit: int, worker: str) -> list[Lease]:
    """Lease up to `limit` due jobs of a queue: fewer under a cap, one as a probe, none if paused.

    The transaction must end before the jobs begin.
    """
    row = session.get(QueueRow, queue)
    if row and (row.paused_at or row.disabled_reason):
        return []
    wanted = rule(queue)
    if row and row.opened_at:
        return _probe(session, queue, wanted, worker)
    if wanted.cap is not None:
        limit = min(limit, wanted.cap - _leased(session, queue))
    return _take(session, _due(session, queue, limit), wanted, worker) if limit > 0 else []


def _probe(session: Session, queue: str, wanted: QueueRule, worker: str) -> list[Lease]:
    """The one job that may try an open queue's destination; the slot is spent only with a job."""
    row = breaker.due_for_probe(session, queue)
    if row is None:
        return []
    leases = _take(session, _longest_untried(session, queue), wanted, worker)
    if leases:
        breaker.postpone_probe(session, row)
    return leases


def _take(session: Session, chosen: CTE, wanted: QueueRule, worker: str) -> list[Lease]:
    leased = session.execute(
        update(JobRow)
        .where(JobRow.id.in_(select(chosen.c.id)))
        .values(
            run_at=seconds_from_now(session, wanted.lease),
            lease_epoch=JobRow.lease_epoch + 1,
            leased_by=worker,
        )
        .returning(*_LEASED),
        execution_options={"synchronize_session": False},
    )
    return [Lease(wanted.lease, wanted.breaker, *job) for job in leased]


def _due(session: Session, queue: str, limit: int) -> CTE:
    """Due jobs, urgent ones first, each priority's oldest first.

    One range of the index a priority: sorted over all, those that back off would be read too.
    """
    now = _now(session)
    ranges = [
        _skip_locked(_ready(queue, priority).where(JobRow.run_at <= now), limit)
        for priority in PRIORITIES
    ]
    return union_all(*ranges).limit(limit).cte("chosen")


def _longest_untried(session: Session, queue: str) -> CTE:
    """The job whose turn to probe it is, of those due and those backing off.

    By time alone: an urgent job that only fails would else be the only probe for ever.
    """
    may_try = or_(JobRow.run_at <= _now(session), _backs_off())
    ranges = [_skip_locked(_ready(queue, priority).where(may_try), 1) for priority in PRIORITIES]
    first = union_all(*ranges).subquery()
    return select(first.c.id).order_by(first.c.run_at).limit(1).cte("chosen")


def _ready(queue: str | ColumnElement[str], priority: int) -> Select[int, datetime]:
    lane = READY, JobRow.queue == queue, JobRow.priority == priority
    return select(JobRow.id, JobRow.run_at).where(*lane)


def _skip_locked(jobs: Select[int, datetime], limit: int) -> Select[int, datetime]:
    """The first of some jobs, passing over those that another worker is claiming.

    NO KEY UPDATE: an enqueuer that holds a head against its DELETE does not hold it against us.
    """
    first = jobs.order_by(JobRow.run_at).limit(limit)
    return select(first.with_for_update(key_share=True, skip_locked=True).subquery())


def _any_due(queue: ColumnElement[str], now: ScalarSelect[Any]) -> ColumnElement[bool]:
    return or_(
        *(exists(_ready(queue, priority).where(JobRow.run_at <= now)) for priority in PRIORITIES)
    )


def _backs_off() -> ColumnElement[bool]:
    return and_(JobRow.leased_by.is_(None), JobRow.last_error.is_not(None))


def _leased(session: Session, queue: str) -> int:
    """How many jobs of a queue are leased; two workers that ask at once answer one by one."""
    breaker.locked(session, queue)
    leased = READY, JobRow.queue == queue, JobRow.leased_by.is_not(None)
    count = select(func.count()).where(*leased, JobRow.run_at > _now(session))
    return session.scalars(count).one()


def _now(session: Session) -> ScalarSelect[Any]:
    """The database's clock, read once: compared row by row it could not steer an index."""
    return select(database_now(session)).scalar_subquery()
