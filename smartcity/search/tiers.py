"""The order of what is found: tiers, the best first, each a conjunction of marks.

What counts, and how much: the accents as typed 5, in the title 4, side by side 2, the last word
finished 1. Two words are most often one of two syllables, which mean something else apart: there
side by side counts first but for accents. Within a tier the newer and weightier comes first.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise

from smartcity.search import marks
from smartcity.search.marks import EVERYWHERE, TITLE, Conjunction, Mark
from smartcity.search.words import Word

Way = Callable[[Sequence[Word], str], list[str]]
Worth = tuple[tuple[str, bool, tuple[Way, ...]], ...]  # where, the last word unfinished, how
_ENOUGH = 3  # letters: every other text has a word that begins with `th`


def tiers(words: Sequence[Word]) -> list[Conjunction]:
    """The questions for some words, the last of which may be unfinished."""
    worth = _WORTHS.get(len(words), _WORTH)
    return [
        _conjunction(words, where, ways, unfinished)
        for where, unfinished, ways in worth
        if not unfinished or _long_enough(words, where)
    ]


def of_titles(words: Sequence[Word]) -> list[Conjunction]:
    """Those about titles, the last word unfinished."""
    told = [(_exact,), (_adjacent,), (_folded,)] if len(words) > 1 else [(_exact,), (_folded,)]
    return [_conjunction(words, TITLE, ways, unfinished=True) for ways in told]


def _conjunction(
    words: Sequence[Word], where: str, ways: Sequence[Way], unfinished: bool
) -> Conjunction:
    return tuple((mark,) for way in ways for mark in _asked(way(words, where), unfinished))


def _asked(texts: Sequence[str], unfinished: bool) -> list[Mark]:
    asked = [Mark(text) for text in texts]
    return [*asked[:-1], marks.begun(texts[-1])] if unfinished else asked


def _long_enough(words: Sequence[Word], where: str) -> bool:
    return where == TITLE or len(words) > 1 or len(words[-1].folded) >= _ENOUGH


def _exact(words: Sequence[Word], where: str) -> list[str]:
    return [marks.exact(word, where) for word in words]


def _folded(words: Sequence[Word], where: str) -> list[str]:
    return [marks.folded(word, where) for word in words]


def _adjacent(words: Sequence[Word], where: str) -> list[str]:
    return [marks.pair(first, second, where) for first, second in pairwise(words)]


_WORTH: Worth = (
    (TITLE, False, (_exact, _adjacent)),  # 12
    (TITLE, True, (_exact, _adjacent)),  # 11
    (TITLE, False, (_exact,)),  # 10
    (EVERYWHERE, False, (_exact, _adjacent)),  # 8
    (TITLE, False, (_adjacent,)),  # 7
    (TITLE, True, (_adjacent,)),  # 6
    (EVERYWHERE, False, (_exact,)),  # 6
    (TITLE, False, (_folded,)),  # 5
    (TITLE, True, (_folded,)),  # 4
    (EVERYWHERE, False, (_adjacent,)),  # 3
    (EVERYWHERE, True, (_adjacent,)),  # 2
    (EVERYWHERE, False, (_folded,)),  # 1
)
_WORTH_OF_TWO: Worth = (
    (TITLE, False, (_exact, _adjacent)),
    (TITLE, True, (_exact, _adjacent)),
    (EVERYWHERE, False, (_exact, _adjacent)),
    (TITLE, False, (_adjacent,)),
    (TITLE, True, (_adjacent,)),
    (TITLE, False, (_exact,)),
    (EVERYWHERE, False, (_adjacent,)),
    (EVERYWHERE, True, (_adjacent,)),
    (EVERYWHERE, False, (_exact,)),
    (TITLE, False, (_folded,)),
    (TITLE, True, (_folded,)),
    (EVERYWHERE, False, (_folded,)),
)
_WORTH_OF_ONE: Worth = (
    (TITLE, False, (_exact,)),
    (TITLE, True, (_exact,)),
    (EVERYWHERE, False, (_exact,)),
    (TITLE, False, (_folded,)),
    (TITLE, True, (_folded,)),
    (EVERYWHERE, False, (_folded,)),
    (EVERYWHERE, True, (_folded,)),
)
_WORTHS = {1: _WORTH_OF_ONE, 2: _WORTH_OF_TWO}
