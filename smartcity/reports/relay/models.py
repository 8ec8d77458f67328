"""What a partner relayed with words for a place: no report yet."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.core.db import Base

_WAITS = text("closed_at IS NULL")


class UnplacedReport(Base):
    """A relayed report that waits until an officer finds its place, or refuses it.

    Its id is the token that the partner asks with. Once it is closed the words are in the report,
    or nowhere.
    """

    __tablename__ = "unplaced_reports"
    __table_args__ = (
        Index(
            "ix_unplaced_reports_waiting",
            "created_at",
            "id",
            postgresql_where=_WAITS,
            sqlite_where=_WAITS,
        ),
        Index(None, "closed_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    filed_by: Mapped[str] = mapped_column(String(80))
    channel: Mapped[str] = mapped_column(String(20))
    category: Mapped[str] = mapped_column(String(40))
    description: Mapped[str | None] = mapped_column(Text)
    address: Mapped[str | None] = mapped_column(String(300))
    details: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime]
    report_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("reports.id"))
    refusal: Mapped[str | None] = mapped_column(Text)  # why it became no report
    closed_by: Mapped[str | None] = mapped_column(String(80))
    closed_at: Mapped[datetime | None]
