"""A question as it is understood: what was said, what else that is called, what happened."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from smartcity.catalogue.finding.everyday import Everyday, Plain, Saying
from smartcity.catalogue.finding.syllables import Syllable, accented, syllables
from smartcity.catalogue.records.codes import canonical

MOST = 40  # syllables of a question that count
_LONGEST = 9  # syllables of a saying
_OTHER_ACCENTS = 0.5  # how sure, where accents were typed that a saying has not
_CODE = re.compile(r"(?<![\w.])\d\.?\d{6}(?:\.[0-9A-Za-z]{1,4})*(?![\w.])", re.ASCII)


@dataclass(frozen=True)
class Span:
    """Syllables `start` up to `end` of a question; `sure` by how well a saying fits, up to 1."""

    start: int
    end: int
    saying: Saying
    sure: float


@dataclass(frozen=True)
class Question:
    """`exact` tells of each syllable whether its accents are to be taken as they were typed."""

    said: Sequence[Syllable]
    exact: Sequence[bool]
    filler: Sequence[bool]
    words: Sequence[Span]
    situations: Sequence[Span]
    codes: Sequence[str]


def read(text: str, everyday: Everyday) -> Question:
    """A question by the province's everyday words."""
    return understood(syllables(text)[:MOST], everyday, codes(text))


def codes(text: str) -> list[str]:
    """The codes that stand in a text, by their first two parts."""
    found = (canonical(each) for each in _CODE.findall(text))
    return [code for code in found if code]


def understood(said: Sequence[Syllable], everyday: Everyday, codes: Sequence[str]) -> Question:
    """The same of syllables, some of which may have been put right."""
    typed = accented(said)
    exact = [typed or each.exact != each.plain for each in said]
    words = _apart(_runs(said, exact, everyday.words))
    idle = _runs(said, exact, everyday.fillers)
    filler = _covered(len(said), [s for s in _apart([*words, *idle]) if s not in words])
    happened = _outermost(_runs(said, exact, everyday.situations))
    return Question(said, exact, filler, words, happened, codes)


def _runs(
    said: Sequence[Syllable], exact: Sequence[bool], sayings: Mapping[Plain, Sequence[Saying]]
) -> list[Span]:
    """Where sayings stand as they are."""
    plain = tuple(each.plain for each in said)
    found = []
    for start in range(len(plain)):
        for end in range(start + 1, min(len(plain), start + _LONGEST) + 1):
            for saying in sayings.get(plain[start:end], ()):
                true = _fits(saying.syllables, said[start:end], exact[start:end])
                found.append(Span(start, end, saying, 1 if true else _OTHER_ACCENTS))
    return found


def _fits(saying: Sequence[Syllable], said: Sequence[Syllable], exact: Sequence[bool]) -> bool:
    """Whether accents agree as far as they were typed; one syllable without tells too little."""
    if len(saying) == 1 and said[0].exact == said[0].plain:
        return saying[0].exact == said[0].exact
    same = zip(saying, said, exact, strict=True)
    return all(one.exact == other.exact or not typed for one, other, typed in same)


def _apart(spans: Iterable[Span]) -> list[Span]:
    """Spans that do not overlap, the surest and longest first taken; in their order."""
    taken: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.sure < 1, s.start - s.end, s.start)):
        same = any((s.start, s.end, s.sure) == (span.start, span.end, span.sure) for s in taken)
        if same or all(s.end <= span.start or span.end <= s.start for s in taken):
            taken.append(span)
    return sorted(taken, key=lambda span: span.start)


def _outermost(spans: Sequence[Span]) -> list[Span]:
    """Those within no longer one: who lost his wife's passport did not lose his wife."""
    return [one for one in spans if not any(_holds(other, one) for other in spans)]


def _holds(outer: Span, inner: Span) -> bool:
    around = outer.start <= inner.start and inner.end <= outer.end and outer.sure >= inner.sure
    longer = outer.end - outer.start > inner.end - inner.start
    return around and (longer or outer.sure > inner.sure)


def _covered(length: int, spans: Iterable[Span]) -> list[bool]:
    covered = [False] * length
    for span in spans:
        covered[span.start : span.end] = [True] * (span.end - span.start)
    return covered
