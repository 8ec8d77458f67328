"""Callbacks and acknowledgements on the wire."""

from typing import Any

import marshmallow as ma
from marshmallow import validate

from smartcity.core.fields import Instant, Schema, Text
from smartcity.core.paging import PageQuery
from smartcity.core.web import translated
from smartcity.reports.service import CENTRE_MOVES

APPLIED, LATE, REFUSED = "applied", "late", "refused"
INVALID, NOT_FOUND, BUSY = "invalid", "not_found", "busy"
ACKNOWLEDGED = "acknowledged"
AT_ONCE = 500  # callbacks or acknowledgements in one call
_ID = {"description": "The same on every retry", "example": "b3f1c0de-5c56-4d7b-9a56-1f2e3d4c5b6a"}
_EVENT = {"example": "01a2010d-9823-775f-a387-1ec6922cef5e"}
_REPORT = {"description": "Its code or id", "example": "HP-2026-000123"}
_SOURCE = {"description": "The destination that it came from", "example": "ioc-province"}
_REPEATED = {"description": "This id was known"}
_STATUS = {"description": "The report's status now", "example": "in_progress"}


class CallbackIn(Schema):
    """What an operations centre did with a report."""

    id = Text(max=64, required=True, metadata=_ID)
    report = Text(max=40, required=True, metadata=_REPORT)
    sequence = ma.fields.Integer(
        required=True,
        strict=True,
        validate=validate.Range(1, 2**31 - 1),
        metadata={
            "description": "The centre's own count of steps of this report, from 1",
            "example": 1,
        },
    )
    move = ma.fields.String(required=True, validate=validate.OneOf(CENTRE_MOVES))
    reason = Text(max=40, metadata={"example": "outside_authority"})
    public_text = Text(max=2000, lines=True, metadata={"example": "Đã cử tổ sửa chữa."})
    agency = Text(max=40, metadata={"example": "so-xay-dung"})
    at = Instant(required=True)


class CallbackOut(ma.Schema):
    """What came of it."""

    id = ma.fields.String(required=True, metadata=_ID)
    outcome = ma.fields.String(required=True, validate=validate.OneOf([APPLIED, LATE]))
    repeated = ma.fields.Boolean(required=True, metadata=_REPEATED)
    status = ma.fields.String(required=True, metadata=_STATUS)


class ReadSingly(ma.fields.List[Any]):
    """A list whose items are documented here and read one by one by whoever takes them."""

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> list[Any]:
        if not isinstance(value, list):
            raise self.make_error("invalid")
        return value


class BatchIn(Schema):
    """Callbacks in the order in which they are to be taken."""

    callbacks = ReadSingly(
        ma.fields.Nested(CallbackIn), required=True, validate=validate.Length(1, AT_ONCE)
    )


class BatchItemOut(ma.Schema):
    """What came of one callback."""

    id = ma.fields.String(required=True, allow_none=True, metadata=_ID)
    outcome = ma.fields.String(
        required=True,
        validate=validate.OneOf([APPLIED, LATE, REFUSED, INVALID, NOT_FOUND, BUSY]),
        metadata={"description": "busy: send it again"},
    )
    repeated = ma.fields.Boolean(required=True, metadata=_REPEATED)
    status = ma.fields.String(required=True, allow_none=True, metadata=_STATUS)
    errors = ma.fields.Function(
        lambda item: item.get("errors") and translated(item["errors"]),
        required=True,
        metadata={
            "type": ["object", "null"],
            "description": "Of an invalid one: messages by field",
            "example": {"sequence": ["Phải là số nguyên."]},
        },
    )


class BatchOut(ma.Schema):
    """What came of each, in the order in which they were sent."""

    items = ma.fields.List(ma.fields.Nested(BatchItemOut), required=True)


class AcknowledgementIn(Schema):
    """Events that the destination holds for good."""

    events = ma.fields.List(
        ma.fields.UUID(metadata=_EVENT), required=True, validate=validate.Length(1, AT_ONCE)
    )


class AcknowledgedOut(ma.Schema):
    """What came of one acknowledgement."""

    id = ma.fields.UUID(required=True, metadata=_EVENT)
    outcome = ma.fields.String(
        required=True,
        validate=validate.OneOf([ACKNOWLEDGED, REFUSED, NOT_FOUND]),
        metadata={"description": "refused: given up, or waiting for an officer to look"},
    )
    repeated = ma.fields.Boolean(
        required=True, metadata={"description": "It was acknowledged before"}
    )


class AcknowledgementOut(ma.Schema):
    """What came of each, in the order in which they were sent."""

    items = ma.fields.List(ma.fields.Nested(AcknowledgedOut), required=True)


class CallbackFilter(Schema):
    """Which callbacks to list."""

    source = Text(max=40, metadata=_SOURCE)
    outcome = ma.fields.String(validate=validate.OneOf([APPLIED, LATE, REFUSED]))
    report = Text(max=40, metadata=_REPORT)
    since = Instant(metadata={"description": "Received at or after"})
    until = Instant(metadata={"description": "Received before"})


class CallbackQuery(CallbackFilter, PageQuery):
    """A page of them."""


class ReceivedOut(ma.Schema):
    """A callback that was remembered."""

    source = ma.fields.String(required=True, metadata=_SOURCE)
    id = ma.fields.String(required=True, metadata=_ID)
    report = ma.fields.String(required=True, metadata={"example": "HP-2026-000123"})
    report_id = ma.fields.UUID(required=True)
    sequence = ma.fields.Integer(required=True, metadata={"example": 1})
    move = ma.fields.String(required=True, metadata={"example": "accept"})
    outcome = ma.fields.String(required=True, validate=validate.OneOf([APPLIED, LATE, REFUSED]))
    sent_at = Instant(required=True, metadata={"description": "`at` of its body"})
    received_at = Instant(required=True)
