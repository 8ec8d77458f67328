"""Archives that citizens ask for, the register of their requests, and the register of breaches."""

import uuid
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.core.db import Base

NOTICE_WITHIN = timedelta(hours=72)  # Law 91/2025/QH15: to the authority, from the discovery


class ExportState(StrEnum):
    """How far an archive is."""

    WAITING = "waiting"
    WORKING = "working"
    READY = "ready"
    EXPIRED = "expired"  # destroyed


class Export(Base):
    """One archive of all that is held of a citizen; `progress` in percent, `size` in bytes."""

    __tablename__ = "exports"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    citizen_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("citizens.id"))
    state: Mapped[str] = mapped_column(String(10))
    progress: Mapped[int] = mapped_column(SmallInteger)
    size: Mapped[int | None] = mapped_column(BigInteger)
    asked_at: Mapped[datetime] = mapped_column(index=True)
    expires_at: Mapped[datetime | None] = mapped_column(index=True)

    __table_args__ = (Index("ix_exports_citizen", "citizen_id", "asked_at", "id"),)


class DataRequest(Base):
    """What a person asked for under the law. It stays when he is erased, without him."""

    __tablename__ = "data_requests"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    citizen_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("citizens.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    outcome: Mapped[str | None] = mapped_column(String(10))  # done or cancelled
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]  # for the answer
    answered_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_data_requests_asked", "asked_at", "id"),)


class Breach(Base):
    """A breach of personal data: what happened, to how many, and who was told when."""

    __tablename__ = "breaches"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column()
    description: Mapped[str] = mapped_column(Text)
    data_kinds: Mapped[list[Any]] = mapped_column(JSON)
    people: Mapped[int | None]
    measures: Mapped[str | None] = mapped_column(Text)
    discovered_at: Mapped[datetime]
    authority_notified_at: Mapped[datetime | None]
    people_notified_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    recorded_by: Mapped[str] = mapped_column(String(80))  # an officer's key
    recorded_at: Mapped[datetime]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
    __table_args__ = (Index("ix_breaches_discovered", "discovered_at", "id"),)

    @property
    def notify_by(self) -> datetime:
        """Until when the authority must have been told."""
        return self.discovered_at + NOTICE_WITHIN
