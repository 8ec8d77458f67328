"""Feeds that are polled, and what was seen in them."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.core.db import Base


class Licence(StrEnum):
    """How much of a source's article we may show."""

    FULL = "full"
    SUMMARY = "summary"
    LINK = "link"


class Source(Base):
    """A feed of an agency or a newspaper, how it is treated, and how it is doing.

    `interval` is the seconds between two polls now; it adapts between `interval_least` and
    `interval_most`. `fault` is what the last poll failed with (a key of the texts, perhaps with
    values), `failures` how many failed in a row. `due_at` is when it is polled next: None while it
    is being polled, and where it is polled no more. `moved_to` is where it says that it lives now.
    """

    __tablename__ = "news_sources"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    name_folded: Mapped[str] = mapped_column(String(400))
    url: Mapped[str] = mapped_column(String(1000), unique=True)
    agency: Mapped[str | None] = mapped_column(ForeignKey("agencies.code"))
    category: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(2))
    licence: Mapped[str] = mapped_column(String(8))
    auto_publish: Mapped[bool] = mapped_column(default=False, server_default=false())
    paused: Mapped[bool] = mapped_column(default=False, server_default=false())
    interval: Mapped[int]
    interval_least: Mapped[int]
    interval_most: Mapped[int]
    etag: Mapped[str | None] = mapped_column(String(300))
    last_modified: Mapped[str | None] = mapped_column(String(100))
    moved_to: Mapped[str | None] = mapped_column(String(1000))
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    dead_at: Mapped[datetime | None]  # from when on it counts as dead, without success before
    polled_at: Mapped[datetime | None]
    succeeded_at: Mapped[datetime | None]
    newest_at: Mapped[datetime | None]  # when something new was last seen in it
    failures: Mapped[int]
    fault: Mapped[str | None] = mapped_column(String(300))
    version: Mapped[int]
    made_by: Mapped[str] = mapped_column(String(80))
    made_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]

    __table_args__ = (Index(None, "made_at", "id"),)


class Item(Base):
    """One entry of a feed that was seen; `key` is the SHA-256 of its guid or canonical link.

    `digest` is of its text as it was last seen, `likeness` a SimHash of it; both find repetitions.
    """

    __tablename__ = "news_items"

    source_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("news_sources.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    link_key: Mapped[str | None] = mapped_column(String(64), index=True)
    digest: Mapped[str] = mapped_column(String(64), index=True)
    likeness: Mapped[int] = mapped_column(BigInteger)
    article_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("news_articles.id"))
    first_seen: Mapped[datetime] = mapped_column(index=True)
    changed_at: Mapped[datetime]
