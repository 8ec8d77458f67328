"""What officers and citizens write beside a report, and what officers keep for their work."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.core.db import Base

_SHARED = text("shared_in IS NOT NULL")


class Moderation(StrEnum):
    """Whether others may read a comment."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"


class Comment(Base):
    """Words of a citizen, or (`agency`) official ones; others read it once it is approved."""

    __tablename__ = "report_comments"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    report_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("reports.id"))
    citizen_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("citizens.id"), index=True)
    agency: Mapped[str | None] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str | None] = mapped_column(String(300))
    created_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_report_comments_report", "report_id", "created_at", "id"),
        Index("ix_report_comments_status", "status", "created_at", "id"),
    )


class Note(Base):
    """An officer's words for officers only. `agency` wrote it; `for_agency` may read it, too."""

    __tablename__ = "report_notes"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    report_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("reports.id"))
    officer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("officers.id"))
    agency: Mapped[str | None] = mapped_column(String(40))
    for_agency: Mapped[str | None] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]

    __table_args__ = (Index("ix_report_notes_report", "report_id", "created_at", "id"),)


class Reply(Base):
    """A canned reply; `move` or `category` None: it suits any. One taken away stays, inactive."""

    __tablename__ = "replies"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    title_vi: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str] = mapped_column(String(200))
    text_vi: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str] = mapped_column(Text)
    move: Mapped[str | None] = mapped_column(String(30))
    category: Mapped[str | None] = mapped_column(String(40))
    active: Mapped[bool]
    version: Mapped[int]


class SavedFilter(Base):
    """Filters of the officers' list under a name; `shared_in` is the agency that may use them."""

    __tablename__ = "saved_filters"

    officer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("officers.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    filters: Mapped[dict[str, Any]]
    shared_in: Mapped[str | None] = mapped_column(String(40))
    updated_at: Mapped[datetime]

    __table_args__ = (
        Index(
            "ix_saved_filters_shared", "shared_in", postgresql_where=_SHARED, sqlite_where=_SHARED
        ),
    )
