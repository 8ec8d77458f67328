"""What a check found out, in words for the integrator."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How a check ended."""

    OK = "ok"
    FAILED = "FAILED"
    UNSEEN = "not verifiable"


class Failed(Exception):
    """The receiver broke a promise: what was expected, and what came."""

    def __init__(self, expected: str, came: str) -> None:
        super().__init__(expected, came)
        self.expected, self.came = expected, came


class Unseen(Exception):
    """All answers were right, but what they did inside cannot be seen from here."""


class Silent(Exception):
    """Nobody answers at all: no further check would tell anything."""


@dataclass(frozen=True)
class Finding:
    """One line of the report; `promise` are words of docs/guides/ioc.md."""

    check: str
    title: str
    promise: str
    state: State
    expected: str | None = None
    came: str | None = None
    note: str | None = None
