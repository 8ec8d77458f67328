"""The audit record and its seals. Both grow only: triggers of migration 0013 refuse the rest."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.core.db import Base, RowNumber


class AuditEntry(Base):
    """One deed: who did what to which thing, when and from where. Never changed, never deleted."""

    __tablename__ = "audit_entries"

    number: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(80))
    action: Mapped[str] = mapped_column(String(60))
    subject_kind: Mapped[str] = mapped_column(String(30))
    subject_id: Mapped[uuid.UUID | None]
    detail: Mapped[dict[str, Any]]
    request_id: Mapped[str | None] = mapped_column(String(64))
    address: Mapped[str | None] = mapped_column(String(45))  # never a citizen's: that is private
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    person_id: Mapped[uuid.UUID | None]  # whose key opens the private part
    private: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        Index(None, "actor", "number"),
        Index(None, "subject_id", "number"),
        Index(None, "at", postgresql_using="brin"),  # entries lie in the order of time: some kB
    )


class AuditSeal(Base):
    """A link of the chain: the entry at a position, and the mac over it and the mac before."""

    __tablename__ = "audit_seals"

    position: Mapped[int] = mapped_column(RowNumber, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(RowNumber, unique=True)  # no foreign key: found by verify
    mac: Mapped[str] = mapped_column(String(43))
