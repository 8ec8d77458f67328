"""Answers as figures: counts, shares and means, and by commune without telling of a few people."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from smartcity.participation.surveys.questions import Sort
from smartcity.registers.service import Record

FEW = 5  # people: of fewer the public reads no figures
Told = dict[str, Any]


@dataclass
class Tally:
    """How often each answer to a question was given, by commune (None: not told)."""

    answered: Counter[str | None] = field(default_factory=Counter)
    given: dict[str | None, Counter[Any]] = field(default_factory=lambda: defaultdict(Counter))

    def add(self, ward: str | None, answer: Any) -> None:
        """Count what one person answered."""
        self.answered[ward] += 1
        self.given[ward].update(answer if isinstance(answer, list) else [answer])


def tallied(
    questions: Iterable[Record], rows: Iterable[tuple[str | None, Mapping[str, Any]]]
) -> dict[str, Tally]:
    """A tally of each question, from the ward and the answers of each response.

    Texts are counted, and not read.
    """
    tallies = {question["id"]: Tally() for question in questions}
    words = {question["id"] for question in questions if question["kind"] == Sort.TEXT}
    for ward, answers in rows:
        for name, answer in answers.items():
            tallies[name].add(ward, [] if name in words else answer)
    return tallies


def figures(questions: Sequence[Record], tallies: Mapping[str, Tally], *, few: int) -> list[Told]:
    """The figures of each question, where `few` people or more answered: of all, and by commune."""
    return [_question(question, tallies[question["id"]], few) for question in questions]


def wards_told(answered: Mapping[str | None, int], few: int) -> list[str]:
    """The communes whose figures may be told: each of `few` people or more.

    Nor may the rest be few, since whoever takes these from the whole reads the rest.
    """
    told, hidden = [], answered.get(None, 0)
    for people, ward in sorted((people, ward) for ward, people in answered.items() if ward):
        if people < few or 0 < hidden < few:
            hidden += people
        else:
            told.append(ward)
    return sorted(told)


def _question(question: Record, tally: Tally, few: int) -> Told:
    named = {name: question[name] for name in ("id", "kind", "text", "text_en")}
    answered = tally.answered.total()
    if answered < few:
        nothing: Told = {"options": [], "mean": None, "by_ward": []}
        return {**named, "answered": answered, "suppressed": True, **nothing}
    everywhere = sum(tally.given.values(), Counter[Any]())
    wards = [] if question["kind"] == Sort.TEXT else wards_told(tally.answered, few)
    return {
        **named,
        "suppressed": False,
        **_group(question, answered, everywhere),
        "by_ward": [
            {"ward": ward, **_group(question, tally.answered[ward], tally.given[ward])}
            for ward in wards
        ],
    }


def _group(question: Record, answered: int, given: Counter[Any]) -> Told:
    """The figures of some people; shares are of those who answered the question."""
    return {
        "answered": answered,
        "options": [
            {**option, "count": given[value], "share": round(given[value] / (answered or 1), 4)}
            for value, option in _options(question)
        ],
        "mean": _mean(given) if question["kind"] == Sort.SCALE and answered else None,
    }


def _options(question: Record) -> list[tuple[Any, Told]]:
    """What could be answered, and what it is called; the steps of a scale are their own names."""
    if question["kind"] == Sort.SCALE:
        steps = range(question["least"], question["most"] + 1)
        return [(step, {"id": str(step), "text": str(step), "text_en": None}) for step in steps]
    return [(option["id"], dict(option)) for option in question["options"]]


def _mean(given: Counter[int]) -> float:
    return round(sum(step * times for step, times in given.items()) / given.total(), 2)
