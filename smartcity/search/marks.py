"""Marks: the small facts about an entry that questions are put to, as words of one index.

    dao           the word stands in title, summary or body, whatever its accents
    =đảo          just so, accents and all
    lua_dao       the two stand side by side
    t.dao t=đảo t.lua_dao     the same of the title
    t.d- t.da- t=đ- t=đả-     a word of the title begins so (longer beginnings are few: ranges)
    kind.news language.vi agency.so-y-te area.10507      what the lists are narrowed by

A question is then a conjunction of marks: no database has to look into the text, to compare places
in it or to compute a rank (decision 0021).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from smartcity.search.words import Word

EVERYWHERE, TITLE = "", "t."
NARROWED_BY = ("kind", "language", "agency", "area")
_SHORT = 2
_ODD = re.compile(r"[^a-z0-9-]")


class Mark(NamedTuple):
    """What a question asks for: this mark or, left `open`, one that begins so."""

    text: str
    open: bool = False


Clause = tuple[Mark, ...]  # one of them at least
Conjunction = tuple[Clause, ...]  # all of them


def marks_of(
    title: Sequence[Word], rest: Sequence[Word], facts: Mapping[str, str | None]
) -> set[str]:
    """All marks of an entry whose words and facts these are."""
    narrowing = {fact(name, facts[name]) for name in NARROWED_BY}
    anywhere = (*_of(title, EVERYWHERE), *_of(rest, EVERYWHERE))
    return {*_of(title, TITLE), *_beginnings(title), *anywhere, *narrowing}


def folded(word: Word, where: str) -> str:
    return f"{where}{word.folded}"


def exact(word: Word, where: str) -> str:
    return f"{where.rstrip('.')}={word.exact}"


def pair(first: Word, second: Word, where: str) -> str:
    return f"{where}{first.folded}_{second.folded}"


def begun(mark: str) -> Mark:
    """What any mark of a word has that begins so."""
    where, sign, letters = mark.rpartition(".") if "." in mark else mark.rpartition("=")
    if where and len(letters) <= _SHORT:
        return Mark(f"{where}{sign}{letters}-")
    return Mark(mark, open=True)


def fact(name: str, value: str | None) -> str:
    """What an entry is narrowed by; an area that is None is everybody's."""
    return f"{name}.{_ODD.sub('-', value or '')}"


def _beginnings(title: Sequence[Word]) -> Iterable[str]:
    for word in title:
        for length in range(1, _SHORT + 1):
            yield f"{folded(word, TITLE)[: len(TITLE) + length]}-"
            yield f"{exact(word, TITLE)[: len(TITLE) + length]}-"


def _of(words: Sequence[Word], where: str) -> Iterable[str]:
    for word in words:
        yield folded(word, where)
        yield exact(word, where)
    for first, second in pairwise(words):
        yield pair(first, second, where)
