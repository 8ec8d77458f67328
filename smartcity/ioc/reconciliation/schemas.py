"""Reconciliations on the wire, for officers."""

import marshmallow as ma
from marshmallow import validate

from smartcity.core.fields import Instant, Schema, Text
from smartcity.core.paging import PageQuery
from smartcity.ioc.reconciliation.comparison import Kind

_ID = {"example": "01a2010d-9823-775f-a387-1ec6922cef5e"}
_NAME = {"description": "A destination's name", "example": "province"}


def _count(told: str) -> ma.fields.Integer:
    return ma.fields.Integer(required=True, metadata={"description": told, "example": 0})


class ReconciliationQuery(PageQuery):
    """Which runs."""

    destination = Text(max=40, metadata=_NAME)
    running = ma.fields.Boolean(metadata={"description": "Only those under way, or only ended"})
    differing = ma.fields.Boolean(
        metadata={"description": "Only those with something not repaired, or only without"}
    )


class ReconciliationIn(Schema):
    """Whom to compare with."""

    destination = Text(max=40, required=True, metadata=_NAME)


class ReconciliationOut(ma.Schema):
    """A run, how far it is, and what it found: numbers of events."""

    id = ma.fields.UUID(required=True, metadata=_ID)
    destination = ma.fields.String(required=True, metadata=_NAME)
    since = Instant(required=True)
    until = Instant(required=True, metadata={"description": "Events before this were compared"})
    started_by = ma.fields.String(
        required=True,
        metadata={
            "description": "`system` at night, an officer, or the centre that asked",
            "example": "system",
        },
    )
    started_at = Instant(required=True)
    ended_at = Instant(
        required=True, allow_none=True, metadata={"description": "Null while it runs"}
    )
    pages = _count("Pages done")
    reports = _count("Reports compared so far")
    events = _count("Events of these reports")
    missing = _count("They lack it")
    different = _count("They hold it with other bytes")
    extra = _count("They hold it and we never delivered it; only listed")
    repaired = _count("Sent again, and seen there since")
    last_error = ma.fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Why it does not go on", "example": "HTTP 503"},
    )


class DifferenceFilter(Schema):
    """Which differences."""

    kind = ma.fields.String(validate=validate.OneOf([kind.value for kind in Kind]))
    repaired = ma.fields.Boolean()


class DifferenceQuery(PageQuery, DifferenceFilter):
    """Which page of them."""


class DifferenceOut(ma.Schema):
    """An event on which the two did not agree."""

    code = ma.fields.String(required=True, metadata={"example": "HP-2026-000123"})
    sequence = ma.fields.Integer(required=True, metadata={"example": 3})
    kind = ma.fields.String(required=True, validate=validate.OneOf([kind.value for kind in Kind]))
    event_id = ma.fields.UUID(
        required=True, allow_none=True, metadata={**_ID, "description": "Null for an extra one"}
    )
    repaired_at = Instant(required=True, allow_none=True)
