"""Requests to extend a report's limit, and what became of them."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.core.db import Base

_OPEN = text("decided_at IS NULL")


class Verdict(StrEnum):
    """How a request ended; it lapses when the report leaves the unit that asked."""

    GRANTED = "granted"
    DENIED = "denied"
    LAPSED = "lapsed"


class Extension(Base):
    """A unit's request for more time: why, until when instead of `due_before`, and the verdict.

    `asked_by` and `decided_by` are keys of principals. A report has one open request at a time.
    """

    __tablename__ = "extensions"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    report_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("reports.id"))
    agency: Mapped[str | None] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(Text)
    due_before: Mapped[datetime]
    until: Mapped[datetime]
    asked_by: Mapped[str] = mapped_column(String(80))
    asked_at: Mapped[datetime]
    verdict: Mapped[str | None] = mapped_column(String(10))
    decided_by: Mapped[str | None] = mapped_column(String(80))
    decided_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_extensions_report", "report_id", "asked_at"),
        Index(
            "uq_extensions_open",
            "report_id",
            unique=True,
            postgresql_where=_OPEN,
            sqlite_where=_OPEN,
        ),
    )
