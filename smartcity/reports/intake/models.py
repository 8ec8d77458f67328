"""Rules that route reports, the devices that reports came from, and those that are watched."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.core.db import Base


class RoutingRuleRow(Base):
    """A rule of `routing.yaml`; one that left the file stays, inactive."""

    __tablename__ = "routing_rules"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    position: Mapped[int]
    conditions: Mapped[dict[str, Any]]
    agency: Mapped[str] = mapped_column(String(40))  # no foreign key: a bad rule disables itself
    active: Mapped[bool]
    disabled_at: Mapped[datetime | None]
    disabled_by: Mapped[str | None] = mapped_column(String(80))  # an officer, or the system
    disabled_why: Mapped[str | None] = mapped_column(String(500))


class ReportDevice(Base):
    """Which installation of the app sent a report: a keyed digest, kept for a time only."""

    __tablename__ = "report_devices"
    __table_args__ = (Index(None, "device_index", "at"),)

    report_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("reports.id"), primary_key=True)
    device_index: Mapped[str] = mapped_column(String(43))
    at: Mapped[datetime] = mapped_column(index=True)


class BlockedDevice(Base):
    """An installation whose reports are looked at twice until a day."""

    __tablename__ = "blocked_devices"
    __table_args__ = (Index(None, "created_at", "id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    device_index: Mapped[str] = mapped_column(String(43), index=True)
    report_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("reports.id"))  # that gave the reason
    reason: Mapped[str] = mapped_column(String(500))
    blocked_by: Mapped[str] = mapped_column(String(80))
    until: Mapped[datetime]
    created_at: Mapped[datetime]
