"""The jobs of some ordering keys, for the package that owns them to urge or to drop."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, select, update
from sqlalchemy.orm import Session

from smartcity.core.db import database_now
from smartcity.jobs.lease import changed_rows
from smartcity.jobs.models import DEAD, READY, JobRow, QueueRow, State

FRESH: dict[str, Any] = {
    "state": State.READY,
    "attempts": 0,
    "first_failed_at": None,
    "last_error": None,
}


@dataclass(frozen=True)
class Keyed:
    """An unfinished job, of a key where it has one."""

    id: int
    ordering_key: str | None
    state: str
    payload: dict[str, Any]


def of_keys(session: Session, keys: Collection[str]) -> list[Keyed]:
    """The unfinished jobs of some keys, each key's in their order."""
    return _found(session, JobRow.ordering_key.in_(keys))


def of_queue(session: Session, queue: str) -> list[Keyed]:
    """The unfinished jobs of a queue, in their order."""
    return _found(session, JobRow.queue == queue)


def _found(session: Session, where: ColumnElement[bool]) -> list[Keyed]:
    columns = (JobRow.id, JobRow.ordering_key, JobRow.state, JobRow.payload)
    query = select(*columns).where(where).order_by(JobRow.id)
    return [Keyed(*found) for found in session.execute(query)]


def urge(session: Session, jobs: Collection[int]) -> None:
    """Let dead ones begin anew, and those that back off be due now; others stay as they are."""
    now, named = database_now(session), JobRow.id.in_(jobs)
    changed_rows(session, update(JobRow).where(named, DEAD).values(run_at=now, **FRESH))
    backing_off = and_(READY, JobRow.leased_by.is_(None), JobRow.run_at > now)
    changed_rows(session, update(JobRow).where(named, backing_off).values(run_at=now))


def drop_queue(session: Session, queue: str) -> int:
    """Delete all of a queue, and what held it back; how many jobs there were.

    Its keys must be its own. A worker with one of them in hand loses its lease.
    """
    dropped = changed_rows(session, delete(JobRow).where(JobRow.queue == queue))
    changed_rows(session, delete(QueueRow).where(QueueRow.name == queue))
    return dropped


def queue_rows(session: Session, queues: Collection[str]) -> dict[str, QueueRow]:
    """What is out of the ordinary about some queues, by name."""
    found = session.scalars(select(QueueRow).where(QueueRow.name.in_(queues)))
    return {row.name: row for row in found}
