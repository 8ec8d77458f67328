"""The syllables of a text, in the forms in which questions and procedures are compared."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from smartcity.core.text import fold

_WORD = re.compile(r"[^\W_]+")
_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_Y = re.compile("(?<=[bcdđghklmnpqrstvx])y$")  # "kỹ" and "kĩ" are one word, "thủy" is no "thui"
_LONGEST = 30  # letters that count
_ACCENTED = 0.4  # of its syllables: three in four of an accented text carry a mark


class Syllable(NamedTuple):
    """A syllable with its accents in one order, and without them."""

    exact: str
    plain: str


def syllables(text: str) -> list[Syllable]:
    """The syllables of a text in their order; a pure function of it."""
    return [_syllable(word) for word in split(text)]


def plain(text: str) -> tuple[str, ...]:
    """The same without accents."""
    return tuple(syllable.plain for syllable in syllables(text))


def split(text: str) -> list[str]:
    """The words of a text as they are written, without case."""
    return _WORD.findall(unicodedata.normalize("NFC", text).casefold())


def accented(said: Sequence[Syllable]) -> bool:
    """Whether a text was typed with its accents."""
    return sum(each.exact != each.plain for each in said) >= _ACCENTED * max(1, len(said))


@lru_cache(20_000)  # Vietnamese has some 7,000 syllables
def _syllable(word: str) -> Syllable:
    apart = unicodedata.normalize("NFD", word[:_LONGEST])
    bare = _Y.sub("i", unicodedata.normalize("NFC", _TONES.sub("", apart)))
    bare = "qui" if bare == "quy" else _singular(bare)
    return Syllable(bare + "".join(_TONES.findall(apart)), fold(bare))


def _singular(word: str) -> str:
    """English plurals as their singulars; no Vietnamese syllable ends in s."""
    plural = len(word) > 3 and word.endswith("s") and not word.endswith("ss")
    return word[:-1] if plural else word
