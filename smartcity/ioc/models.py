"""What went to the operations centres, and what came back."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.core.db import Base


class Delivery(Base):
    """One event for one destination: `delivered`, or why not yet.

    `unknown`: sent, and no answer came; the same id goes again. `dead`: the centre refused it.
    """

    __tablename__ = "ioc_deliveries"

    event_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("report_events.id"), primary_key=True)
    destination: Mapped[str] = mapped_column(String(40), primary_key=True)
    state: Mapped[str] = mapped_column(String(12))
    attempts: Mapped[int]
    last_error: Mapped[str | None] = mapped_column(String(200))
    reference: Mapped[str | None] = mapped_column(String(100))
    first_sent_at: Mapped[datetime]
    delivered_at: Mapped[datetime | None]


class Callback(Base):
    """A centre's callback, remembered by its id with what came of it."""

    __tablename__ = "ioc_callbacks"

    source: Mapped[str] = mapped_column(String(40), primary_key=True)
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    report_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("reports.id"))
    sequence: Mapped[int]
    move: Mapped[str] = mapped_column(String(30))
    outcome: Mapped[str] = mapped_column(String(10))  # applied, late or refused
    sent_at: Mapped[datetime]
    received_at: Mapped[datetime]

    __table_args__ = (Index("ix_ioc_callbacks_report", "report_id", "source", "sequence"),)
