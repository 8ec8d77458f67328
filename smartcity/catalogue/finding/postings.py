"""Which procedures have a word, and how much it says of each: the inverted index.

A posting is one number: the procedure's number above eight bits that say how much (255: all of
it). BM25F: a word counts by the field it is in, less the longer the name, and soon enough is
enough (Robertson and Zaragoza, 2009).
"""

import math
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from smartcity.catalogue.finding.syllables import Syllable

Term = str | int  # a syllable with its accents, or a pair of syllables without
Weighted = tuple[Sequence[Syllable], float, bool]  # of a field: whether its pairs count too
ENOUGH = 2.5  # the weight of which more is worth less and less
LONG = 18  # syllables of a name of middling length
_BITS = 20  # of a plain syllable's number


class Postings:
    """Procedures by number; a number is used once, and what goes is left out by who searches."""

    def __init__(self) -> None:
        self.count = 0
        self._postings: dict[Term, array[int]] = {}
        self._variants: dict[str, list[str]] = {}
        self._plain: dict[str, int] = {}

    def put(self, number: int, fields: Iterable[Weighted], length: float) -> None:
        """Note what a procedure says; numbers rise from call to call."""
        longer = 0.6 + 0.4 * length / LONG
        for term, weight in self._weights(fields).items():
            share = weight / (weight + ENOUGH * longer)
            posting = number << 8 | round(255 * share)
            if term in self._postings:
                self._postings[term].append(posting)
            else:
                self._postings[term] = array("I", (posting,))
        self.count += 1

    def of(self, term: Term) -> Sequence[int]:
        """The postings of a term, by rising numbers of procedures."""
        return self._postings.get(term, ())

    def shares(self, term: Term, numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
        """Which of some procedures have a term, and how much, of 255; their numbers rise."""
        found, place = self.of(term), 0
        for number in numbers:
            place = bisect_left(found, number << 8, place)
            if place == len(found):
                return
            if found[place] >> 8 == number:
                yield number, found[place] & 255

    def variants(self, plain: str) -> Sequence[str]:
        """The syllables with accents that read so without."""
        return self._variants.get(plain, ())

    def pair(self, first: str, second: str) -> int | None:
        """The term of two plain syllables in a row; None where one is not known."""
        one, two = self._plain.get(first), self._plain.get(second)
        return None if one is None or two is None else one << _BITS | two

    def frequency(self, terms: Iterable[Term]) -> int:
        """In how many procedures any of some terms is, roughly: those of several count as many."""
        return sum(len(self.of(term)) for term in terms)

    def rarity(self, frequency: int) -> float:
        """How much a word tells that so many procedures have."""
        return math.log(1 + (self.count + 1) / (frequency + 0.5))

    def _weights(self, fields: Iterable[Weighted]) -> Mapping[Term, float]:
        weights = defaultdict[Term, float](float)
        for said, weight, paired in fields:
            before = -1
            for syllable in said:
                number = self._learn(syllable)
                weights[syllable.exact] += weight
                if paired and before >= 0:
                    weights[before << _BITS | number] += weight
                before = number
        return weights

    def _learn(self, syllable: Syllable) -> int:
        if syllable.exact not in self._postings:
            variants = self._variants.setdefault(syllable.plain, [])
            if syllable.exact not in variants:
                variants.append(syllable.exact)
        return self._plain.setdefault(syllable.plain, len(self._plain))


class Rarities(dict[str, float]):
    """How much words without accents tell, as far as was asked."""

    def __init__(self, postings: Postings) -> None:
        self._postings = postings

    def __missing__(self, word: str) -> float:
        frequency = self._postings.frequency(self._postings.variants(word))
        self[word] = rarity = self._postings.rarity(frequency)
        return rarity

    def of(self, words: Iterable[str]) -> float:
        return sum(map(self.__getitem__, words))
