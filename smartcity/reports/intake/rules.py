"""One rule of routing: the conditions of `routing.yaml`, and what they say of a report.

A rule is read once and judged then: deciding whether it fits a report cannot fail.
"""

import re
from dataclasses import dataclass
from datetime import datetime, time
from functools import cached_property
from typing import Any

import marshmallow as ma
from marshmallow import validate

from smartcity.areas import service as areas
from smartcity.core.clock import LOCAL
from smartcity.core.fields import Schema, Text
from smartcity.core.text import fold
from smartcity.reports.categories import Category, Choices

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HOURS = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-3]):([0-5][0-9])")
_WORD = re.compile(r"\w+")


def _spaced(folded: str) -> str:
    """Words between single spaces, so that a phrase is found as whole words."""
    return f" {' '.join(_WORD.findall(folded))} "


def _is_window(written: str) -> None:
    if _HOURS.fullmatch(written) is None:
        raise ma.ValidationError("routing.hours")


def _some(of: ma.fields.Field[Any]) -> ma.fields.List[Any]:
    return ma.fields.List(of, load_default=list, validate=validate.Length(max=200))


class Conditions(Schema):
    """When a rule fits: all of what it names, of each list any one."""

    categories = _some(Text(max=40))
    areas = _some(Text(max=10))
    words = _some(Text(max=100))
    weekdays = _some(ma.fields.String(validate=validate.OneOf(DAYS)))
    hours = ma.fields.String(
        load_default=None,
        allow_none=True,
        validate=_is_window,
    )

    @ma.validates_schema
    def _some_condition(self, told: dict[str, Any], **_: Any) -> None:
        if not any(told.values()):
            raise ma.ValidationError("routing.no_condition")

    @ma.validates("words")
    def _some_word(self, words: list[str], **_: Any) -> None:
        if not all(_spaced(fold(phrase)).strip() for phrase in words):
            raise ma.ValidationError("routing.no_word")


@dataclass(frozen=True)
class Matter:
    """What rules look at: category, commune, words and time of a report."""

    category: Category
    area: str
    folded: str
    submitted_at: datetime

    @cached_property
    def words(self) -> str:
        return _spaced(self.folded)

    @cached_property
    def local(self) -> datetime:
        return self.submitted_at.astimezone(LOCAL)


@dataclass(frozen=True)
class Rule:
    """A good rule: `words` are folded, `hours` begin and end (the end excluded), 0 is Monday."""

    code: str
    agency: str
    categories: frozenset[str]
    areas: frozenset[str]
    words: tuple[str, ...]
    weekdays: frozenset[int]
    hours: tuple[time, time] | None

    def miss(self, matter: Matter) -> str | None:
        """The first condition that the matter does not meet; None when the rule fits."""
        kind = matter.category
        if self.categories and not self.categories & {kind.code, kind.parent}:
            return "categories"
        if self.areas and matter.area not in self.areas:
            return "areas"
        if self.weekdays and matter.local.weekday() not in self.weekdays:
            return "weekdays"
        if self.hours and not _within(matter.local.time(), *self.hours):
            return "hours"
        if self.words and not any(phrase in matter.words for phrase in self.words):
            return "words"
        return None


def rule_of(code: str, agency: str, conditions: dict[str, Any]) -> Rule:
    """The rule of conditions that `Conditions` has loaded."""
    return Rule(
        code,
        agency,
        frozenset(conditions["categories"]),
        frozenset(conditions["areas"]),
        tuple(_spaced(fold(phrase)) for phrase in conditions["words"]),
        frozenset(DAYS.index(day) for day in conditions["weekdays"]),
        _hours(conditions["hours"]),
    )


def strangers(rule: Rule, choices: Choices, known: areas.Reference) -> list[str]:
    """What a rule names that is not there (any more): agencies, categories, communes."""
    wards = {ward.code for ward in known.wards}
    unit = known.agencies.get(rule.agency)
    gone = [] if unit and unit.active else [f"agency {rule.agency}"]
    kinds = {code for code, kind in choices.categories.items() if kind.active}
    gone += [f"category {code}" for code in sorted(rule.categories - kinds)]
    return gone + [f"area {code}" for code in sorted(rule.areas - wards)]


def _hours(written: str | None) -> tuple[time, time] | None:
    found = _HOURS.fullmatch(written) if written else None
    if found is None:
        return None
    from_hour, from_minute, to_hour, to_minute = map(int, found.groups())
    return time(from_hour, from_minute), time(to_hour, to_minute)


def _within(moment: time, begins: time, ends: time) -> bool:
    """Whether a time of day lies in a window, which may go over midnight."""
    if begins <= ends:
        return begins <= moment < ends
    return moment >= begins or moment < ends
