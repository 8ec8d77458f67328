"""What citizens report, how fast it is answered, and the reasons that a move may give.

Both are the province's data (`category_files` loads them), read from memory, at most 30 seconds
old. A subcategory is a category of its own, coded `<category>.<subcategory>`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, Session, mapped_column

from smartcity.core.cache import Refreshed, snapshot
from smartcity.core.context import per_app
from smartcity.core.db import Base, reading
from smartcity.core.errors import Invalid
from smartcity.settings import Settings


class CategoryRow(Base):
    """A category or subcategory; one that left the province's file stays, inactive."""

    __tablename__ = "categories"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    parent: Mapped[str | None] = mapped_column(ForeignKey("categories.code"))
    position: Mapped[int]
    name_vi: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    icon: Mapped[str] = mapped_column(String(40))
    accept: Mapped[str] = mapped_column(String(10))
    resolve: Mapped[str] = mapped_column(String(10))
    urgent_resolve: Mapped[str | None] = mapped_column(String(10))
    default_agency: Mapped[str | None] = mapped_column(ForeignKey("agencies.code"))
    anonymous_allowed: Mapped[bool]
    sensitive: Mapped[bool]
    proof_photos: Mapped[bool]
    hotline: Mapped[str | None] = mapped_column(String(20))
    active: Mapped[bool]


class ReasonRow(Base):
    """Why a report is refused, returned or joined; one that left the file stays, inactive."""

    __tablename__ = "reasons"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    position: Mapped[int]
    name_vi: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    moves: Mapped[list[Any]]
    public_text_vi: Mapped[str] = mapped_column(Text)
    public_text_en: Mapped[str] = mapped_column(Text)
    return_text_vi: Mapped[str | None] = mapped_column(Text)
    return_text_en: Mapped[str | None] = mapped_column(Text)
    active: Mapped[bool]


class Unit(StrEnum):
    """How a limit is counted: on the clock, night and holiday included, or in working days."""

    MINUTES = "min"
    HOURS = "h"
    WORKING_DAYS = "d"


@dataclass(frozen=True)
class Limit:
    """How long something may take; as text `30min`, `4h`, `3d`."""

    amount: int
    unit: Unit

    def __str__(self) -> str:
        return f"{self.amount}{self.unit}"


def parse_limit(written: str) -> Limit:
    """The limit that a text such as `4h` means; ValueError for anything else."""
    found = re.fullmatch(r"0*([1-9][0-9]{0,3}) ?(min|h|d)", written)
    if found is None:
        raise ValueError("limit.malformed")
    return Limit(int(found[1]), Unit(found[2]))


@dataclass(frozen=True)
class Category:
    """What can be reported. `anonymous_allowed`: the citizen may hide from everybody.

    `sensitive`: the public sees a coarsened place. `proof_photos`: a result needs a photo.
    `default_agency` None: the People's Committee of the report's commune.
    """

    code: str
    parent: str | None
    position: int
    name_vi: str
    name_en: str
    icon: str
    accept: str
    resolve: str
    urgent_resolve: str | None
    default_agency: str | None
    anonymous_allowed: bool
    sensitive: bool
    proof_photos: bool
    hotline: str | None
    active: bool

    def accept_limit(self) -> Limit:
        """From submission to the operations centre's acceptance."""
        return parse_limit(self.accept)

    def resolve_limit(self, urgent: bool) -> Limit:
        """From acceptance to the published result."""
        return parse_limit((urgent and self.urgent_resolve) or self.resolve)


@dataclass(frozen=True)
class Reason:
    """Why; `moves` are the moves of the workflow table that may give it.

    What the public reads starts from `public_text`, but from `return_text` when a unit sends the
    report back to the centre: it lives on.
    """

    code: str
    position: int
    name_vi: str
    name_en: str
    moves: list[str]
    public_text_vi: str
    public_text_en: str
    return_text_vi: str | None
    return_text_en: str | None
    active: bool


@dataclass(frozen=True)
class Choices:
    """Every category and reason by code in the app's order, inactive ones included."""

    categories: Mapping[str, Category]
    reasons: Mapping[str, Reason]


@per_app
def known(_settings: Settings) -> Refreshed[Choices]:
    """The application's copy."""
    return Refreshed(_read, every=30)


def choices() -> Choices:
    """Every category and reason, at no SQL statement but once in 30 seconds."""
    return known()()


def tree() -> list[dict[str, Any]]:
    """The active categories in the app's order, each with its active `subcategories`."""
    active = [c for c in choices().categories.values() if c.active]
    return [
        {**vars(top), "subcategories": [c for c in active if c.parent == top.code]}
        for top in active
        if top.parent is None
    ]


def category(code: str) -> Category:
    """A category that may be chosen; Invalid names the field `category`."""
    found = choices().categories.get(code)
    if found is None or not found.active:
        raise Invalid(category="category.unknown")
    return found


def check_reason(code: str, move: str) -> Reason:
    """A reason that a move of the workflow table may give; Invalid names the field `reason`."""
    found = choices().reasons.get(code)
    if found is None or not found.active:
        raise Invalid(reason="reason.unknown")
    if move not in found.moves:
        raise Invalid(reason="reason.other_move")
    return found


def choices_in(session: Session) -> Choices:
    """Every category and reason as this transaction sees them."""
    categories = snapshot(session, CategoryRow, Category)
    reasons = snapshot(session, ReasonRow, Reason)
    return Choices(
        {c.code: c for c in sorted(categories, key=lambda c: c.position)},
        {r.code: r for r in sorted(reasons, key=lambda r: r.position)},
    )


def _read(_before: Choices | None) -> Choices:
    with reading() as session:
        return choices_in(session)
