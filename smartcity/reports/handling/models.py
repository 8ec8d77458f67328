"""What citizens think of results."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.core.db import Base


class Rating(Base):
    """A reporter's verdict on one result; `round` counts the reopenings before it.

    `comment` are personal words: they go when the reporter does.
    """

    __tablename__ = "ratings"

    report_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("reports.id"), primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True)
    verdict: Mapped[str] = mapped_column(String(20))
    comment: Mapped[str | None] = mapped_column(Text)
    reopened: Mapped[bool]
    at: Mapped[datetime]
