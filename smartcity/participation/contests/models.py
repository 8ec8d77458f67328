"""Contests as they are entered: entrants, attempts, the lot, corrections and winners."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.core.db import Base

_ENTRY = "register_entries.id"
_CITIZEN = "citizens.id"


class Entrant(Base):
    """A citizen in a contest: what he is called there, and his best attempt.

    A better attempt has more points, then fewer milliseconds. `id` stands for him in public: the
    lot is drawn by it.
    """

    __tablename__ = "contest_entrants"

    contest_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(_ENTRY), primary_key=True)
    citizen_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey(_CITIZEN, ondelete="CASCADE"), primary_key=True
    )
    id: Mapped[uuid.UUID]
    called: Mapped[str | None] = mapped_column(String(60))
    ward: Mapped[str | None] = mapped_column(String(20))
    birth_year: Mapped[int | None]
    attempts: Mapped[int]
    best_id: Mapped[uuid.UUID | None]
    points: Mapped[int | None]
    took_ms: Mapped[int | None]
    entered_at: Mapped[datetime]


Index(
    "ix_contest_entrants_ranking",
    Entrant.contest_id,
    Entrant.points.desc(),
    Entrant.took_ms,
    Entrant.citizen_id,
)


class Attempt(Base):
    """One go at a contest: its paper, the answers so far, and the bell.

    `paper` lists question ids, each with the order of its options; `answers` is by question id.
    `ends_at` is the server's; what comes after it is not counted.
    """

    __tablename__ = "contest_attempts"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    contest_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(_ENTRY))
    citizen_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(_CITIZEN, ondelete="CASCADE"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(10))  # running, submitted or timed_out
    paper: Mapped[list[Any]]
    answers: Mapped[dict[str, Any]]
    points: Mapped[int | None]
    took_ms: Mapped[int | None]
    started_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("citizen_id", "contest_id", "number"),
        Index(None, "state", "ends_at"),
    )


class Draw(Base):
    """The lot that decides between equals.

    `commitment` (SHA-256 of `seed`) is public from the start, the seed from the results on: so
    anybody can draw again. `version` rises with what changes the results: who settles names it.
    """

    __tablename__ = "contest_draws"

    contest_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(_ENTRY), primary_key=True)
    seed: Mapped[str] = mapped_column(String(200))  # sealed until the results
    commitment: Mapped[str] = mapped_column(String(64))
    version: Mapped[int]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[str | None] = mapped_column(String(80))
    told_at: Mapped[datetime | None]  # public since then


class Regrade(Base):
    """A correction of a contest's bank, and how far all entrants are graded anew by it."""

    __tablename__ = "contest_regrades"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    contest_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(_ENTRY))
    question: Mapped[str] = mapped_column(String(40))
    before: Mapped[int]
    right: Mapped[int]
    reason: Mapped[str] = mapped_column(String(500))
    made_by: Mapped[str] = mapped_column(String(80))
    made_at: Mapped[datetime]
    entrants: Mapped[int]
    done: Mapped[int]
    ended_at: Mapped[datetime | None]

    __table_args__ = (Index(None, "contest_id", "made_at", "id"),)


class Winner(Base):
    """Who won what, as the results were settled."""

    __tablename__ = "contest_winners"

    contest_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(_ENTRY), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    citizen_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey(_CITIZEN, ondelete="SET NULL"), index=True
    )
    entrant_id: Mapped[uuid.UUID]
    called: Mapped[str | None] = mapped_column(String(60))
    ward: Mapped[str | None] = mapped_column(String(20))
    rank: Mapped[int]
    prize: Mapped[str] = mapped_column(String(200))
    points: Mapped[int]
    took_ms: Mapped[int]
