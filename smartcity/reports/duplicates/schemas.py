"""Similar reports, support and following on the wire."""

import marshmallow as ma
from marshmallow import validate

from smartcity.core.fields import Instant, Number, Schema, Text
from smartcity.reports.schemas import ReportOut
from smartcity.reports.workflow import Status

_BEGINNING = {"description": "The beginning suffices", "example": "Ổ gà lớn trước số 12 Trần Phú"}


class SimilarQuery(Schema):
    """The report that a citizen is about to send."""

    category = Text(max=40, required=True, metadata={"example": "traffic_infra"})
    latitude = Number(min=-90, max=90, required=True, metadata={"example": 20.94})
    longitude = Number(min=-180, max=180, required=True, metadata={"example": 106.33})
    description = Text(max=300, lines=True, metadata=_BEGINNING)


class FaceOut(ma.Schema):
    """Another citizen's report: what is public of it, or that there is one."""

    id = ma.fields.UUID(required=True)
    code = ma.fields.String(required=True, metadata={"example": "HP-2026-000123"})
    category = ma.fields.String(required=True, metadata={"example": "traffic_infra"})
    status = ma.fields.String(required=True, validate=validate.OneOf(list(Status)))
    status_label = ma.fields.String(required=True, metadata={"example": "Đang xử lý"})
    description = ma.fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Null until it is public", "example": "Ổ gà lớn trên đường."},
    )
    latitude = ma.fields.Float(required=True, metadata={"example": 20.94})
    longitude = ma.fields.Float(required=True, metadata={"example": 106.33})
    age_hours = ma.fields.Integer(required=True, metadata={"example": 26})
    supporters = ma.fields.Integer(required=True, metadata={"example": 4})
    mine = ma.fields.Boolean(required=True, metadata={"description": "The caller filed it"})


class SimilarOut(FaceOut):
    """A report that may mean the same trouble."""

    distance_m = ma.fields.Integer(
        required=True, metadata={"description": "Metres, in tens", "example": 40}
    )


class SimilarListOut(ma.Schema):
    """The likeliest five, likeliest first."""

    items = ma.fields.List(ma.fields.Nested(SimilarOut), required=True)


class FollowedOut(FaceOut):
    """A report that the caller follows, perhaps since one of his own was joined to it."""

    followed_at = Instant(required=True)
    by_way_of = ma.fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "What was joined to it", "example": "HP-2026-000124"},
    )


class CandidateOut(ma.Schema):
    """A report that an officer may join another to."""

    report = ma.fields.Nested(ReportOut, required=True)
    score = ma.fields.Float(
        required=True, metadata={"description": "How likely, from 0 to 1", "example": 0.87}
    )
    distance_m = ma.fields.Integer(required=True, metadata={"example": 38})


class CandidateListOut(ma.Schema):
    """The likeliest five, likeliest first."""

    items = ma.fields.List(ma.fields.Nested(CandidateOut), required=True)
