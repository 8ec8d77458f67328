"""What editors put on the phone's first screen, and how the app is told to behave."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.core.db import Base


class Card(Base):
    """A banner (with a picture) or an announcement (with words), within a window of time.

    `areas` empty: shown everywhere; `app_from` and `platforms` empty: to every app. `showing`:
    it is public now; a job turns it with the window.
    """

    __tablename__ = "home_cards"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))  # banner, announcement
    version: Mapped[int]
    title_vi: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str | None] = mapped_column(String(200))
    text_vi: Mapped[str | None] = mapped_column(String(2000))
    text_en: Mapped[str | None] = mapped_column(String(2000))
    folded: Mapped[str] = mapped_column(String(2500))
    level: Mapped[str] = mapped_column(String(10))  # info, warning
    media_id: Mapped[uuid.UUID | None]
    alt_vi: Mapped[str | None] = mapped_column(String(300))
    alt_en: Mapped[str | None] = mapped_column(String(300))
    link: Mapped[str | None] = mapped_column(String(1000))
    areas: Mapped[list[Any]]
    platforms: Mapped[list[Any]]
    app_from: Mapped[str | None] = mapped_column(String(20))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    rank: Mapped[int]
    showing: Mapped[bool]
    withdrawn_at: Mapped[datetime | None]
    made_by: Mapped[str] = mapped_column(String(80))
    made_at: Mapped[datetime]

    __table_args__ = (Index(None, "made_at", "id"), Index(None, "showing", "rank", "id"))


class Contact(Base):
    """A number to call (đường dây nóng): emergency, utility or office."""

    __tablename__ = "home_contacts"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    kind: Mapped[str] = mapped_column(String(12))  # emergency, hotline
    number: Mapped[str] = mapped_column(String(20))
    name_vi: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str | None] = mapped_column(String(200))
    text_vi: Mapped[str | None] = mapped_column(String(500))
    text_en: Mapped[str | None] = mapped_column(String(500))
    folded: Mapped[str] = mapped_column(String(500))
    agency: Mapped[str | None] = mapped_column(ForeignKey("agencies.code"))
    areas: Mapped[list[Any]]
    rank: Mapped[int]
    withdrawn_at: Mapped[datetime | None]
    made_by: Mapped[str] = mapped_column(String(80))
    made_at: Mapped[datetime]

    __table_args__ = (Index(None, "made_at", "id"),)


class AppConfig(Base):
    """One version of what `GET /app-config` tells; the highest is in force."""

    __tablename__ = "app_configs"

    version: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[dict[str, Any]]
    made_by: Mapped[str] = mapped_column(String(80))
    made_at: Mapped[datetime]
    reason: Mapped[str | None] = mapped_column(String(500))


class Bookmark(Base):
    """A public thing that a citizen keeps at hand."""

    __tablename__ = "bookmarks"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    citizen_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("citizens.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(20))
    ref: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]

    __table_args__ = (
        Index(None, "citizen_id", "kind", "ref", unique=True),
        Index(None, "citizen_id", "made_at", "id"),
    )
