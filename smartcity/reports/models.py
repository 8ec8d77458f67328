"""A report as it stands, and the append-only history of how it came there."""

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Sequence, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.core.db import Base

REPORT_NUMBER = Sequence("report_number_seq", metadata=Base.metadata)  # PostgreSQL


class Report(Base):
    """A citizen's field report (phản ánh hiện trường).

    `sequence` is the number of its last event, and so also its version.
    """

    __tablename__ = "reports"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, unique=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    reporter_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("citizens.id"))
    anonymous: Mapped[bool]
    urgent: Mapped[bool]
    category: Mapped[str] = mapped_column(String(40))
    description: Mapped[str] = mapped_column(Text)
    folded: Mapped[str] = mapped_column(Text)
    latitude: Mapped[float]
    longitude: Mapped[float]
    address: Mapped[str | None] = mapped_column(String(300))
    area: Mapped[str] = mapped_column(String(10))
    agency: Mapped[str | None] = mapped_column(String(40))
    status: Mapped[str] = mapped_column(String(20))
    asked_in: Mapped[str | None] = mapped_column(String(20))
    sequence: Mapped[int]
    submitted_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    __table_args__ = (
        Index("ix_reports_submitted", "submitted_at", "id"),
        Index("ix_reports_status", "status", "submitted_at", "id"),
        Index("ix_reports_agency", "agency", "submitted_at", "id"),
        Index("ix_reports_reporter", "reporter_id", "submitted_at", "id"),
    )


class ReportEvent(Base):
    """One step of a report. Its id is what operations centres know it by."""

    __tablename__ = "report_events"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    report_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("reports.id"))
    sequence: Mapped[int]
    move: Mapped[str] = mapped_column(String(30))
    from_status: Mapped[str | None] = mapped_column(String(20))
    to_status: Mapped[str] = mapped_column(String(20))
    actor: Mapped[str] = mapped_column(String(80))
    agency: Mapped[str | None] = mapped_column(String(40))
    reason: Mapped[str | None] = mapped_column(String(40))
    public_text: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("report_id", "sequence"),)
