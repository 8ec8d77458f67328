"""The last change of each public thing."""

from datetime import datetime

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.core.db import Base


class Change(Base):
    """A thing that is public, or `gone`: then the row is its tombstone.

    `position` rises without gaps in the order of commits, over all kinds.
    """

    __tablename__ = "public_changes"

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    ref: Mapped[str] = mapped_column(String(64), primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger, unique=True)
    gone: Mapped[bool]
    at: Mapped[datetime]
