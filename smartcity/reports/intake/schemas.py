"""The intake on the wire: filing for a caller, the ward, routing rules, blocked devices."""

import marshmallow as ma
from marshmallow import validate

from smartcity.core.fields import Instant, Number, Schema, Text
from smartcity.core.paging import PageQuery
from smartcity.identity.service import Phone
from smartcity.reports.schemas import ReportIn

_UNIT = {"example": "cong-an"}
_RULE = {"example": "noise-at-night"}
_WHY = {"example": "Đang rà soát lại địa bàn.", "description": "Kept in the audit record"}
_PLACE = {"description": "`rule`, else the report's `category`, else its `ward`"}
_OUTCOMES = ["fits", "categories", "areas", "weekdays", "hours", "words", "disabled", "unusable"]


class BehalfIn(ReportIn):
    """What an officer files for a caller."""

    phone = Phone(metadata={"example": "0912345678", "description": "Needed unless anonymous"})
    consent = ma.fields.Boolean(
        load_default=False,
        metadata={"description": "The caller agreed that it is filed in his name: must be true"},
    )


class WardIn(Schema):
    """The commune that the citizen says he is in."""

    area = Text(max=10, required=True, metadata={"example": "10507"})


class ConditionsOut(ma.Schema):
    """What a report has to be for a rule to fit; what is absent does not matter."""

    categories = ma.fields.List(ma.fields.String(), metadata={"example": ["noise"]})
    areas = ma.fields.List(ma.fields.String())
    words = ma.fields.List(ma.fields.String())
    weekdays = ma.fields.List(ma.fields.String())
    hours = ma.fields.String(metadata={"example": "22:00-06:00"})


class RuleOut(ma.Schema):
    """A routing rule and how it stands."""

    code = ma.fields.String(required=True, metadata=_RULE)
    agency = ma.fields.String(required=True, metadata=_UNIT)
    conditions = ma.fields.Nested(ConditionsOut, required=True)
    disabled_at = Instant(required=True, allow_none=True)
    disabled_by = ma.fields.String(
        required=True, allow_none=True, validate=validate.OneOf(["officer", "system"])
    )
    disabled_why = ma.fields.String(required=True, allow_none=True)
    fault = ma.fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Why it cannot be used as it stands in routing.yaml"},
    )


class RulesOut(ma.Schema):
    """All rules, in the order in which they are tried."""

    items = ma.fields.List(ma.fields.Nested(RuleOut), required=True)


class DisablingIn(Schema):
    """Why a rule is taken out of force."""

    reason = Text(max=500, required=True, metadata=_WHY)


class TrialIn(Schema):
    """A report that nobody files."""

    category = Text(max=40, required=True, metadata={"example": "noise"})
    description = Text(
        max=5000, lines=True, required=True, metadata={"example": "Hát karaoke quá to."}
    )
    latitude = Number(min=-90, max=90, required=True, metadata={"example": 20.94})
    longitude = Number(min=-180, max=180, required=True, metadata={"example": 106.33})
    area = Text(max=10, metadata={"example": "10525"})
    at = Instant(metadata={"description": "As if filed then; now when absent"})


class OutcomeOut(ma.Schema):
    """What a rule makes of it: `fits`, or the first condition that is not met."""

    rule = ma.fields.String(required=True, metadata=_RULE)
    outcome = ma.fields.String(required=True, validate=validate.OneOf(_OUTCOMES))


class TrialOut(ma.Schema):
    """Where the report would be sent."""

    agency = ma.fields.String(required=True, allow_none=True, metadata=_UNIT)
    by = ma.fields.String(
        required=True, validate=validate.OneOf(["rule", "category", "ward"]), metadata=_PLACE
    )
    rule = ma.fields.String(required=True, allow_none=True, metadata=_RULE)
    area = ma.fields.String(required=True, metadata={"example": "10532"})
    area_uncertain = ma.fields.Boolean(required=True)
    rules = ma.fields.List(ma.fields.Nested(OutcomeOut), required=True)


class BlockIn(Schema):
    """Which device is to be watched: the one that sent this report."""

    report = ma.fields.UUID(required=True)
    reason = Text(max=500, required=True, metadata={"example": "Gửi 12 tin quảng cáo."})
    until = Instant(required=True, metadata={"description": "At most a year from now"})


class BlockOut(ma.Schema):
    """A device under watch; which one, nobody reads."""

    id = ma.fields.UUID(required=True)
    report = ma.fields.UUID(
        required=True, attribute="report_id", metadata={"description": "That gave the reason"}
    )
    reason = ma.fields.String(required=True, metadata={"example": "Gửi 12 tin quảng cáo."})
    until = Instant(required=True)
    blocked_by = ma.fields.String(
        required=True,
        metadata={"description": "As in the record", "example": "officer:0198c0de-4a6e-7000"},
    )
    created_at = Instant(required=True)


class BlockQuery(PageQuery):
    """Blocks that hold, or all that are kept."""

    current = ma.fields.Boolean(load_default=True)
