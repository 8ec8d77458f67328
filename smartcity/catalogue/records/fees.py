"""Fees as laws write them, understood as far as they say something plain. Never guessed.

What is not understood has no bounds, and is given beside its own words.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    FREE = "free"
    FIXED = "fixed"
    VARIES = "varies"
    UNSPECIFIED = "unspecified"  # nothing is said, or nothing that we understand


@dataclass(frozen=True)
class Fee:
    """What something costs, in đồng; a bound that is None is not known."""

    kind: Kind
    least: int | None = None
    most: int | None = None


def understood(text: str | None) -> Fee:
    """What a text says of a fee."""
    raise NotImplementedError


def span(fees: Iterable[Fee]) -> Fee:
    """From the lowest to the highest of several ways."""
    raise NotImplementedError


def words(fee: Fee, lang: str) -> str:
    """In plain words of a language."""
    raise NotImplementedError
