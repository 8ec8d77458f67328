"""A job in a worker's hands, for a time."""

from dataclasses import dataclass, field
from typing import Any, cast

from sqlalchemy import CursorResult, Delete, Update, delete, update
from sqlalchemy.orm import Session

from smartcity.core.db import database_now, seconds_from_now, transaction
from smartcity.jobs import breaker
from smartcity.jobs.models import JobRow
from smartcity.jobs.sql import Statement, Words


class LeaseLost(Exception):
    """Another worker has the job, or it is gone: what this one did for it must not count."""


@dataclass(slots=True)
class Lease:
    """A claimed job. Its epoch is the fence: a worker that woke late can no longer change it.

    A handler that ends without asking its destination says so by `reached = False`: its end then
    tells the breaker nothing. `finished`: the handler has settled it itself.
    """

    id: int
    name: str
    queue: str
    payload: dict[str, Any]
    ordering_key: str | None
    epoch: int
    attempts: int
    seconds: float
    breaker: bool
    finished: bool = field(default=False, init=False)
    failed: bool = field(default=False, init=False)
    reached: bool = field(default=True, init=False)

    def finish(self, session: Session) -> None:
        """End the job in the handler's own transaction, so that effect and end commit together.

        Lets the next of its key run. The transaction's last act: those who enqueue behind this job
        wait until it commits. Raises LeaseLost.
        """
        self.change(session, delete(JobRow))
        if self.ordering_key is not None:
            promote(session, self.ordering_key)
        if self.breaker and self.reached:
            breaker.succeeded(session, self.queue)
        self.finished = True

    def renew(self) -> None:
        """Hold the job for its full lease from now on. Not inside a transaction. LeaseLost."""
        with transaction() as session:
            self.hold(session)

    def hold(self, session: Session) -> None:
        """Renew it within a transaction, which the fence then guards whole. Raises LeaseLost."""
        if not _hold.run(session, id=self.id, epoch=self.epoch, seconds=self.seconds).all():
            raise LeaseLost(f"{self.name} {self.id}")

    def release(self, session: Session) -> None:
        """Give the job back as it was, for any worker to take at once. Raises LeaseLost."""
        back = update(JobRow).values(run_at=database_now(session), leased_by=None)
        self.change(session, back)

    def postpone(self, session: Session, seconds: float) -> None:
        """Give the job back for later: its time has not come, so no attempt is spent. LeaseLost."""
        later = seconds_from_now(session, seconds)
        self.change(session, update(JobRow).values(run_at=later, leased_by=None))
        self.finished = True

    def change(self, session: Session, statement: Update | Delete) -> None:
        """Apply a change to this job's row behind the fence. Raises LeaseLost."""
        mine = JobRow.id == self.id, JobRow.lease_epoch == self.epoch, JobRow.leased_by.is_not(None)
        if not changed_rows(session, statement.where(*mine)):
            raise LeaseLost(f"{self.name} {self.id}")


@Statement
def _hold(db: Words) -> str:
    return f"""
UPDATE jobs SET run_at = {db.later(":seconds")}
WHERE id = :id AND lease_epoch = :epoch AND leased_by IS NOT NULL RETURNING id
"""  # noqa: S608 - every piece is a constant


@Statement
def _ready_oldest(_db: Words) -> str:
    return """
UPDATE jobs SET state = 'ready' WHERE state = 'waiting'
AND id = (SELECT min(id) FROM jobs WHERE ordering_key = :ordering_key)
"""


def promote(session: Session, ordering_key: str) -> None:
    """Make the oldest job of a key its head; call after the head was deleted, never with it.

    A later statement sees what was enqueued while the DELETE waited. The job keeps its own
    `run_at`: the longest kept waiting goes first, a postponed one not before its time.
    """
    _ready_oldest.run(session, ordering_key=ordering_key)


def changed_rows(session: Session, statement: Update | Delete) -> int:
    """Run a change past the ORM's memory; the number of rows it met."""
    result = session.execute(statement, execution_options={"synchronize_session": False})
    return cast("CursorResult[Any]", result).rowcount
