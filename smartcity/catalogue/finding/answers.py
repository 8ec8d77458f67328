"""Everyday questions to procedures: what was asked, put right where mistyped, and ranked."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from smartcity.catalogue.finding import question as questions
from smartcity.catalogue.finding.postings import Rarities
from smartcity.catalogue.finding.procedures import Procedure, Procedures, within
from smartcity.catalogue.finding.question import Question
from smartcity.catalogue.finding.ranking import Asked, texts
from smartcity.catalogue.finding.spelling import corrected
from smartcity.catalogue.finding.syllables import plain, syllables

SITUATION = 0.9  # of a whole question, for the first procedure of what happened
PART = 0.35  # of that, however little of the question it is
LATER = 0.1  # less for each further one
LIKE = 5.0  # for all of a question in examples, where names say little of it
NAMED, VAGUE = 0.95, 0.4  # a name that says so much of it leaves nothing to them; so much less, all
UNTAUGHT = 0.9  # of what its words are worth
PLAIN = 0.18  # how much of a score hangs on how much of the name was asked
PHRASE, LONGEST = 0.3, 12  # more for a whole keyword or name; syllables of the longest
SPECIAL = 0.06  # less for each special case that nobody asked for
EVERYDAY = 0.12  # more for what belongs to a life event
USED = 0.08  # more, at most, for what is much used
CODE = 10.0  # for a code that stands in a question, less one for each further one
LEAST, BESIDE = 0.12, 0.3  # a score below, or below so much of the best one, answers nothing
_LOOKED_AT = 40  # whose names are looked at


@dataclass(frozen=True)
class Match:
    """A procedure that answers to a question; higher scores answer better."""

    code: str
    score: float


@dataclass(frozen=True)
class Understood:
    """Words of a question, and what they were taken for."""

    said: str
    meant: str


@dataclass(frozen=True)
class Answer:
    """The procedures that answer, best first, and which words were taken for what."""

    matches: Sequence[Match]
    understood: Sequence[Understood]


def answer(
    procedures: Procedures,
    text: str,
    opened: Mapping[str, int],
    narrowed: Collection[int] | None = None,
    most: int = 200,
) -> Answer:
    """The procedures among `narrowed` (None: all) that answer to a question, best first.

    `opened` tells how often each was gone to of late.
    """
    asked, put_right = _read(procedures, text)
    scores = _worded(procedures, asked, narrowed)
    alike = _alike(procedures, asked, scores, narrowed)
    for added in (alike, _happened(procedures, asked), _phrased(procedures, asked)):
        for number, more in added.items():
            if narrowed is None or number in narrowed:
                scores[number] = scores.get(number, 0) + more
    for place, code in enumerate(asked.codes):
        exactly = procedures.numbers.get(code)
        if exactly is not None and (narrowed is None or exactly in narrowed):
            scores[exactly] = CODE - place
    least = max(LEAST, BESIDE * max(scores.values(), default=0))
    found = [
        Match(each.code, round(score * _use(each, opened), 5))
        for number, score in scores.items()
        if (each := procedures.by_number[number]) and score > least
    ]
    found.sort(key=lambda match: (-match.score, match.code))
    return Answer(found[:most], [*put_right, *_meant(asked)])


def _read(procedures: Procedures, text: str) -> tuple[Question, list[Understood]]:
    """The question, with unknown words put right, and which those are."""
    typed = syllables(text)[: questions.MOST]
    said = corrected(procedures.postings, procedures.everyday.known, typed)
    right = [Understood(a.exact, b.exact) for a, b in zip(typed, said, strict=True) if a is not b]
    return questions.understood(said, procedures.everyday, questions.codes(text)), right


def _meant(asked: Question) -> list[Understood]:
    return [
        Understood(span.saying.written, meant)
        for span in asked.words
        if span.sure == 1
        for meant in span.saying.means
    ]


def _worded(
    procedures: Procedures, asked: Question, narrowed: Collection[int] | None
) -> dict[int, float]:
    """How well names and texts answer, the plainest of names that are alike first."""
    units = Asked(procedures.postings, asked)
    if not units.weight:
        return {}
    scores = texts(procedures.postings, units, narrowed)
    best = sorted(scores, key=scores.__getitem__, reverse=True)[:_LOOKED_AT]
    words = [each.plain for each, idle in zip(asked.said, asked.filler, strict=True) if not idle]
    meant = [plain(m) for span in asked.words for m in span.saying.means]
    special = _special(procedures, [tuple(each.plain for each in asked.said), *meant])
    wanted = {*words, *(word for each in meant for word in each)}
    rare = Rarities(procedures.postings)
    return {
        number: scores[number] * (1 - PLAIN + PLAIN * _share(rare, each.name, wanted))
        - SPECIAL * min(2, len(set(each.special) - special))
        for number in best
        if (each := procedures.by_number[number])
    }


def _alike(
    procedures: Procedures,
    asked: Question,
    worded: Mapping[int, float],
    narrowed: Collection[int] | None,
) -> dict[int, float]:
    """What examples add that say the like, the less the more of a question some name says.

    A procedure that nobody gave an example of has what its own words are worth instead.
    """
    vague = min(1, (NAMED - max(worded.values(), default=0)) / VAGUE)
    if vague <= 0:
        return {}
    units = Asked(procedures.examples, asked)
    if not units.weight:
        return {}
    alike = texts(procedures.examples, units, narrowed)
    own = {n: UNTAUGHT * score for n, score in worded.items() if not procedures.is_taught(n)}
    return {n: LIKE * vague * share for n, share in (alike | own).items()}


def _share(rare: Rarities, name: Sequence[str], wanted: Collection[str]) -> float:
    """How much of a name was asked."""
    return rare.of(word for word in name if word in wanted) / rare.of(name)


def _special(procedures: Procedures, texts: Sequence[Sequence[str]]) -> set[int]:
    """The special cases that were asked for, in whichever words."""
    parts = procedures.everyday.special
    return {n for n, part in enumerate(parts) if any(within(part, text) for text in texts)}


def _happened(procedures: Procedures, asked: Question) -> dict[int, float]:
    """What situations add to the procedures that help, more the more of the question they are."""
    more: dict[int, float] = {}
    telling = sum(not idle for idle in asked.filler) or 1
    for span in asked.situations:
        part = sum(not idle for idle in asked.filler[span.start : span.end]) / telling
        worth = SITUATION * span.sure * (PART + (1 - PART) * min(1, part))
        for place, code in enumerate(span.saying.services):
            number = procedures.numbers.get(code)
            if number is not None:
                more[number] = max(more.get(number, 0), worth * (1 - LATER * place))
    return more


def _phrased(procedures: Procedures, asked: Question) -> dict[int, float]:
    """What whole keywords and names in a question add, more the more of the question they are."""
    more: dict[int, float] = {}
    telling = [each.plain for each, idle in zip(asked.said, asked.filler, strict=True) if not idle]
    for said in ([each.plain for each in asked.said], telling):
        for start in range(len(said)):
            for end in range(start + 1, min(len(said), start + LONGEST) + 1):
                for number in procedures.phrases.get(tuple(said[start:end]), ()):
                    worth = PHRASE * min(1, (end - start) / (len(telling) or 1))
                    more[number] = max(more.get(number, 0), worth)
    return more


def _use(procedure: Procedure, opened: Mapping[str, int]) -> float:
    used = min(1, math.log1p(opened.get(procedure.code, 0)) / 10)
    return 1 + EVERYDAY * procedure.everyday + USED * used
