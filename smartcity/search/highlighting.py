"""Segments of a text in which hits are told apart: no markup, nothing to escape."""

from typing import NamedTuple


class Segment(NamedTuple):
    """A piece of text; `hit`: it is one of the words that were asked for."""

    text: str
    hit: bool
