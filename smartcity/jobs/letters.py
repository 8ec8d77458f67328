"""Dead letters: jobs that a person has to look at. Whoever acts on one writes the audit row."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from smartcity.core.db import database_now
from smartcity.core.errors import NotFound
from smartcity.jobs.lease import changed_rows, promote
from smartcity.jobs.models import DEAD, JobRow, State


@dataclass(frozen=True)
class DeadLetter:
    """A job that was given up. Its payload stays in the database: it may name a person."""

    id: int
    name: str
    queue: str
    ordering_key: str | None
    attempts: int
    first_failed_at: datetime
    last_error: str


def dead_letters(
    session: Session, *, queue: str | None = None, before: int | None = None, limit: int = 50
) -> list[DeadLetter]:
    """The newest dead letters, of one queue or of all; `before` is the last id of a page."""
    columns = [getattr(JobRow, name) for name in DeadLetter.__dataclass_fields__]
    query = select(*columns).where(DEAD).order_by(JobRow.id.desc()).limit(limit)
    if queue is not None:
        query = query.where(JobRow.queue == queue)
    if before is not None:
        query = query.where(JobRow.id < before)
    return [DeadLetter(*letter) for letter in session.execute(query)]


def head(session: Session, ordering_key: str) -> tuple[int, dict[str, Any]] | None:
    """The id and payload of the job that a key is at, dead or not; None when there is none."""
    first = JobRow.ordering_key == ordering_key, JobRow.state != State.WAITING
    found = session.execute(select(JobRow.id, JobRow.payload).where(*first)).first()
    return found and (found.id, found.payload)


def replay(session: Session, job: int) -> None:
    """Try a dead letter again, with all its attempts and hours before it.

    Raises NotFound when no dead letter has this id.
    """
    fresh = {"attempts": 0, "first_failed_at": None, "last_error": None}
    again = update(JobRow).where(JobRow.id == job, DEAD)
    again = again.values(state=State.READY, run_at=database_now(session), **fresh)
    if not changed_rows(session, again):
        raise NotFound("job.not_dead")


def drop(session: Session, job: int) -> None:
    """Delete a dead or stuck job and let the next of its key run.

    Raises NotFound when there is none, or when it stands behind another of its key.
    """
    head = JobRow.id == job, JobRow.state != State.WAITING
    dropped = session.execute(delete(JobRow).where(*head).returning(JobRow.ordering_key)).first()
    if dropped is None:
        raise NotFound("job.not_found")
    if dropped.ordering_key is not None:
        promote(session, dropped.ordering_key)
