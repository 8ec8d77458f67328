"""The register of official documents."""

import uuid
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.core.db import Base


class State(StrEnum):
    """How a document stands with its editors."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Document(Base):
    """An official document (văn bản): `number` is its number and symbol (12/2026/QĐ-UBND).

    `abstract` is its trích yếu. `version` counts its changes, as its ETag.
    """

    __tablename__ = "documents"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(12))
    version: Mapped[int]
    number: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(40))
    abstract: Mapped[str] = mapped_column(String(1000))
    folded: Mapped[str] = mapped_column(String(2200))  # number and abstract, to search
    agency: Mapped[str] = mapped_column(ForeignKey("agencies.code"))
    signer: Mapped[str | None] = mapped_column(String(120))
    issued_on: Mapped[date]
    effective_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    file_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("media_files.id"))
    source_link: Mapped[str | None] = mapped_column(String(1000))
    made_by: Mapped[str] = mapped_column(String(80))
    made_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(String(80))
    changed_at: Mapped[datetime]
    published_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("agency", "number"),
        Index(None, "state", "published_at", "id"),
        Index(None, "made_at", "id"),
    )
