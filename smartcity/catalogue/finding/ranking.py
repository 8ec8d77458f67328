"""How well procedures answer a question: what of it they have, and how much of it that is.

A question is taken apart into units: what was said as it stands, and sayings of everyday words,
each with other words for the same. Of a unit the best of its wordings counts. Rare words weigh
more; pairs of words, which in Vietnamese make up most terms, weigh besides.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from operator import itemgetter

from smartcity.catalogue.finding.postings import Postings, Term
from smartcity.catalogue.finding.question import Question
from smartcity.catalogue.finding.syllables import Syllable, syllables

BUDGET = 2_000  # postings that are looked at one by one
CANDIDATES = 80
LIGHT = 0.25  # of the heaviest term: what weighs less is not looked up
TELLING = 0.8  # a unit that weighs twice as much tells less than twice as much
PAIR = 0.6  # of what a pair's rarity tells, as its words tell most of it themselves
IDLE = 0.25  # of a filler
OTHER_ACCENTS = 0.35  # of a syllable that was typed with other accents
MEANT = 0.95  # of a wording that was not said
FULL = 0.7  # the share of a word that stands in the name alone


@dataclass(frozen=True)
class Wording:
    """One way to say a unit: its terms with their weights, and what all of them weigh."""

    terms: Sequence[tuple[Term, float]]
    mass: float
    worth: float


@dataclass(frozen=True)
class Unit:
    wordings: Sequence[Wording]
    weight: float


class Asked:
    """A question as units over an index."""

    def __init__(self, postings: Postings, question: Question) -> None:
        self._postings = postings
        self.units = [unit for unit in self._units(question) if unit.weight > 0]
        self.weight = sum(unit.weight for unit in self.units)

    def _units(self, question: Question) -> Iterator[Unit]:
        inside = [False] * len(question.said)
        spans: dict[tuple[int, int], list[Wording]] = {}
        for span in question.words:
            inside[span.start : span.end] = [True] * (span.end - span.start)
            meant = spans.setdefault((span.start, span.end), [])
            for written in span.saying.means:
                said = syllables(written)
                known = [True] * len(said)
                meant.append(self._wording(said, known, [], range(len(said)), MEANT * span.sure))
        for (start, end), meant in spans.items():
            own = self._wording(question.said, question.exact, question.filler, range(start, end))
            yield _unit([own, *meant])
        rest = [place for place, taken in enumerate(inside) if not taken]
        yield _unit([self._wording(question.said, question.exact, question.filler, rest)])

    def _wording(
        self,
        said: Sequence[Syllable],
        exact: Sequence[bool],
        filler: Sequence[bool],
        places: Collection[int],
        worth: float = 1,
    ) -> Wording:
        terms: dict[Term, float] = {}
        mass = 0.0
        for place in places:
            idle = IDLE if filler and filler[place] else 1
            weights = self._single(said[place], exact[place])
            mass += idle * max(weights.values(), default=0)
            for term, weight in weights.items():
                terms[term] = max(terms.get(term, 0), idle * weight)
            if place and (pair := self._pair(said, place)) is not None:
                before = IDLE if filler and filler[place - 1] else 1
                weight = PAIR * (idle * before) ** 0.5
                terms[pair] = weight * self._postings.rarity(self._postings.frequency([pair]))
                mass += terms[pair]
        return Wording(list(terms.items()), mass, worth)

    def _pair(self, said: Sequence[Syllable], place: int) -> int | None:
        pair = self._postings.pair(said[place - 1].plain, said[place].plain)
        return pair if pair is not None and self._postings.of(pair) else None

    def _single(self, syllable: Syllable, exact: bool) -> Mapping[Term, float]:
        variants = self._postings.variants(syllable.plain)
        if not variants:
            return {}
        if exact and syllable.exact in variants:
            rare = self._postings.rarity(self._postings.frequency([syllable.exact]))
            weights = {**dict.fromkeys(variants, OTHER_ACCENTS), syllable.exact: 1.0}
        else:
            rare = self._postings.rarity(self._postings.frequency(variants))
            weights = dict.fromkeys(variants, 1.0)
        return {variant: rare * weight for variant, weight in weights.items()}


def _unit(wordings: Sequence[Wording]) -> Unit:
    """It weighs as what was said does, or, where that is unknown, as its heaviest wording."""
    masses = [wording.mass for wording in wordings]
    known = [wording for wording in wordings if wording.mass]
    return Unit(known, (masses[0] or max(masses)) ** TELLING)


def texts(postings: Postings, asked: Asked, within: Collection[int] | None) -> dict[int, float]:
    """How well the likeliest procedures answer, by number: up to 1 for all of a question."""
    wordings = [wording for unit in asked.units for wording in unit.wordings]
    found, sums = _sums(postings, wordings, within)
    scores = dict.fromkeys(found, 0.0)
    each = iter(sums)
    for unit in asked.units:
        best: dict[int, float] = {}
        for wording, had in zip(unit.wordings, each, strict=False):
            whole = 255 * FULL * wording.mass
            for number in found & had.keys():
                share = wording.worth * min(1, had[number] / whole)
                best[number] = max(best.get(number, 0), share)
        for number, share in best.items():
            scores[number] += share * unit.weight / asked.weight
    return scores


def _sums(
    postings: Postings, wordings: Sequence[Wording], within: Collection[int] | None
) -> tuple[set[int], list[dict[int, float]]]:
    """The likeliest procedures, and what they have of each wording.

    Rare terms are looked through; of frequent ones only what the likeliest have is looked up.
    """
    jobs = [(len(postings.of(t)), i, t, w) for i, g in enumerate(wordings) for t, w in g.terms]
    jobs.sort(key=itemgetter(0))
    sums: list[dict[int, float]] = [defaultdict(float) for _ in wordings]
    looked = done = 0
    for frequency, which, term, weight in jobs:
        if done and looked + frequency > BUDGET:
            break
        _add(sums[which], postings.of(term), weight, within)
        looked, done = looked + frequency, done + 1
    likeliest = _likeliest(sums)
    least = LIGHT * max((weight for *_, weight in jobs), default=0)
    for _, which, term, weight in (job for job in jobs[done:] if job[-1] >= least):
        for number, share in postings.shares(term, likeliest):
            sums[which][number] += weight * share
    return set(likeliest), sums


def _add(
    sums: dict[int, float], found: Sequence[int], weight: float, within: Collection[int] | None
) -> None:
    if within is not None:
        found = [posting for posting in found if posting >> 8 in within]
    for posting in found:
        sums[posting >> 8] += weight * (posting & 255)


def _likeliest(sums: Sequence[Mapping[int, float]]) -> Sequence[int]:
    """By rising numbers."""
    total = dict(sums[0])
    for each in sums[1:]:
        for number, score in each.items():
            total[number] = total.get(number, 0) + score
    return sorted(nlargest(CANDIDATES, total, key=total.__getitem__))
