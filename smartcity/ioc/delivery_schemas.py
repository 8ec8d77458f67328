"""Deliveries, replays and how destinations stand, on the wire."""

import marshmallow as ma
from marshmallow import validate

from smartcity.core.fields import Instant, Schema, Text
from smartcity.core.paging import PageQuery
from smartcity.ioc.metrics import BREAKER
from smartcity.ioc.models import State
from smartcity.ioc.standing import WAITING
from smartcity.reports.service import MOVES

_STATES = validate.OneOf(list(State))
_MOVES = validate.OneOf(["submit", *MOVES])
_NAME = {"example": "ioc", "description": "Name of a destination"}
_REPORT = {"example": "HP-2026-000123", "description": "Code or id of a report"}
_REASON = {"example": "Trung tâm đã khôi phục dữ liệu.", "description": "Kept in the audit record"}
_ERROR = {"example": "HTTP 422", "description": "Of the last attempt that failed"}
_WORDS = {"description": "Words of the error or of the reference", "example": "422"}
_OVERDUE = {"description": "Taken, and not acknowledged within its destination's hours"}
_SINCE = {"description": "Made at this time or later"}
_UNTIL = {"description": "Made before"}
_BODY = {
    "example": '{"specversion":"1.0"}',
    "description": "As sent, byte by byte; null when it was dropped after 30 days, and to those who"
    " may not read reports",
}
_WORRIES = ("open", "disabled", "late", "dead", "unacknowledged", "differences")
_WAITING = {
    "description": "Not settled, by state, each counted up to 100,000",
    "example": {"pending": 3, "in_flight": 1, "unknown": 0, "dead": 0},
}
_MANY = {"description": "Counted up to 100,000", "example": 0}
_DONE = {"example": 120, "description": "How many were sent once more so far"}


class DeliveryFilter(Schema):
    """How officers narrow the list."""

    destination = Text(max=40, metadata=_NAME)
    state = ma.fields.String(validate=_STATES)
    open = ma.fields.Boolean(metadata={"description": "Only what is not settled"})
    overdue = ma.fields.Boolean(metadata=_OVERDUE)
    report = Text(max=40, metadata=_REPORT)
    move = ma.fields.String(validate=_MOVES)
    since = Instant(metadata=_SINCE)
    until = Instant(metadata=_UNTIL)
    q = Text(max=100, metadata=_WORDS)


class DeliveryQuery(PageQuery, DeliveryFilter):
    """The list, page by page."""


class DeliveryOut(ma.Schema):
    """One event for one destination, and how far it came."""

    destination = ma.fields.String(required=True, metadata=_NAME)
    event_id = ma.fields.UUID(required=True)
    report_id = ma.fields.UUID(required=True)
    code = ma.fields.String(required=True, metadata={"example": "HP-2026-000123"})
    sequence = ma.fields.Integer(required=True, metadata={"example": 2})
    move = ma.fields.String(required=True, metadata={"example": "accept"})
    state = ma.fields.String(required=True, validate=_STATES)
    attempts = ma.fields.Integer(required=True, metadata={"example": 1})
    last_error = ma.fields.String(required=True, allow_none=True, metadata=_ERROR)
    reference = ma.fields.String(
        required=True,
        allow_none=True,
        metadata={"example": "PA-118", "description": "The destination's own"},
    )
    created_at = Instant(required=True)
    sent_at = Instant(required=True, allow_none=True)
    answered_at = Instant(required=True, allow_none=True)
    acknowledged_at = Instant(required=True, allow_none=True)
    next_at = Instant(required=True, allow_none=True)
    replayed_at = Instant(required=True, allow_none=True)


class DeliveryDetailOut(DeliveryOut):
    """The same with what was sent."""

    sha256 = ma.fields.String(
        required=True, metadata={"example": "9f86d081…", "description": "Of the body's bytes"}
    )
    body = ma.fields.String(required=True, allow_none=True, metadata=_BODY)


class StandingOut(ma.Schema):
    """How a destination stands; `worries` is what a person should look at."""

    name = ma.fields.String(required=True, metadata=_NAME)
    driver = ma.fields.String(required=True, metadata={"example": "cloudevents"})
    url = ma.fields.String(required=True, metadata={"example": "https://ioc.test/events"})
    breaker = ma.fields.String(required=True, validate=validate.OneOf(BREAKER))
    reason = ma.fields.String(required=True, allow_none=True, metadata={"example": "HTTP 503"})
    oldest_at = Instant(required=True, allow_none=True)
    delivered_at = Instant(required=True, allow_none=True)
    waiting = ma.fields.Dict(
        ma.fields.String(validate=validate.OneOf(WAITING)),
        ma.fields.Integer(),
        required=True,
        metadata=_WAITING,
    )
    unacknowledged = ma.fields.Integer(required=True, metadata=_MANY)
    differences = ma.fields.Integer(required=True, metadata={"example": 0})
    worries = ma.fields.List(ma.fields.String(validate=validate.OneOf(_WORRIES)), required=True)


class StandingList(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(StandingOut), required=True)


class DeedIn(Schema):
    """Why it is done."""

    reason = Text(max=500, lines=True, required=True, metadata=_REASON)


class ReplayIn(DeedIn):
    """What to send once more; at least one of states, events, report, since and until."""

    destination = Text(max=40, required=True, metadata=_NAME)
    states = ma.fields.List(
        ma.fields.String(validate=_STATES),
        validate=validate.Length(1, len(State)),
        metadata={"description": "Without it: all but superseded", "example": ["dead"]},
    )
    events = ma.fields.List(ma.fields.UUID(), validate=validate.Length(1, 1000))
    report = Text(max=40, metadata=_REPORT)
    since = Instant(metadata=_SINCE)
    until = Instant(metadata=_UNTIL)
    dry_run = ma.fields.Boolean(load_default=False, metadata={"description": "Only count them"})


class ReplayOut(ma.Schema):
    """A replay, and how far it came."""

    id = ma.fields.UUID(required=True)
    destination = ma.fields.String(required=True, metadata=_NAME)
    reason = ma.fields.String(required=True, metadata=_REASON)
    started_by = ma.fields.String(required=True, metadata={"example": "officer:0198c0de-4a6e"})
    started_at = Instant(required=True)
    ended_at = Instant(required=True, allow_none=True)
    replayed = ma.fields.Integer(required=True, metadata=_DONE)


class ReplayBegunOut(ma.Schema):
    """How many deliveries fit, and the replay that was begun; null for a dry run."""

    matching = ma.fields.Integer(required=True, metadata={"example": 120})
    replay = ma.fields.Nested(ReplayOut, required=True, allow_none=True)
