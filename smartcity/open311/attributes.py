"""The values that came for a service's attributes, held against its definition."""

import math
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from smartcity.core.errors import Invalid
from smartcity.core.text import clean
from smartcity.open311.jurisdiction import LISTS, Attribute, jurisdiction

Value = str | list[str]


def checked(service: str, given: Mapping[str, list[str]]) -> dict[str, Value]:
    """The values of the attributes that a service knows; others are left out.

    Raises Invalid naming each `attribute[code]` that is missing or does not fit.
    """
    asked = [a for a in jurisdiction().attributes_of(service) if a.variable]
    faults = {f"attribute[{a.code}]": why for a in asked if (why := _fault(a, given.get(a.code)))}
    if faults:
        raise Invalid(**faults)
    return {a.code: _value(a, given[a.code]) for a in asked if a.code in given}


def _value(attribute: Attribute, values: list[str]) -> Value:
    lines = attribute.datatype == "text"
    cleaned = [clean(value, lines=lines) for value in values]
    return cleaned if attribute.datatype == "multivaluelist" else cleaned[0]


def _fault(attribute: Attribute, values: list[str] | None) -> str | None:
    """The key of what is wrong, None when nothing is."""
    if not values:
        return "field.required" if attribute.required else None
    if len(values) > 1 and attribute.datatype != "multivaluelist":
        return "open311.one_value"
    return next((why for value in values if (why := _misfit(attribute, value))), None)


def _misfit(attribute: Attribute, value: str) -> str | None:
    if attribute.datatype in LISTS:
        return None if any(v["key"] == value for v in attribute.values) else "open311.not_a_value"
    fits, why = _TESTS[attribute.datatype]
    try:
        return None if fits(value) else why
    except ValueError:
        return why


def _is_time(value: str) -> bool:
    datetime.fromisoformat(value)
    return True


_TESTS: dict[str, tuple[Callable[[str], Any], str]] = {
    "string": (lambda v: len(v) <= 300 and clean(v), "open311.not_a_string"),
    "text": (lambda v: len(v) <= 2000 and clean(v, lines=True), "open311.not_a_text"),
    "number": (lambda v: math.isfinite(float(v)), "field.not_number"),
    "datetime": (_is_time, "field.not_time"),
}
