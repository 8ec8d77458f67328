"""Words of a text, in the forms in which texts are compared."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from smartcity.core.text import fold

_WORD = re.compile(r"[^\W_]+")
_LONGEST = 40  # letters of a word that count
_MOST_ASKED = 12


class Word(NamedTuple):
    """A word as it stands, without case, and as it is compared, without accents either."""

    exact: str
    folded: str


def words(text: str) -> list[Word]:
    """The words of a text in their order; a pure function of it."""
    found = _WORD.findall(unicodedata.normalize("NFC", text).casefold())
    return [Word(word[:_LONGEST], _plain(word)) for word in found]


def asked_words(typed: str) -> list[Word]:
    """The words of a question that count: the first twelve."""
    return words(typed)[:_MOST_ASKED]


def aligned(text: str) -> str:
    """The folded text, letter for letter: a place in the one is a place in the other."""
    whole = fold(text)
    return whole if len(whole) == len(text) else "".join(fold(c)[:1] or " " for c in text)


@lru_cache(10_000)  # Vietnamese has some 7,000 syllables, each a word
def _plain(word: str) -> str:
    return fold(word)[:_LONGEST] or word[:_LONGEST]
