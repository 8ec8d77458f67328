"""The index: one row for each published thing, and beside it the marks that it is found by."""

from datetime import datetime

from sqlalchemy import BigInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.core.db import Base


class Entry(Base):
    """What is found.

    `number` orders entries that match as well: the newer and the weightier has the higher one
    (decision 0021). `ref` names the thing within its kind, `link` is where the app goes.
    `body_folded` is `body` letter for letter in the form of `core.text.fold`. The marks stand in
    the table `search_words`, which each database has in a form of its own.
    """

    __tablename__ = "search_entries"

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(20))
    ref: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(500))
    summary: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    body_folded: Mapped[str] = mapped_column(Text)
    link: Mapped[str] = mapped_column(String(300))
    language: Mapped[str] = mapped_column(String(2))
    agency: Mapped[str | None] = mapped_column(String(40))
    area: Mapped[str | None] = mapped_column(String(10))  # one commune's; null is everybody's
    weight: Mapped[float]
    published_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("kind", "ref"),)
