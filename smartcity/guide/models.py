"""What the city guide keeps beside its registers: prices, the sky, links out, errors reported."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.core.db import Base


class Price(Base):
    """What a good (by its key) cost at a market on a day, in dong; `market` is a key, or `all`.

    `source` is the https address that says so; without one it is a demonstration.
    """

    __tablename__ = "guide_prices"

    good: Mapped[str] = mapped_column(String(80), primary_key=True)
    market: Mapped[str] = mapped_column(String(80), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    price: Mapped[int] = mapped_column(BigInteger)
    source: Mapped[str | None] = mapped_column(String(500))
    changed_by: Mapped[str] = mapped_column(String(80))
    changed_at: Mapped[datetime]

    __table_args__ = (Index(None, "day", "good"),)


class Forecast(Base):
    """What a source last said of weather or air at a point; `slots` are by hour, in order.

    `cell` names the point: latitude and longitude to a tenth of a degree.
    """

    __tablename__ = "guide_forecasts"

    cell: Mapped[str] = mapped_column(String(20), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)  # weather or air
    slots: Mapped[list[Any]]
    source: Mapped[str] = mapped_column(String(200))
    fetched_at: Mapped[datetime]


class LinkOpenings(Base):
    """How often a partner was gone to on a day; nobody's name stands beside it."""

    __tablename__ = "guide_openings"

    entry_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("register_entries.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    opened: Mapped[int]


class PlaceHours(Base):
    """From when to when a published place is open on a day; see `places.hours` for the numbers."""

    __tablename__ = "guide_place_hours"

    entry_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("register_entries.id"), primary_key=True)
    day: Mapped[int] = mapped_column(primary_key=True)
    opens: Mapped[int] = mapped_column(primary_key=True)
    closes: Mapped[int]


class PlaceError(Base):
    """The field report by which somebody said that the guide errs about a place."""

    __tablename__ = "guide_place_errors"

    report_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("reports.id"), primary_key=True)
    entry_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("register_entries.id"))
    what: Mapped[str] = mapped_column(String(20))  # closed, moved, hours, phone or other
    at: Mapped[datetime]

    __table_args__ = (Index(None, "entry_id", "at"),)
