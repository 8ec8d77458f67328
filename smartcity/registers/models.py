"""Entries of registers, as they stand and as they stood, and where they are."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.core.db import Base


class State(StrEnum):
    """How an entry stands; the public sees the published ones."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    DISCARDED = "discarded"


class Entry(Base):
    """A record of some kind: a place, a job, a contest.

    `record` is what the kind's schema dumps. `key` names it in files, `category` sorts it within
    its kind. `opens_at` and `closes_at` are the record's own window; `over` tells that it is past,
    set within a minute after. `card` and `whole` are the public JSON texts, written when the record
    changes. `sorting` is how its title sorts; `folded` is what filters look in.
    """

    __tablename__ = "register_entries"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    key: Mapped[str | None] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(12))
    version: Mapped[int]
    category: Mapped[str | None] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(300))
    sorting: Mapped[str] = mapped_column(String(100))
    folded: Mapped[str] = mapped_column(Text)
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    over: Mapped[bool] = mapped_column(default=False, server_default=false())
    record: Mapped[dict[str, Any]]
    card: Mapped[str] = mapped_column(Text)
    whole: Mapped[str] = mapped_column(Text)
    demo: Mapped[bool]  # its facts carry no source
    published_at: Mapped[datetime | None]  # first
    changed_by: Mapped[str] = mapped_column(String(80))
    changed_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("kind", "key"),
        Index(None, "kind", "changed_at", "id"),
        Index(None, "kind", "over", "published_at", "id"),
        Index(None, "kind", "over", "opens_at", "id"),
        Index(None, "kind", "sorting", "id"),
        Index(None, "kind", "category", "sorting", "id"),
        Index(None, "state", "over", "closes_at"),
    )


class EntryVersion(Base):
    """An entry as it was from `at` on. `deed` is of `states.DEEDS`, or `entered` or `changed`.

    `fields` names what differs from the version before; `origin` the file that brought it.
    """

    __tablename__ = "register_versions"

    entry_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("register_entries.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    deed: Mapped[str] = mapped_column(String(12))
    record: Mapped[dict[str, Any]]
    fields: Mapped[list[Any]]
    origin: Mapped[str | None] = mapped_column(String(200))
    reason: Mapped[str | None] = mapped_column(String(500))
    made_by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]


class EntryArea(Base):
    """A commune that an entry is for; one without any is for the whole province."""

    __tablename__ = "register_areas"

    entry_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("register_entries.id"), primary_key=True)
    area: Mapped[str] = mapped_column(String(20), primary_key=True, index=True)


class EntryPoint(Base):
    """Where a published entry is; `feature` is it as GeoJSON (RFC 7946)."""

    __tablename__ = "register_points"

    entry_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("register_entries.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    category: Mapped[str | None] = mapped_column(String(40))
    lat: Mapped[float]
    lon: Mapped[float]
    feature: Mapped[str] = mapped_column(Text)

    __table_args__ = (
        Index(None, "kind", "lat", "lon"),
        Index(None, "kind", "category", "lat", "lon"),
    )
