"""Claiming: which queues have work, and taking some of it in one short transaction."""
# ruff: noqa: S608 - every piece of these statements is a constant

import json
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from smartcity.jobs import breaker
from smartcity.jobs.lease import Lease
from smartcity.jobs.limits import refill
from smartcity.jobs.models import PRIORITIES, QueueRow
from smartcity.jobs.registry import QueueRule, rule
from smartcity.jobs.sql import Statement, Words


def _lane(priority: int, queue: str) -> str:
    """One range of the index, in the order of time. Literals: else no partial index is taken."""
    return f"FROM jobs WHERE state = 'ready' AND queue = {queue} AND priority = {priority}"


def _due(db: Words) -> str:
    """By the earliest time: EXISTS would tempt PostgreSQL to read the whole table."""
    earliest = (f"(SELECT min(run_at) {_lane(p, 'names.name')}) <= {db.now}" for p in PRIORITIES)
    return " OR ".join(earliest)


_LEASED = "FROM jobs WHERE state = 'ready' AND queue = :queue AND leased_by IS NOT NULL"


def _first(db: Words, may_run: str) -> str:
    """The first jobs: begun ones, then those of each priority; passing over what others claim.

    Range by range: sorted over all, the jobs that back off would be read too.
    """
    # A worker that is gone leaves a job whose lease ended after many others had fallen due.
    lanes = [(_LEASED, f"run_at <= {db.now}")]
    lanes += [(_lane(priority, ":queue"), may_run) for priority in PRIORITIES]
    return " UNION ALL ".join(
        f"""
    SELECT id, run_at FROM (SELECT id, run_at {lane} AND {condition}
                            ORDER BY run_at LIMIT :limit {db.skip_locked}) AS lane_{number}"""
        for number, (lane, condition) in enumerate(lanes)
    )


def _take(db: Words, chosen: str) -> str:
    return f"""
WITH chosen AS MATERIALIZED ({chosen}
    LIMIT :limit)
UPDATE jobs SET run_at = {db.later(":lease")}, lease_epoch = lease_epoch + 1, leased_by = :worker
WHERE id IN (SELECT id FROM chosen)
RETURNING id, name, queue, CAST(payload AS text) AS payload, ordering_key, lease_epoch,
          attempts
"""


@Statement
def _take_due(db: Words) -> str:
    return _take(db, _first(db, f"run_at <= {db.now}"))


@Statement
def _take_probe(db: Words) -> str:
    # By time alone: an urgent job that only fails would else be the only probe for ever.
    backs_off = "leased_by IS NULL AND last_error IS NOT NULL"
    return _take(db, _first(db, f"(run_at <= {db.now} OR {backs_off})") + " ORDER BY run_at")


@Statement
def _count_leased(db: Words) -> str:
    return f"SELECT count(*) {_LEASED} AND run_at > {db.now}"


@Statement
def _select_due_queues(db: Words) -> str:
    return f"""
WITH RECURSIVE names(name) AS (
    SELECT min(queue) FROM jobs WHERE state = 'ready'
    UNION ALL
    SELECT (SELECT min(queue) FROM jobs WHERE state = 'ready' AND queue > names.name)
    FROM names WHERE names.name IS NOT NULL
)
SELECT names.name FROM names LEFT JOIN job_queues AS held ON held.name = names.name
WHERE names.name IS NOT NULL AND held.paused_at IS NULL AND held.disabled_reason IS NULL
  AND (held.next_probe_at <= {db.now} OR (held.opened_at IS NULL AND ({_due(db)})))
"""


def due_queues(session: Session) -> list[str]:
    """The queues in which something may be claimed now.

    Steps from queue to queue in the index: jobs that wait, back off or are leased cost nothing.
    """
    return list(_select_due_queues.run(session).scalars())


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
    limited = wanted.cap or (row and (row.cap or row.per_second))
    if not limited:
        return _leases(session, _take_due, queue, wanted, limit, worker)
    return _claim_within(session, queue, wanted, limit, worker)


def _claim_within(
    session: Session, queue: str, wanted: QueueRule, limit: int, worker: str
) -> list[Lease]:
    """Claim no more than the queue's limits let start; workers that ask at once take turns."""
    row = breaker.locked(session, queue)
    caps = [cap for cap in (wanted.cap, row.cap) if cap is not None]
    if caps:
        limit = min(limit, min(caps) - _leased(session, queue))
    if row.per_second:
        limit = min(limit, refill(session, row))
    leases = _leases(session, _take_due, queue, wanted, limit, worker) if limit > 0 else []
    if row.per_second:
        row.tokens = (row.tokens or 0.0) - len(leases)
    return leases


def _probe(session: Session, queue: str, wanted: QueueRule, worker: str) -> list[Lease]:
    """The one job that may try an open queue's destination; its turn is spent only with a job."""
    row = breaker.due_for_probe(session, queue)
    if row is None:
        return []
    leases = _leases(session, _take_probe, queue, wanted, 1, worker)
    if leases:
        breaker.postpone_probe(session, row)
    return leases


def _leases(
    session: Session, statement: Statement, queue: str, wanted: QueueRule, limit: int, worker: str
) -> list[Lease]:
    taken = statement.run(session, queue=queue, limit=limit, lease=wanted.lease, worker=worker)
    return [_lease(wanted, row) for row in taken]


def _lease(wanted: QueueRule, row: Row[Any]) -> Lease:
    return Lease(
        id=row.id,
        name=row.name,
        queue=row.queue,
        payload=json.loads(row.payload),
        ordering_key=row.ordering_key,
        epoch=row.lease_epoch,
        attempts=row.attempts,
        seconds=wanted.lease,
        breaker=wanted.breaker,
    )


def _leased(session: Session, queue: str) -> int:
    return int(_count_leased.run(session, queue=queue).scalar_one())
