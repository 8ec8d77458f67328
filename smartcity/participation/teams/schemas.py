"""Referral codes and what began by them, on the wire."""

import marshmallow as ma
from marshmallow import validate

from smartcity.core.fields import Instant, Schema, Text
from smartcity.core.paging import PageQuery
from smartcity.participation.teams.figures import BY
from smartcity.registers.service import ward_field

_ID = {"example": "0198c0de-4a6e-7c1a-9b7e-2f1d3c4b5a69"}
_CODE = {"example": "7KQM-2XHA"}
_WARD = {"example": "11359", "description": "Code of a commune"}
_TEAM = {"example": "Tổ công nghệ số cộng đồng số 3"}
_HOLDER = {"example": "Chị Hoa, tổ viên"}
_LINK = {"example": "https://app.example.gov.vn/r/7KQM2XHA", "description": "What a QR holds"}
_COUNT = {"example": 12}


class ReferralIn(Schema):
    """The code of the team that helped."""

    code = Text(
        max=20,
        required=True,
        metadata={**_CODE, "description": "In either case, with or without the hyphen"},
    )


class ReferralOut(ma.Schema):
    """Which code an account named, and until when it may take that back."""

    code = ma.fields.String(required=True, metadata=_CODE)
    ward = ma.fields.String(required=True, metadata=_WARD)
    at = Instant(required=True)
    undone_until = Instant(required=True)


class WardActivationsOut(ma.Schema):
    ward = ma.fields.String(required=True, metadata=_WARD)
    activations = ma.fields.Integer(required=True, metadata=_COUNT)


class TeamFiguresOut(ma.Schema):
    """Accounts that began with a team's help, by commune, the most first."""

    activations = ma.fields.Integer(required=True, metadata=_COUNT)
    items = ma.fields.List(ma.fields.Nested(WardActivationsOut), required=True)


class ReferralCodesIn(Schema):
    """The members of a team who get a code each."""

    holders = ma.fields.List(
        Text(max=120, metadata=_HOLDER), required=True, validate=validate.Length(1, 50)
    )


class ReferralReasonIn(Schema):
    """Why."""

    reason = Text(max=500, lines=True, required=True, metadata={"example": "Tổ viên đã nghỉ."})


class ReferralFilter(Schema):
    """How officers narrow the codes."""

    team = ma.fields.UUID(metadata=_ID)
    ward = ward_field()
    open = ma.fields.Boolean(metadata={"description": "Whether it counts"})
    q = Text(max=100, metadata={"description": "Words of the team", "example": "to so 3"})


class ReferralQuery(PageQuery, ReferralFilter):
    """The codes, page by page."""


class ReferralCodeOut(ma.Schema):
    """A code, who shows it, and how many accounts began by it."""

    code = ma.fields.String(required=True, metadata={"example": "7KQM2XHA"})
    shown = ma.fields.String(required=True, metadata=_CODE)
    link = ma.fields.String(required=True, metadata=_LINK)
    team_id = ma.fields.UUID(required=True, metadata=_ID)
    team = ma.fields.String(required=True, metadata=_TEAM)
    ward = ma.fields.String(required=True, metadata=_WARD)
    holder = ma.fields.String(required=True, metadata=_HOLDER)
    activations = ma.fields.Integer(required=True, metadata=_COUNT)
    made_at = Instant(required=True)
    closed_at = Instant(required=True, allow_none=True)


class ReferralCodesOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(ReferralCodeOut), required=True)


class ActivationQuery(Schema):
    """What the figures are by, and of which days, commune or team."""

    by = ma.fields.String(
        load_default="team", validate=validate.OneOf(BY), metadata={"example": "team"}
    )
    since = ma.fields.Date(metadata={"example": "2026-11-01"})
    until = ma.fields.Date(metadata={"example": "2026-11-30"})
    ward = ward_field()
    team = ma.fields.UUID(metadata=_ID)


class ActivationFigureOut(ma.Schema):
    key = ma.fields.String(required=True, metadata={"example": "11359"})
    name = ma.fields.String(required=True, metadata={"example": "Phường Lê Chân"})
    activations = ma.fields.Integer(required=True, metadata=_COUNT)


class ActivationFiguresOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(ActivationFigureOut), required=True)
