"""The index: one row for each published thing."""

from datetime import datetime

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.core.db import Base, RowNumber


class Entry(Base):
    """What is found, and the words it is found by.

    `ref` names it within its kind, `link` is where the app goes. `weight` lifts a kind or a thing
    over others that match as well (1 is usual). `title_folded` and `body_folded` are in the form of
    `core.text.fold`, `title_cased` and `body_cased` keep their accents and lose their case.
    """

    __tablename__ = "search_entries"

    number: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    ref: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(500))
    summary: Mapped[str] = mapped_column(Text)
    link: Mapped[str] = mapped_column(String(300))
    language: Mapped[str] = mapped_column(String(2))
    agency: Mapped[str | None] = mapped_column(String(40))
    area: Mapped[str | None] = mapped_column(String(10))  # one commune's; null is everybody's
    weight: Mapped[float]
    published_at: Mapped[datetime]
    title_folded: Mapped[str] = mapped_column(Text)
    body_folded: Mapped[str] = mapped_column(Text)
    title_cased: Mapped[str] = mapped_column(Text)
    body_cased: Mapped[str] = mapped_column(Text)

    __table_args__ = (UniqueConstraint("kind", "ref"),)
