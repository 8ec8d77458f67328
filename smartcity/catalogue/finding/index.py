"""Everyday questions to procedures: an index in memory, the same on every database."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Match:
    """A procedure that answers to a question; higher scores answer better."""

    code: str
    score: float


def matches(words: str, most: int) -> Sequence[Match]:
    """The published procedures that answer to a question in everyday words, best first."""
    raise NotImplementedError
