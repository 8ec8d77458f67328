"""Prices as somebody brings them, and what is wrong with them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

LEAST, MOST = 100, 100_000_000  # dong for one unit
EVERYWHERE = "all"  # the market of what costs the same in the whole province


@dataclass(frozen=True)
class Quote:
    """What a good cost at a market on a day; None takes back what was said of it.

    `place` is where it stands: its line in a file, its number in a call.
    """

    place: int
    day: date
    market: str
    good: str
    price: int | None
    source: str | None = None


@dataclass(frozen=True)
class Fault:
    """What is wrong with the field of a row: a key of the texts, with its values."""

    place: int
    field: str
    message: str


def by_place(faults: Iterable[Fault]) -> dict[str, Any]:
    """The faults as a problem tells them: messages by field by row, in order."""
    told: dict[str, Any] = {}
    for fault in sorted(faults, key=lambda fault: fault.place):
        told.setdefault(str(fault.place), {}).setdefault(fault.field, []).append(fault.message)
    return told
