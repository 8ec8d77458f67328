"""Enqueuing: the job is written by the transaction that causes it, in one statement."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, text
from sqlalchemy.orm import Session

from smartcity.core.db import is_sqlite
from smartcity.jobs.lease import changed_rows
from smartcity.jobs.models import NORMAL, JobRow
from smartcity.jobs.registry import family, handler_of

_INSERT = """
INSERT INTO jobs (name, queue, priority, payload, ordering_key, state,
                  run_at, lease_epoch, attempts, enqueued_at)
"""
# KEY SHARE closes the race with a head that finishes now: if its DELETE came first we wait and
# see it gone; if we come first its finisher waits for us, and promotes our row. Two that find a
# key empty both want to be its head: the unique index lets one, DO NOTHING tells the other.
_INTO_POSTGRESQL = text(f"""{_INSERT}
SELECT name, queue, priority, payload, ordering_key,
       CASE WHEN follows OR EXISTS (SELECT 1 FROM jobs AS earlier
                                    WHERE earlier.ordering_key = job.ordering_key FOR KEY SHARE)
            THEN 'waiting' ELSE 'ready' END,
       clock_timestamp() + after * interval '1 second', 0, 0, clock_timestamp()
FROM json_to_recordset(CAST(:jobs AS json)) AS job
     (name text, queue text, priority smallint, payload json, ordering_key text,
      after float, follows boolean)
ON CONFLICT DO NOTHING RETURNING id
""")  # noqa: S608
_INTO_SQLITE = text(f"""{_INSERT}
SELECT value ->> 'name', value ->> 'queue', value ->> 'priority', value -> 'payload',
       value ->> 'ordering_key',
       CASE WHEN value ->> 'follows' OR EXISTS (SELECT 1 FROM jobs AS earlier
                 WHERE earlier.ordering_key = value ->> 'ordering_key')
            THEN 'waiting' ELSE 'ready' END,
       strftime('%Y-%m-%d %H:%M:%f000', 'now', printf('%+.3f seconds', value ->> 'after')),
       0, 0, strftime('%Y-%m-%d %H:%M:%f000', 'now')
FROM json_each(:jobs) WHERE true
ON CONFLICT DO NOTHING RETURNING id
""")  # noqa: S608


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
    statement = _INTO_SQLITE if is_sqlite(session) else _INTO_POSTGRESQL
    rows = json.dumps(_rows(jobs), ensure_ascii=False, allow_nan=False)
    while len(ids := session.scalars(statement, {"jobs": rows}).all()) < len(jobs):
        # Another transaction made a head for one of our keys meanwhile: start over behind it.
        changed_rows(session, delete(JobRow).where(JobRow.id.in_(ids)))


def _rows(jobs: Sequence[Job]) -> list[dict[str, Any]]:
    keys: set[str | None] = {None}
    rows = []
    for job in jobs:
        rows.append(_row(job, follows=job.ordering_key is not None and job.ordering_key in keys))
        keys.add(job.ordering_key)
    return rows


def _row(job: Job, *, follows: bool) -> dict[str, Any]:
    registered = handler_of(job.name).queue
    if job.queue is not None and family(job.queue) != registered:
        raise ValueError(f"{job.name} belongs to the queue {registered}, not to {job.queue}")
    return {
        "name": job.name,
        "queue": job.queue or registered,
        "priority": job.priority,
        "payload": job.payload,
        "ordering_key": job.ordering_key,
        "after": job.after,
        "follows": follows,
    }
