"""The feed, the snapshot and a centre's reconciliation on the wire."""

import marshmallow as ma
from marshmallow import validate

from smartcity.core.fields import Schema, Text
from smartcity.core.paging import PageQuery

MOST_REPORTS = 200
_MOST_EVENTS = 2_000  # of one report
_LARGEST = 2**53 - 1  # that every JSON reader keeps
_EVENT = "01a2010d-9823-775f-a387-1ec6922cef5e"
_SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_SEQUENCE = {"description": "As in the event: compared as text", "example": "0000000001"}
_CODE = {"example": "HP-2026-000123"}
_DIGEST = {
    "description": "SHA-256 of the UTF-8 bytes of the event as first written, hexadecimal",
    "example": _SHA256,
}
_BODY = {
    "description": "The CloudEvent as text: the bytes that a delivery carries",
    "example": '{"specversion":"1.0","id":"01a2010d-9823-775f-a387-1ec6922cef5e"}',
}


def _position(**options: object) -> ma.fields.Integer:
    return ma.fields.Integer(validate=validate.Range(0, _LARGEST), strict=True, **options)  # type: ignore[arg-type]


class FeedQuery(Schema):
    """Where to read on, and how much."""

    after = ma.fields.Integer(
        validate=validate.Range(0, _LARGEST),
        metadata={"description": "A position; by default the stored offset", "example": 41},
    )
    limit = ma.fields.Integer(load_default=100, validate=validate.Range(1, 500))


class FeedEventOut(ma.Schema):
    """An event of the log."""

    position = ma.fields.Integer(required=True, metadata={"example": 42})
    id = ma.fields.UUID(required=True, metadata={"example": _EVENT})
    sha256 = ma.fields.String(required=True, metadata=_DIGEST)
    body = ma.fields.String(required=True, metadata=_BODY)


class FeedOut(ma.Schema):
    """Events in order of position; fewer than `limit` when there are no more yet."""

    events = ma.fields.List(ma.fields.Nested(FeedEventOut), required=True)
    next = ma.fields.Integer(
        required=True, metadata={"description": "`after` of the next page", "example": 42}
    )
    end = ma.fields.Integer(
        required=True,
        metadata={"description": "How far the log goes, events of others too", "example": 57},
    )
    offset = ma.fields.Integer(
        required=True, metadata={"description": "As stored last", "example": 41}
    )


class OffsetIn(Schema):
    """Up to where the events are kept safely."""

    position = _position(required=True, metadata={"example": 42})
    reset = ma.fields.Boolean(
        load_default=False, metadata={"description": "Let it go back, to read again"}
    )


class OffsetOut(ma.Schema):
    """The offset as it stands."""

    position = ma.fields.Integer(required=True, metadata={"example": 42})
    end = ma.fields.Integer(required=True, metadata={"example": 57})


class SnapshotQuery(PageQuery):
    """Which page."""

    limit = ma.fields.Integer(load_default=50, validate=validate.Range(1, 200))


class SnapshotReportOut(ma.Schema):
    """A report as it stands; `body` is its last step that this destination hears."""

    report = ma.fields.String(required=True, metadata=_CODE)
    status = ma.fields.String(
        required=True,
        metadata={"description": "Now, whoever caused it", "example": "in_progress"},
    )
    position = ma.fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "Null when the log lacks this step", "example": 42},
    )
    sha256 = ma.fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "To compare later; `body` differs from it when it was written anew",
            "example": _SHA256,
        },
    )
    body = ma.fields.String(required=True, metadata=_BODY)


class SnapshotOut(ma.Schema):
    """A page of the snapshot."""

    position = ma.fields.Integer(
        required=True,
        metadata={"description": "From where the feed goes on, after the last page", "example": 57},
    )
    reports = ma.fields.List(ma.fields.Nested(SnapshotReportOut), required=True)
    next_cursor = ma.fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "`cursor` of the next page; null on the last"},
    )


class HeldEventIn(Schema):
    """An event that the centre holds."""

    sequence = ma.fields.String(
        required=True,
        validate=[
            validate.Length(max=10),
            validate.Regexp(r"0*[0-9]{1,9}\Z", error="ioc.bad_sequence"),
        ],
        metadata=_SEQUENCE,
    )
    sha256 = ma.fields.String(
        required=True,
        validate=validate.Regexp(r"[0-9a-fA-F]{64}\Z", error="ioc.bad_digest"),
        metadata=_DIGEST,
    )


class HeldReportIn(Schema):
    """What the centre holds of a report."""

    report = Text(max=40, required=True, metadata=_CODE)
    events = ma.fields.List(
        ma.fields.Nested(HeldEventIn),
        required=True,
        validate=validate.Length(max=_MOST_EVENTS),
    )


class HeldIn(Schema):
    """A page of what the centre holds; pages with one `run` are counted together."""

    run = ma.fields.UUID(metadata={"description": "The centre's own", "example": _EVENT})
    page = ma.fields.Integer(validate=validate.Range(1, 2**31 - 1), metadata={"example": 1})
    reports = ma.fields.List(
        ma.fields.Nested(HeldReportIn),
        required=True,
        validate=validate.Length(max=MOST_REPORTS),
    )


class LackedEventOut(ma.Schema):
    """An event to read again: `GET /api/v1/ioc/feed?after=<position - 1>&limit=1`."""

    event = ma.fields.UUID(required=True, metadata={"example": _EVENT})
    sequence = ma.fields.String(required=True, metadata=_SEQUENCE)
    position = ma.fields.Integer(required=True, metadata={"example": 42})


class ExtraEventOut(ma.Schema):
    """An event that we never wrote for this centre."""

    sequence = ma.fields.String(required=True, metadata=_SEQUENCE)


class ReportDifferenceOut(ma.Schema):
    """Where the two do not agree; three empty lists when they do."""

    report = ma.fields.String(required=True, metadata=_CODE)
    missing = ma.fields.List(ma.fields.Nested(LackedEventOut), required=True)
    different = ma.fields.List(ma.fields.Nested(LackedEventOut), required=True)
    extra = ma.fields.List(ma.fields.Nested(ExtraEventOut), required=True)


class ComparedOut(ma.Schema):
    """The difference, report by report as asked."""

    run = ma.fields.UUID(required=True, metadata={"example": _EVENT})
    reports = ma.fields.List(ma.fields.Nested(ReportDifferenceOut), required=True)
