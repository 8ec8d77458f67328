"""Reports on the wire."""

from typing import Any

import marshmallow as ma
from marshmallow import validate

from smartcity.core.fields import Instant, Number, Schema, Text
from smartcity.media.service import PhotoOut
from smartcity.reports.deadlines.schemas import ExtensionOut
from smartcity.reports.handling.schemas import PartOut, RatingOut, ResultOut, photo_ids
from smartcity.reports.intake.hints import IntakeOut
from smartcity.reports.workflow import MOVES, Status

_POTHOLE = {"example": "Ổ gà lớn trước số 12 Trần Phú, xe máy dễ ngã."}
_UNIT = {"example": "so-xay-dung"}
_WORDS = {"description": "The citizen reads it", "example": "Đã vá mặt đường trong ngày."}
_KINDS = ["citizen", "officer", "operations_centre", "system"]


class Described(Text):
    """Words in which there is a letter: a row of emoji describes nothing."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        told = super()._deserialize(value, attr, data, **kwargs)
        if not any(char.isalpha() for char in told):
            raise ma.ValidationError("report.no_letters")
        return told


class ReportIn(Schema):
    """What a citizen files."""

    category = Text(max=40, required=True, metadata={"example": "traffic_infra"})
    description = Described(max=5000, lines=True, required=True, metadata=_POTHOLE)
    latitude = Number(min=-90, max=90, required=True, metadata={"example": 20.94})
    longitude = Number(min=-180, max=180, required=True, metadata={"example": 106.33})
    address = Text(max=300, metadata={"example": "12 Trần Phú"})
    area = Text(
        max=10,
        metadata={
            "description": "Near a boundary: the commune chosen of `candidates` of /areas/locate",
            "example": "10532",
        },
    )
    media_ids = photo_ids()
    urgent = ma.fields.Boolean(load_default=False)
    anonymous = ma.fields.Boolean(load_default=False)


class ReportOut(ma.Schema):
    """A report as its reporter and the public side know it."""

    id = ma.fields.UUID(required=True)
    code = ma.fields.String(required=True, metadata={"example": "HP-2026-000123"})
    status = ma.fields.String(required=True, validate=validate.OneOf(list(Status)))
    status_label = ma.fields.String(required=True, metadata={"example": "Chờ tiếp nhận"})
    category = ma.fields.String(required=True, metadata={"example": "traffic_infra"})
    description = ma.fields.String(required=True, metadata=_POTHOLE)
    latitude = ma.fields.Float(required=True, metadata={"example": 20.94})
    longitude = ma.fields.Float(required=True, metadata={"example": 106.33})
    address = ma.fields.String(required=True, allow_none=True)
    area = ma.fields.String(
        required=True, metadata={"description": "Ward's GSO code", "example": "10532"}
    )
    agency = ma.fields.String(required=True, allow_none=True, metadata=_UNIT)
    urgent = ma.fields.Boolean(required=True)
    anonymous = ma.fields.Boolean(required=True)
    due_at = Instant(
        required=True,
        allow_none=True,
        metadata={"description": "To be accepted, later resolved, by then; null while none runs"},
    )
    overdue = ma.fields.Boolean(required=True, metadata={"description": "due_at is past"})
    extended = ma.fields.Boolean(required=True, metadata={"description": "due_at was extended"})
    version = ma.fields.Integer(required=True, metadata={"description": "Rises with every step"})
    submitted_at = Instant(required=True)
    updated_at = Instant(required=True)
    media = ma.fields.List(ma.fields.Nested(PhotoOut), required=True)
    answer_due_at = Instant(
        required=True,
        allow_none=True,
        metadata={"description": "By when the question is to be answered; null while none waits"},
    )
    verdict = ma.fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The reporter's last rating", "example": "satisfied"},
    )
    result = ma.fields.Nested(
        ResultOut,
        required=True,
        allow_none=True,
        metadata={"description": "Null until it is published"},
    )


class ReporterOut(ma.Schema):
    """Who reported; only for authorised IOC staff, never for an anonymous report."""

    phone = ma.fields.String(required=True, metadata={"example": "+84912345678"})


class OfficerReportOut(ReportOut):
    """A report as an officer knows it."""

    reporter = ma.fields.Nested(ReporterOut, allow_none=True, required=True)
    reporter_restricted = ma.fields.Boolean(
        required=True, metadata={"description": "The reporter lets nobody see who he is"}
    )
    extension = ma.fields.Nested(ExtensionOut, required=True, allow_none=True)
    allowed_moves = ma.fields.List(ma.fields.String(), required=True)
    intake = ma.fields.Nested(IntakeOut, required=True)
    proposed_question = ma.fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "A unit's, which the centre has not asked yet"},
    )
    appealed_at = Instant(
        required=True, allow_none=True, metadata={"description": "Since when an appeal waits"}
    )
    returns = ma.fields.Integer(required=True, metadata={"description": "By units, in this round"})
    reopenings = ma.fields.Integer(required=True)
    ratings = ma.fields.List(ma.fields.Nested(RatingOut), required=True)
    duplicate_of = ma.fields.Nested(PartOut, required=True, allow_none=True)
    part_of = ma.fields.Nested(PartOut, required=True, allow_none=True)
    parts = ma.fields.List(ma.fields.Nested(PartOut), required=True)


class EventOut(ma.Schema):
    """One step in a report's timeline."""

    sequence = ma.fields.Integer(required=True)
    move = ma.fields.String(required=True, validate=validate.OneOf(["submit", *MOVES]))
    status = ma.fields.String(required=True, validate=validate.OneOf(list(Status)))
    status_label = ma.fields.String(required=True, metadata={"example": "Đã tiếp nhận"})
    by = ma.fields.String(required=True, validate=validate.OneOf(_KINDS))
    agency = ma.fields.String(required=True, allow_none=True)
    reason = ma.fields.String(required=True, allow_none=True)
    public_text = ma.fields.String(required=True, allow_none=True)
    details = ma.fields.Dict(
        required=True,
        allow_none=True,
        metadata={
            "description": "What else the step tells",
            "example": {"answer_due_at": "2026-11-25T08:00:00.000+00:00"},
        },
    )
    at = Instant(required=True)


class TimelineOut(ma.Schema):
    """All steps, first to last."""

    items = ma.fields.List(ma.fields.Nested(EventOut), required=True)


class MoveIn(Schema):
    """Words that may come with any move."""

    public_text = Text(max=2000, lines=True, metadata=_WORDS)


class ExplainedIn(Schema):
    """Words that must come with the move."""

    public_text = Text(max=2000, lines=True, required=True, metadata=_WORDS)


class DuplicateIn(ExplainedIn):
    """The report that this one is a duplicate of."""

    parent = Text(
        max=40, required=True, metadata={"description": "Id or code", "example": "HP-2026-000123"}
    )


class RefusalIn(ExplainedIn):
    """A reason's code and words for the citizen."""

    reason = Text(max=40, required=True, metadata={"example": "outside_authority"})


class AssignmentIn(MoveIn):
    """The unit that is to handle the report."""

    agency = Text(max=40, metadata={**_UNIT, "description": "The suggested unit when absent"})
