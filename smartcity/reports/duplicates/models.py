"""Who has the same trouble, and who hears of a report that is not his."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.core.db import Base


class ReportSupport(Base):
    """A citizen's "tôi cũng gặp" on another's report; `reports.supporters` counts them."""

    __tablename__ = "report_supports"

    report_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("reports.id"), primary_key=True)
    citizen_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("citizens.id"), primary_key=True, index=True
    )
    supported_at: Mapped[datetime]


class ReportFollower(Base):
    """Who hears of a report's steps beside its reporter; `reports.followers` counts them.

    `via` is his own report, or one that he followed, which was found to be a duplicate of this one.
    """

    __tablename__ = "report_followers"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    report_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("reports.id"))
    citizen_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("citizens.id"))
    via: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("reports.id"))
    followed_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("report_id", "citizen_id"),
        Index("ix_report_followers_report", "report_id", "id"),
        Index("ix_report_followers_citizen", "citizen_id", "followed_at", "id"),
    )
