"""How the public narrows the places."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import marshmallow as ma
from marshmallow import validate
from sqlalchemy import ColumnElement, String, cast

from smartcity.core.fields import Instant, Schema
from smartcity.guide.places.extras import ACCESS, CATEGORIES
from smartcity.guide.places.kept_hours import is_open
from smartcity.registers.service import Entry, ListQuery

_YEARS = validate.Range(datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
_OPEN = {"description": "Open at this instant", "example": "2026-11-23T08:30:00+07:00"}
_DUTY = {"description": "Pharmacies on duty (trực) on this day", "example": "2026-11-28"}


def categories() -> ma.fields.List[str]:
    """A field for categories, of which one is enough."""
    one = ma.fields.String(validate=validate.OneOf(CATEGORIES), metadata={"example": "pharmacy"})
    return ma.fields.List(one, metadata={"description": "Any of these; repeat it for several"})


class PlaceFilter(Schema):
    """What is asked of places wherever they are looked for."""

    category = categories()
    open_at = Instant(validate=_YEARS, metadata=_OPEN)
    on_duty = ma.fields.Date(metadata=_DUTY)
    accessibility = ma.fields.List(
        ma.fields.String(validate=validate.OneOf(ACCESS), metadata={"example": "ramp"}),
        metadata={"description": "All of these"},
    )


class PlaceQuery(PlaceFilter, ListQuery):  # type: ignore[misc]  # several categories
    """How the public narrows the list of places."""


def narrow(asked: Mapping[str, Any]) -> Iterator[ColumnElement[bool]]:
    """What the filters ask of an entry beside its category."""
    if at := asked.get("open_at"):
        yield is_open(Entry.id, at)
    yield from lasting(asked)


def lasting(asked: Mapping[str, Any]) -> Iterator[ColumnElement[bool]]:
    """What of it holds at any hour."""
    if day := asked.get("on_duty"):
        yield Entry.category == "pharmacy"
        yield _lists(Entry.record["extras"]["duty_days"], day.isoformat())
    for access in asked.get("accessibility", ()):
        yield _lists(Entry.record["accessibility"], access)


def _lists(field: ColumnElement[Any], value: str) -> ColumnElement[bool]:
    """That a list of texts in a record holds one."""
    return cast(field, String).contains(f'"{value}"', autoescape=True)
