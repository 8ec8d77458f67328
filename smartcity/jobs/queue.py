"""Enqueuing: the job is written by the transaction that causes it, in one statement."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from smartcity.jobs.lease import changed_rows
from smartcity.jobs.models import NORMAL, JobRow
from smartcity.jobs.registry import family, handler_of
from smartcity.jobs.sql import POSTGRESQL, SQLITE, Statement, Words

_ROWS = {
    POSTGRESQL: """
SELECT name, queue, priority, CAST(payload AS json) AS payload, ordering_key, after, follows
FROM json_to_recordset(CAST(:jobs AS json)) AS row
    (name text, queue text, priority smallint, payload text, ordering_key text,
     after float, follows boolean)""",
    SQLITE: """
SELECT value ->> 'name' AS name, value ->> 'queue' AS queue, value ->> 'priority' AS priority,
       value ->> 'payload' AS payload, value ->> 'ordering_key' AS ordering_key,
       value ->> 'after' AS after, value ->> 'follows' AS follows FROM json_each(:jobs)""",
}


@Statement
def _insert(db: Words) -> str:
    # The hold closes the race with a head that ends now: if its DELETE came first we wait and see
    # it gone; if we come first its DELETE waits for us, and the promotion after it finds our row.
    # Two that find a key empty both want to be its head: the unique index lets one, and DO NOTHING
    # tells the other.
    return f"""
INSERT INTO jobs (name, queue, priority, payload, ordering_key, state,
                  run_at, lease_epoch, attempts, enqueued_at)
SELECT name, queue, priority, payload, ordering_key,
       CASE WHEN follows OR EXISTS (SELECT 1 FROM jobs AS earlier
                                    WHERE earlier.ordering_key = job.ordering_key {db.hold})
            THEN 'waiting' ELSE 'ready' END,
       {db.later("after")}, 0, 0, {db.now}
FROM ({_ROWS[db]}) AS job WHERE true
ON CONFLICT DO NOTHING RETURNING id
"""  # noqa: S608 - every piece is a constant


@dataclass(frozen=True, slots=True)
class Job:
    """A job to enqueue.

    Jobs of one `ordering_key` run one at a time, in the order of their enqueuing. `after` is in
    seconds. `queue` names a destination's own queue, such as `ioc:province` for the handler's
    `ioc`: breaker, pause and cap hang on it.
    """

    name: str
    payload: dict[str, Any]
    ordering_key: str | None = None
    after: float = 0.0
    priority: int = NORMAL
    queue: str | None = None


def enqueue(
    session: Session,
    name: str,
    payload: dict[str, Any],
    *,
    ordering_key: str | None = None,
    after: float = 0.0,
    priority: int = NORMAL,
    queue: str | None = None,
) -> None:
    """Enqueue one job with the caller's transaction. Raises UnknownJob; fields as in Job."""
    enqueue_all(session, [Job(name, payload, ordering_key, after, priority, queue)])


def enqueue_all(session: Session, jobs: Sequence[Job]) -> None:
    """Enqueue jobs in their order with the caller's transaction. Raises UnknownJob."""
    if not jobs:
        return
    rows = json.dumps(_rows(jobs), ensure_ascii=False)
    while len(ids := _insert.run(session, jobs=rows).scalars().all()) < len(jobs):
        # Another transaction made a head for one of our keys meanwhile: start over behind it.
        changed_rows(session, delete(JobRow).where(JobRow.id.in_(ids)))


def _rows(jobs: Sequence[Job]) -> list[dict[str, Any]]:
    rows = [_row(job) for job in jobs]
    keys: set[str] = set()
    for row in rows:  # the statement sees no row of its own
        row["follows"] = row["ordering_key"] in keys
        keys.update({row["ordering_key"]} - {None})
    return rows


def _row(job: Job) -> dict[str, Any]:
    registered = handler_of(job.name).queue
    if job.queue is not None and family(job.queue) != registered:
        raise ValueError(f"{job.name} belongs to the queue {registered}, not to {job.queue}")
    return {
        "name": job.name,
        "queue": job.queue or registered,
        "priority": job.priority,
        "payload": json.dumps(job.payload, ensure_ascii=False, allow_nan=False),
        "ordering_key": job.ordering_key,
        "after": job.after,
    }
