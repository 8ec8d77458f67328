"""The tables of the queue. A finished job leaves no row."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, SmallInteger, String, literal_column, text
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.core.db import Base, RowNumber

URGENT, NORMAL, BULK = PRIORITIES = 0, 1, 2


class State(StrEnum):
    """READY may be claimed when its time has come; WAITING stands behind another of its key."""

    READY = "ready"
    WAITING = "waiting"
    DEAD = "dead"


def _where(condition: str) -> dict[str, Any]:
    return {"postgresql_where": text(condition), "sqlite_where": text(condition)}


class JobRow(Base):
    """A job to be done: leased while `leased_by` is set and `run_at` lies ahead."""

    __tablename__ = "jobs"
    __table_args__ = (
        Index("ix_jobs_due", "queue", "priority", "run_at", **_where("state = 'ready'")),
        Index(
            "ix_jobs_leased",
            "queue",
            "run_at",
            **_where("state = 'ready' AND leased_by IS NOT NULL"),
        ),
        Index("ix_jobs_key", "ordering_key", "id", **_where("ordering_key IS NOT NULL")),
        Index(  # a key has one head, whatever races
            "uq_jobs_head",
            "ordering_key",
            unique=True,
            **_where("ordering_key IS NOT NULL AND state <> 'waiting'"),
        ),
        Index("ix_jobs_dead", "id", **_where("state = 'dead'")),
        {"sqlite_autoincrement": True},  # an id used again would break the fence
    )

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    queue: Mapped[str] = mapped_column(String(80))
    priority: Mapped[int] = mapped_column(SmallInteger)
    payload: Mapped[dict[str, Any]]
    ordering_key: Mapped[str | None] = mapped_column(String(120))
    state: Mapped[str] = mapped_column(String(10))
    run_at: Mapped[datetime]
    lease_epoch: Mapped[int]
    leased_by: Mapped[str | None] = mapped_column(String(80))
    attempts: Mapped[int]
    first_failed_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(String(300))
    enqueued_at: Mapped[datetime]


class QueueRow(Base):
    """What is out of the ordinary about a queue; one without a row is running and healthy.

    `cap`: leases at once in the whole fleet. `per_second`: how many may start in a second; of
    those `tokens` were left at `filled_at`.
    """

    __tablename__ = "job_queues"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime | None]
    next_probe_at: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]
    paused_by: Mapped[str | None] = mapped_column(String(80))
    paused_reason: Mapped[str | None] = mapped_column(String(500))
    disabled_reason: Mapped[str | None] = mapped_column(String(300))
    cap: Mapped[int | None]
    per_second: Mapped[float | None]
    tokens: Mapped[float | None]
    filled_at: Mapped[datetime | None]


class SlotRow(Base):
    """A period of a periodic job that somebody has enqueued."""

    __tablename__ = "job_slots"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    slot: Mapped[int] = mapped_column(RowNumber, primary_key=True, autoincrement=False)


# Written out, not bound: a planner takes a partial index only when it sees the value.
READY = JobRow.state == literal_column("'ready'")
DEAD = JobRow.state == literal_column("'dead'")
