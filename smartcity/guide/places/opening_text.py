"""Opening hours as people here write them, understood: "7h–11h, 13h30–17h T2–T6; 7h–11h T7".

What is not understood, or could mean two things, is refused: a wrong hour is worse than none.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from smartcity.guide.places.hours import EVERY_DAY, HOLIDAY, Span, Week, week_of
from smartcity.guide.places.opening_words import Unclear, Words, words

# How one statement goes, by the letters of its words: Days, Span, Closed, Pause. What fits none
# could be read in two ways: "7h–17h T2–T6, T7 nghỉ" has SDC, and T2–T6 would be days of rest.
_FORMS = {
    "rest": re.compile(r"CD(?!P?S)|(?<!S)DC(?!D)"),
    "days_first": re.compile(r"D(?:P?S)++"),
    "hours_first": re.compile(r"S(?:P?S)*+(?:D(?!C)|PD(?!C|P?S))"),
    "hours_alone": re.compile(r"S(?:P?S)*+(?!D)"),
    "pause": re.compile("P"),
}


@dataclass(frozen=True)
class _Said:
    """One statement: what its form is, of which days it speaks, and of which hours."""

    form: str
    days: frozenset[int]
    spans: tuple[Span, ...]


def understood(written: str) -> Week:
    """The week that somebody wrote; Unclear says what of it is not understood, and how to write."""
    told = [said for segment in words(written) for said in _statements(segment, written)]
    spans: dict[int, list[Span]] = {}
    for said in _with_days(told, written):
        for day in said.days:
            spans.setdefault(day, []).extend(said.spans)
    closed = {day for said in told if said.form == "rest" for day in said.days}
    week = {day: those for day, those in spans.items() if day not in closed}
    if not week:
        raise Unclear("place.hours_incomplete", written)
    return week_of(_with_holidays(week, closed))


def _statements(segment: Words, written: str) -> Iterator[_Said]:
    at = 0
    while at < len(segment.letters):
        tried = ((form, pattern.match(segment.letters, at)) for form, pattern in _FORMS.items())
        form, found = next(((form, match) for form, match in tried if match), ("", None))
        if found is None:
            raise Unclear("place.hours_incomplete", written)
        if form != "pause":
            yield _said(form, segment.values[at : found.end()])
        at = found.end()


def _said(form: str, values: tuple[Any, ...]) -> _Said:
    days = frozenset(day for value in values if isinstance(value, frozenset) for day in value)
    return _Said(form, days, tuple(value for value in values if isinstance(value, tuple)))


def _with_days(told: list[_Said], written: str) -> Iterator[_Said]:
    """Hours, each with its days: those without any are of all days not spoken of.

    After a semicolon they go on for the days before it: "T2–T6: 7h–11h; 13h–17h".
    """
    spoken = frozenset(day for said in told for day in said.days)
    last: _Said | None = None
    for said in told:
        alone = said.form == "hours_alone"
        whole = _lasting(said, last, EVERY_DAY - spoken, written) if alone else said
        if said.form != "rest":
            yield whole
        last = whole


def _lasting(said: _Said, last: _Said | None, others: frozenset[int], written: str) -> _Said:
    if last is None or last.form in ("hours_alone", "rest"):
        if not others:
            raise Unclear("place.hours_incomplete", written)
        return _Said("hours_alone", others, said.spans)
    if last.form == "hours_first":
        raise Unclear("place.hours_ambiguous", written)
    return _Said("days_first", last.days, said.spans)


def _with_holidays(spans: dict[int, list[Span]], closed: set[int]) -> dict[int, list[Span]]:
    """A place with the same hours every day keeps them on public holidays, unless it says not."""
    usual = [spans.get(day, []) for day in EVERY_DAY]
    if HOLIDAY in spans or HOLIDAY in closed or any(those != usual[0] for those in usual):
        return spans
    return {**spans, HOLIDAY: usual[0]}
