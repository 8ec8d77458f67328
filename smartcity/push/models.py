"""Phones that may be reached, what each person and everybody was told, and what holds sending."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.core.db import Base, RowNumber


class Platform(StrEnum):
    """What a phone runs."""

    ANDROID = "android"
    IOS = "ios"
    WEB = "web"


class Device(Base):
    """One installation of the app. Its address is a kind (`token` or `fid`) and a value.

    `number` is dense and never given twice: frozen audiences are lists of it. `citizen_id` is null
    for an app in which nobody signed in; `key_hash` is of the key that such an app named first.
    `app_number` orders versions. Quiet hours are minutes after local midnight; null is the
    province's, equal ends are none.
    """

    __tablename__ = "devices"

    number: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    installation_id: Mapped[uuid.UUID] = mapped_column(unique=True)
    citizen_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("citizens.id"), index=True)
    key_hash: Mapped[str | None] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(10))
    value: Mapped[str] = mapped_column(String(500))
    platform: Mapped[str] = mapped_column(String(10))
    app_version: Mapped[str] = mapped_column(String(20))
    app_number: Mapped[int]
    locale: Mapped[str] = mapped_column(String(5))
    ward: Mapped[str | None] = mapped_column(String(10))
    quiet_from: Mapped[int | None] = mapped_column(SmallInteger)
    quiet_to: Mapped[int | None] = mapped_column(SmallInteger)
    quarantined_at: Mapped[datetime | None]  # it belongs to another Firebase project
    last_seen_at: Mapped[datetime]
    created_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("kind", "value"),
        Index("ix_devices_seen", "last_seen_at"),
        {"sqlite_autoincrement": True},
    )


class DeviceChoice(Base):
    """A category switched off, or a topic followed, where that is not the province's default."""

    __tablename__ = "device_choices"

    name: Mapped[str] = mapped_column(String(30), primary_key=True)
    device: Mapped[int] = mapped_column(
        ForeignKey("devices.number", ondelete="CASCADE"), primary_key=True, index=True
    )
    wanted: Mapped[bool]


class InboxMessage(Base):
    """What a citizen was told, as a text's key and values: read in his language of that day.

    Its id is the id of what caused it, so that a repeated job writes nothing twice; `created_at`
    is when that happened.
    """

    __tablename__ = "inbox_messages"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    citizen_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("citizens.id"))
    category: Mapped[str] = mapped_column(String(30))
    text: Mapped[str] = mapped_column(String(60))
    values: Mapped[dict[str, Any]]
    link: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    archived_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_inbox_messages_citizen", "citizen_id", "created_at", "id"),)


class Broadcast(Base):
    """One message to everybody whom a rule meets: one row, whoever reads it.

    Its id is the campaign's; `content` holds `{language: {title, body}}`; `recalled_at`: another
    has taken its place.
    """

    __tablename__ = "broadcasts"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    category: Mapped[str] = mapped_column(String(30))
    content: Mapped[dict[str, Any]]
    link: Mapped[str] = mapped_column(Text)
    audience: Mapped[dict[str, Any]]
    sent_at: Mapped[datetime] = mapped_column(index=True)
    recalled_at: Mapped[datetime | None]


class BroadcastMark(Base):
    """That a reader (a citizen's id, or an installation's where nobody signed in) has read one."""

    __tablename__ = "broadcast_marks"

    reader: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    broadcast_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("broadcasts.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    read_at: Mapped[datetime | None]
    archived_at: Mapped[datetime | None]


class Brake(Base):
    """Nothing goes to a platform, or to any (`all`), for a time; until a person lets it if null."""

    __tablename__ = "push_brakes"

    scope: Mapped[str] = mapped_column(String(10), primary_key=True)
    until: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]
