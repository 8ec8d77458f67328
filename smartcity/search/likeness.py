"""What is like a text: titles that share words which stand side by side in it.

In Vietnamese two syllables are most often one word, so pairs tell what a sentence is about.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.search import marks
from smartcity.search.asking import within
from smartcity.search.marks import TITLE, Mark
from smartcity.search.matching import numbers
from smartcity.search.models import Entry
from smartcity.search.words import Word, words

_LONGEST = 60  # words of the text that count
_LOOKED_AT = 100  # entries that share any pair, the newest
_LEAST = 2  # pairs in common
# Syllables of everyday grammar: two of them side by side say nothing of what a sentence is about.
_GRAMMAR = frozenset(
    """
    a ai anh ba ban bao bi cac can chi cho chua co con cua da dang dau de den di do duoc em gi gio
    hay khi khong la lam len ma minh moi nao nay nen neu nhu o ong phai ra roi sao se ta tai the thi
    toi trong tu va van ve vi voi xin
    """.split()  # noqa: SIM905
)


def alike(session: Session, typed: str, narrowed: Mapping[str, str], most: int) -> list[str]:
    """The refs of what is most like a text, the likest first.

    A pair counts the more, the fewer of those looked at have it.
    """
    pairs = _pairs(words(typed)[:_LONGEST])
    if len(pairs) < _LEAST:
        return []
    asked = (tuple(Mark(f"{TITLE}{pair}") for pair in sorted(pairs)),)
    found = numbers(session, [asked], within(narrowed), first=0, most=_LOOKED_AT)
    rows = session.execute(select(Entry.ref, Entry.title).where(Entry.number.in_(found)))
    shared = {ref: pairs & _pairs(words(title)) for ref, title in rows}
    common = Counter(pair for each in shared.values() for pair in each)
    worth = {
        ref: sum(1 / common[pair] for pair in each)
        for ref, each in shared.items()
        if len(each) >= _LEAST
    }
    return sorted(worth, key=lambda ref: (-worth[ref], ref))[:most]


def _pairs(told: Sequence[Word]) -> set[str]:
    return {
        marks.pair(first, second, "")
        for first, second in pairwise(told)
        if not {first.folded, second.folded} <= _GRAMMAR
    }
