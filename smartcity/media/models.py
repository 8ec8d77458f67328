"""The record of an uploaded photo; its bytes lie in the store."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.core.db import Base


class Status(StrEnum):
    """Whether a photo can be shown."""

    PENDING = "pending"  # waits for the worker
    READY = "ready"
    REJECTED = "rejected"  # turned out broken, or was never used


class Media(Base):
    """One photo. The name of the citizen's file is not kept."""

    __tablename__ = "media"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    owner: Mapped[str] = mapped_column(String(80))  # a principal's key
    subject: Mapped[str | None] = mapped_column(String(80), index=True)  # `report:<id>`
    position: Mapped[int | None]
    status: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str | None] = mapped_column(String(60))  # key of a text
    format: Mapped[str] = mapped_column(String(4))
    width: Mapped[int]  # pixels, as seen upright
    height: Mapped[int]
    bytes: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    original_expires_at: Mapped[datetime | None] = mapped_column(index=True)  # None: destroyed
    created_at: Mapped[datetime]
    attached_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "ix_media_unattached",
            "created_at",
            postgresql_where=subject.is_(None),
            sqlite_where=subject.is_(None),
        ),
    )


def storage_key(media_id: uuid.UUID, name: str) -> str:
    """Where the store keeps a photo's `original`, or one of its pictures; spread over 256 folders.

    The end of the id is its random part.
    """
    return f"{media_id.hex[-2:]}/{media_id.hex}-{name}"
