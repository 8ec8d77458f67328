"""Phones that may be reached, and what each citizen was told."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.core.db import Base


class Device(Base):
    """One installation of the app. Its address is a kind (`token` or `fid`) and a value."""

    __tablename__ = "devices"

    installation_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    citizen_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("citizens.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    value: Mapped[str] = mapped_column(String(500))
    platform: Mapped[str] = mapped_column(String(10))
    app_version: Mapped[str] = mapped_column(String(20))
    locale: Mapped[str] = mapped_column(String(5))
    quarantined_at: Mapped[datetime | None]  # it belongs to another Firebase project
    last_seen_at: Mapped[datetime]


class InboxMessage(Base):
    """What a citizen was told, as a text's key and values: read in his language of that day.

    Its id is the id of what caused it, so that a repeated job writes nothing twice.
    """

    __tablename__ = "inbox_messages"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    citizen_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("citizens.id"))
    text: Mapped[str] = mapped_column(String(60))
    values: Mapped[dict[str, Any]]
    link: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_inbox_messages_citizen", "citizen_id", "created_at", "id"),)
