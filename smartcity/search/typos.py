"""Words for those that nothing was found by: one letter added, left out, changed or swapped.

PostgreSQL knows the titles that are alike by their trigrams. On SQLite trigrams would have to be
ranked over all titles; its index tells in far less time which words and pairs of titles there are.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from string import ascii_lowercase

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from smartcity.core.db import is_sqlite
from smartcity.search import marks
from smartcity.search.marks import TITLE
from smartcity.search.words import Word, words

_SHORTEST = 3  # letters: shorter words are one letter from too many others
_LETTERS = re.compile("[a-z]+")
_KNOWN = text("SELECT term, doc FROM search_words_known WHERE term IN :terms").bindparams(
    bindparam("terms", expanding=True)
)
# Most mistakes leave much alike; what is less alike takes three times as long to look through.
_LIKENESS = ("0.6", "0.4")
_AS_ALIKE = text("SELECT set_config('pg_trgm.word_similarity_threshold', :likeness, true)")
_ALIKE = text(
    "SELECT title FROM search_words WHERE :typed <% title"
    " ORDER BY word_similarity(:typed, title) DESC, number DESC LIMIT 20"
)


def corrected(session: Session, typed: Sequence[Word]) -> list[Word] | None:
    """The same words, those replaced that were mistyped; None when nothing is near."""
    better = _by_pairs(session, typed) if is_sqlite(session) else _by_titles(session, typed)
    return better if better and better != list(typed) else None


def _by_titles(session: Session, typed: Sequence[Word]) -> list[Word] | None:
    """As the most alike title has them that has them all."""
    asked = " ".join(word.folded for word in typed)
    for likeness in _LIKENESS:
        session.execute(_AS_ALIKE, {"likeness": likeness})
        if meant := _explained(typed, session.scalars(_ALIKE, {"typed": asked})):
            return meant
    return None


def _explained(typed: Sequence[Word], titles: Iterable[str]) -> list[Word] | None:
    for title in titles:
        meant = [_among(word, words(title)) for word in typed]
        if None not in meant:
            return [word for word in meant if word]
    return None


def _among(word: Word, title: Sequence[Word]) -> Word | None:
    if any(other.folded == word.folded for other in title):
        return word
    near = edits(word.folded)
    return next((other for other in title if other.folded in near), None)


def _by_pairs(session: Session, typed: Sequence[Word]) -> list[Word] | None:
    """Those that no entry has, as titles have them beside their neighbours; else any one."""
    meant = list(typed)
    known = _count(session, {word.folded for word in typed})
    unknown = [n for n, word in enumerate(typed) if word.folded not in known]
    for place in unknown or range(len(typed)):
        better = _best(session, meant, place, alone=bool(unknown))
        meant[place] = better or meant[place]
        if better and not unknown:
            break
    return meant


def _best(session: Session, typed: Sequence[Word], place: int, *, alone: bool) -> Word | None:
    near = [Word(edit, edit) for edit in edits(typed[place].folded)]
    beside = {mark: word for word in near for mark in _beside(typed, place, word)}
    by_itself = {marks.folded(word, TITLE): word for word in near} if alone else {}
    for choice in (beside, by_itself):
        if counts := _count(session, choice):
            return choice[max(counts, key=lambda mark: (counts[mark], mark))]
    return None


def _beside(typed: Sequence[Word], place: int, word: Word) -> Iterator[str]:
    if place:
        yield marks.pair(typed[place - 1], word, TITLE)
    if place + 1 < len(typed):
        yield marks.pair(word, typed[place + 1], TITLE)


def _count(session: Session, terms: Collection[str]) -> dict[str, int]:
    """How many entries have each of some marks; those that none has are left out."""
    if not terms:
        return {}
    return {row.term: row.doc for row in session.execute(_KNOWN, {"terms": list(terms)})}


def edits(word: str) -> set[str]:
    """All that is one letter away; nothing for short words and those with digits."""
    if len(word) < _SHORTEST or not _LETTERS.fullmatch(word):
        return set()
    cuts = [(word[:n], word[n:]) for n in range(len(word) + 1)]
    left_out = {a + b[1:] for a, b in cuts if b}
    swapped = {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}
    changed = {a + letter + b[1:] for a, b in cuts if b for letter in ascii_lowercase}
    added = {a + letter + b for a, b in cuts for letter in ascii_lowercase}
    return (left_out | swapped | changed | added) - {word}
