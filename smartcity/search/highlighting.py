"""Segments of a text in which hits are told apart: no markup, nothing to escape."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from smartcity.search.words import Word, aligned

_WORD = re.compile(r"[^\W_]+")
_BEFORE, _LENGTH = 60, 240  # letters of a snippet before its hit, and in all


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of text; `hit`: it is one of the words that were asked for."""

    text: str
    hit: bool


def segments(text: str, asked: Sequence[Word]) -> list[Segment]:
    """The whole text, cut around its hits; put together it is the text again."""
    return _cut(text, aligned(text), asked)


def snippet(body: str, folded: str, asked: Sequence[Word]) -> list[Segment]:
    """The part of a body where the words stand first; nothing when none does."""
    place = _place(body, folded, asked)
    if place < 0:
        return []
    start = folded.find(" ", place - _BEFORE, place) + 1 if place > _BEFORE else 0
    end = folded.rfind(" ", place, start + _LENGTH) if len(body) > start + _LENGTH else len(body)
    end = end if end > place else start + _LENGTH
    cut = _cut(body[start:end], folded[start:end], asked)
    before, after = [Segment("…", False)] * (start > 0), [Segment("…", False)] * (end < len(body))
    return [*before, *cut, *after]


def _cut(text: str, folded: str, asked: Sequence[Word]) -> list[Segment]:
    whole, begun = {word.folded for word in asked}, asked[-1].folded
    pieces, last = [], 0
    for found in _WORD.finditer(folded):
        if found[0] in whole or found[0].startswith(begun):
            start, end = found.span()
            pieces += [Segment(text[last:start], False), Segment(text[start:end], True)]
            last = end
    return [piece for piece in [*pieces, Segment(text[last:], False)] if piece.text]


def _place(body: str, folded: str, asked: Sequence[Word]) -> int:
    """Where all stand side by side, else one of them; with their accents if so anywhere."""
    cased = body.casefold()
    texts = [(folded, [word.folded for word in asked])]
    if len(cased) == len(body):
        texts.insert(0, (cased, [word.exact for word in asked]))
    whole = [(text, " ".join(words)) for text, words in texts]
    single = [(text, word) for text, words in texts for word in sorted(words, key=len)[::-1]]
    places = (_first(text, words) for text, words in (*whole, *single))
    return next((place for place in places if place >= 0), -1)


def _first(text: str, words: str) -> int:
    """Where they stand as words of their own, the last perhaps unfinished; -1 when nowhere."""
    place = text.find(words)
    while place > 0 and text[place - 1].isalnum():
        place = text.find(words, place + 1)
    return place
