"""Procedures as they stand and as they stood, how often they were opened, and their links."""

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.core.db import Base


class State(StrEnum):
    """How a procedure stands: a withdrawn one is kept, and shown to officers alone."""

    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Outcome(StrEnum):
    """What the last look at a link gave."""

    GOOD = "good"
    BROKEN = "broken"
    UNKNOWN = "unknown"  # no answer, or one that says nothing of the page


class Procedure(Base):
    """An administrative procedure (thủ tục hành chính), as it stands.

    `record` is what `records.schemas.RecordIn` loads, with dates as text. `card` and `whole` are
    the public JSON texts, written when the record changes. `opened` counts how often it was gone
    to in the last 30 days, brought up to date every night.
    """

    __tablename__ = "procedures"

    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    state: Mapped[str] = mapped_column(String(12))
    version: Mapped[int]
    name: Mapped[str] = mapped_column(String(500))
    folded: Mapped[str] = mapped_column(String(1100))  # code and name, to search
    field: Mapped[str] = mapped_column(String(200))
    agency: Mapped[str] = mapped_column(String(300))
    degree: Mapped[str] = mapped_column(String(12))
    record: Mapped[dict[str, Any]]
    card: Mapped[str] = mapped_column(Text)
    whole: Mapped[str] = mapped_column(Text)
    opened: Mapped[int] = mapped_column(default=0)
    demo: Mapped[bool]  # its facts carry no source
    checked_on: Mapped[date | None]
    changed_by: Mapped[str] = mapped_column(String(80))
    changed_at: Mapped[datetime]

    __table_args__ = (Index(None, "changed_at", "code"),)


class ProcedureVersion(Base):
    """A procedure as it was from `at` on. `deed`: entered, changed, withdrawn or restored.

    `fields` names what differs from the version before; `origin` the file that brought it.
    """

    __tablename__ = "procedure_versions"

    code: Mapped[str] = mapped_column(ForeignKey("procedures.code"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    deed: Mapped[str] = mapped_column(String(12))
    record: Mapped[dict[str, Any]]
    fields: Mapped[list[Any]]
    origin: Mapped[str | None] = mapped_column(String(200))
    reason: Mapped[str | None] = mapped_column(String(500))
    made_by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]


class ProcedureOpenings(Base):
    """How often a procedure was gone to on a day; nobody's name stands beside it."""

    __tablename__ = "procedure_openings"

    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    opened: Mapped[int]


class LinkCheck(Base):
    """What the last look at a procedure's web link gave.

    `checked_at` is None before the first. `broken_since` is when it was first found broken of late;
    `failures` counts looks in a row that did not find it good.
    """

    __tablename__ = "procedure_links"

    code: Mapped[str] = mapped_column(ForeignKey("procedures.code"), primary_key=True)
    address: Mapped[str] = mapped_column(String(700))
    outcome: Mapped[str] = mapped_column(String(12))
    fault: Mapped[str | None] = mapped_column(String(200))
    failures: Mapped[int]
    checked_at: Mapped[datetime | None]
    broken_since: Mapped[datetime | None]

    __table_args__ = (Index(None, "outcome", "broken_since", "code"),)


class Checklist(Base):
    """Which papers of a procedure a citizen has together; `ticked` are ids of its documents."""

    __tablename__ = "checklists"

    citizen_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("citizens.id", ondelete="CASCADE"), primary_key=True
    )
    code: Mapped[str] = mapped_column(ForeignKey("procedures.code"), primary_key=True)
    ticked: Mapped[list[Any]]
    changed_at: Mapped[datetime]

    __table_args__ = (Index(None, "citizen_id", "changed_at", "code"),)
