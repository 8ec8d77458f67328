"""The record of an uploaded photo; its bytes lie in the store."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.core.db import Base


class Status(StrEnum):
    """Whether a photo can be shown."""

    UPLOADING = "uploading"  # its bytes are still arriving
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

    # What the public sees of it: nothing unless `shown`, and `regions` blurred. `redaction` counts
    # their changes, `redacted` is the one whose pictures are there. `faces`: None, nobody looked.
    shown: Mapped[bool] = mapped_column(server_default=false(), default=False)
    regions: Mapped[list[Any] | None]
    redaction: Mapped[int] = mapped_column(server_default="0", default=0)
    redacted: Mapped[int] = mapped_column(server_default="0", default=0)
    faces: Mapped[list[Any] | None]

    __table_args__ = (
        Index(
            "ix_media_unattached",
            "created_at",
            postgresql_where=subject.is_(None),
            sqlite_where=subject.is_(None),
        ),
    )


class Upload(Base):
    """The parts of a photo that arrives bit by bit.

    `named` are all that may lie in the store, `parts` those that count, in order; `received` in
    bytes.
    """

    __tablename__ = "media_uploads"

    media_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("media.id"), primary_key=True)
    received: Mapped[int]
    named: Mapped[list[Any]]
    parts: Mapped[list[Any]]
    expires_at: Mapped[datetime] = mapped_column(index=True)


def part_key(media_id: uuid.UUID, name: str) -> str:
    """Where the store keeps a part of an upload."""
    return storage_key(media_id, f"part-{name}")


def storage_key(media_id: uuid.UUID, name: str) -> str:
    """Where the store keeps a photo's `original`, or one of its pictures; spread over 256 folders.

    The end of the id is its random part.
    """
    return f"{media_id.hex[-2:]}/{media_id.hex}-{name}"


class File(Base):
    """A file that is offered for download as it is: a document of an authority, never a citizen's.

    `name` is shown to who downloads it; `subject` the thing it belongs to, once it does.
    """

    __tablename__ = "media_files"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    owner: Mapped[str] = mapped_column(String(80))  # a principal's key
    subject: Mapped[str | None] = mapped_column(String(80), index=True)
    name: Mapped[str] = mapped_column(String(200))
    content_type: Mapped[str] = mapped_column(String(100))
    bytes: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    shown: Mapped[bool] = mapped_column(server_default=false(), default=False)
    created_at: Mapped[datetime] = mapped_column(index=True)
