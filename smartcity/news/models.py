"""Articles: what editors work on, and what the public reads of it."""

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.core.db import Base


class State(StrEnum):
    """How an article stands with its editors."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    UNPUBLISHED = "unpublished"
    DISCARDED = "discarded"


class Article(Base):
    """An article (bài viết) as its editors know it; `version` counts its changes, as its ETag.

    `body` is sanitised HTML. `gallery` is a list of `{"media_id", "alt"}`, `attachments` of
    `{"file_id", "title"}`. A published article that is edited stays public as it was, which is its
    `public_version`, and is `pending` until `correct` brings the change out. `correction` is the
    note that readers see. `licence`: how much of a source's text may be shown (`full`, `summary`,
    `link`); `source_picture` is a link for editors alone.
    """

    __tablename__ = "news_articles"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(12))
    version: Mapped[int]
    language: Mapped[str] = mapped_column(String(2))
    title: Mapped[str] = mapped_column(String(300))
    title_folded: Mapped[str] = mapped_column(String(600))
    lead: Mapped[str] = mapped_column(String(1000))
    body: Mapped[str] = mapped_column(Text)
    cover_id: Mapped[uuid.UUID | None]
    cover_alt: Mapped[str | None] = mapped_column(String(300))
    gallery: Mapped[list[Any]]
    attachments: Mapped[list[Any]]
    author: Mapped[str | None] = mapped_column(String(120))
    agency: Mapped[str | None] = mapped_column(ForeignKey("agencies.code"))
    categories: Mapped[list[Any]]
    topics: Mapped[list[Any]]
    areas: Mapped[list[Any]]
    source_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("news_sources.id"), index=True)
    source_name: Mapped[str | None] = mapped_column(String(200))
    source_link: Mapped[str | None] = mapped_column(String(1000))
    source_picture: Mapped[str | None] = mapped_column(String(1000))
    licence: Mapped[str | None] = mapped_column(String(8))
    public_version: Mapped[int | None]
    pending: Mapped[bool] = mapped_column(default=False, server_default=false())
    pinned_until: Mapped[datetime | None]
    publish_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]  # first; a correction does not move it
    corrected_at: Mapped[datetime | None]
    correction: Mapped[str | None] = mapped_column(String(500))
    made_by: Mapped[str] = mapped_column(String(80))
    made_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(String(80))
    changed_at: Mapped[datetime]

    __table_args__ = (Index(None, "state", "changed_at", "id"),)

    @property
    def cover(self) -> dict[str, Any] | None:
        """The main picture, as one of the gallery."""
        return {"media_id": str(self.cover_id), "alt": self.cover_alt} if self.cover_id else None


class Version(Base):
    """An article's content as it was after a change; kept for good."""

    __tablename__ = "news_versions"

    article_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("news_articles.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    step: Mapped[str] = mapped_column(String(20))
    content: Mapped[dict[str, Any]]
    actor: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]
    reason: Mapped[str | None] = mapped_column(String(500))


class Published(Base):
    """An article as the public reads it, rendered once when it was published.

    `card` and `whole` are JSON texts: the list's item, and the article. `sorted_at` orders the
    lists: when it was published, or for a pinned one a time far ahead of all others.
    """

    __tablename__ = "news_published"

    article_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("news_articles.id"), primary_key=True)
    sorted_at: Mapped[datetime]
    published_at: Mapped[datetime]
    card: Mapped[str] = mapped_column(Text)
    whole: Mapped[str] = mapped_column(Text)

    __table_args__ = (Index(None, "sorted_at", "article_id"),)


class LabelKind(StrEnum):
    """What a list of news is narrowed by."""

    CATEGORY = "category"
    TOPIC = "topic"
    AREA = "area"
    AGENCY = "agency"
    LANGUAGE = "language"


class Label(Base):
    """One of the things that a published article stands under; ordered as the lists are."""

    __tablename__ = "news_labels"

    kind: Mapped[str] = mapped_column(String(8), primary_key=True)
    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    article_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("news_published.article_id", ondelete="CASCADE"), primary_key=True
    )
    sorted_at: Mapped[datetime]

    __table_args__ = (
        Index(None, "kind", "code", "sorted_at", "article_id"),
        Index(None, "article_id"),
    )


class Reads(Base):
    """How often an article was opened on a day; nobody knows by whom.

    No foreign key: counting must not wait for who edits the article.
    """

    __tablename__ = "news_reads"

    article_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    reads: Mapped[int]
