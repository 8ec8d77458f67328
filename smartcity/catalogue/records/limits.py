"""Time limits as laws write them, understood as far as they say something plain. Never guessed.

What is not understood has no bounds, and is given beside its own words.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    WITHIN_DAY = "within_day"
    FIXED = "fixed"
    VARIES = "varies"
    UNSPECIFIED = "unspecified"  # nothing is said, or nothing that we understand


class Unit(StrEnum):
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WORKING_DAY = "working_day"
    MONTH = "month"


@dataclass(frozen=True)
class Length:
    """So long; 0 working days: within the day."""

    amount: float
    unit: Unit


@dataclass(frozen=True)
class Limit:
    """How long something takes; a bound that is None is not known."""

    kind: Kind
    least: Length | None = None
    most: Length | None = None


def understood(text: str | None) -> Limit:
    """What a text says of a time, in the units that it uses."""
    raise NotImplementedError


def span(limits: Iterable[Limit]) -> Limit:
    """From the shortest to the longest of several ways."""
    raise NotImplementedError


def words(limit: Limit, lang: str, key: str = "case") -> str:
    """In plain words of a language. `key` names what it depends on: case or way."""
    raise NotImplementedError
