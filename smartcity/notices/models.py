"""What each officer was told, and how he wants to hear of it."""

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.core.db import Base


class Mailing(StrEnum):
    """When an officer's notices go to him by e-mail."""

    AT_ONCE = "at_once"
    DIGEST = "digest"  # once a day
    NONE = "none"


class Notice(Base):
    """One thing told to one officer: a text's key and values, read in his language of that day.

    `subject` names what it is about, such as `report:<id>`. No word of a citizen is in it.
    """

    __tablename__ = "notices"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    officer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("officers.id"))
    text: Mapped[str] = mapped_column(String(60))
    values: Mapped[dict[str, Any]]
    link: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    mailed_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_notices_officer", "officer_id", "created_at", "id"),)


class Preferences(Base):
    """Where and when an officer gets e-mail; without a row, nowhere and never.

    `digested_on` is the last day of a digest, `refused_at` when his mail server refused the
    address: nothing goes there until he sets it anew.
    """

    __tablename__ = "notice_preferences"

    officer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("officers.id"), primary_key=True)
    email: Mapped[str | None] = mapped_column(String(254))
    mail: Mapped[str] = mapped_column(String(10))
    digest_hour: Mapped[int] = mapped_column(SmallInteger)  # of the province's day
    changed_at: Mapped[datetime]
    digested_on: Mapped[date | None]
    refused_at: Mapped[datetime | None]
