"""Partners: programs that come with a key of their own."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.core.db import Base


class Partner(Base):
    """A program with a key; of the key's secret only the digest is kept.

    `old_digest` is the secret before a rotation, good until `old_until`. `version` rises with
    every change by an admin.
    """

    __tablename__ = "partners"
    __table_args__ = (Index(None, "created_at", "id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    grants: Mapped[list[Any]]
    per_minute: Mapped[int | None]  # requests; the setting's number when None
    digest: Mapped[str] = mapped_column(String(64))  # SHA-256
    old_digest: Mapped[str | None] = mapped_column(String(64))
    old_until: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
