"""What is looked at before a campaign goes out, on the wire: lint, the dry run, tests on phones."""

import marshmallow as ma
from marshmallow import validate

from smartcity.adapters.fcm.answers import Answer
from smartcity.campaigns.lint import ERROR, WARNING
from smartcity.campaigns.schemas import BODY, TITLE
from smartcity.campaigns.test_sends import MOST
from smartcity.core.fields import Instant, Schema
from smartcity.core.texts import LANGUAGES
from smartcity.core.web import translated

_NUMBERS = {"example": {"android": 31200, "ios": 13800}}


class TestSendIn(Schema):
    """The phones to try it on."""

    devices = ma.fields.List(
        ma.fields.UUID(),
        required=True,
        validate=validate.Length(1, MOST),
        metadata={"description": "Installation ids"},
    )


class FindingOut(ma.Schema):
    """Something wrong with a message: an error stops it, a warning does not."""

    severity = ma.fields.String(required=True, validate=validate.OneOf([ERROR, WARNING]))
    field = ma.fields.String(required=True, metadata={"example": "content.vi.body"})
    code = ma.fields.Function(
        lambda found: found.message.partition("|")[0],
        required=True,
        metadata={"type": "string", "example": "lint.phone"},
    )
    message = ma.fields.Function(
        lambda found: translated(found.message),
        required=True,
        metadata={"type": "string", "example": "Có số điện thoại trong nội dung."},
    )


_CUT = ma.fields.Nested(
    ma.Schema.from_dict(
        {
            "title": ma.fields.String(required=True, metadata=TITLE),
            "body": ma.fields.String(required=True, metadata=BODY),
        },
        name="CutOff",
    )
)


class LintOut(ma.Schema):
    """What lint says, by language where a language has its own."""

    findings = ma.fields.List(ma.fields.Nested(FindingOut), required=True)
    bytes_left = ma.fields.Dict(
        keys=ma.fields.String(validate=validate.OneOf(LANGUAGES)),
        values=ma.fields.Integer(),
        required=True,
        metadata={"example": {"vi": 3402}, "description": "Of FCM's 4,096"},
    )
    preview = ma.fields.Dict(
        keys=ma.fields.String(validate=validate.OneOf(LANGUAGES)),
        values=ma.fields.Dict(keys=ma.fields.String(), values=_CUT),
        required=True,
        metadata={
            "description": "What each platform shows before it cuts a text off",
            "example": {"vi": {"ios": {"title": "Ngày hội", "body": "Mời bạn…"}}},
        },
    )


class AudienceOut(ma.Schema):
    """Devices counted; of a recall, those whom the first message may have reached."""

    total = ma.fields.Integer(required=True, metadata={"example": 45000})
    platforms = ma.fields.Dict(
        keys=ma.fields.String(), values=ma.fields.Integer(), required=True, metadata=_NUMBERS
    )
    locales = ma.fields.Dict(
        keys=ma.fields.String(),
        values=ma.fields.Integer(),
        required=True,
        metadata={"example": {"vi": 44100, "en": 900}},
    )
    areas = ma.fields.Dict(
        keys=ma.fields.String(),
        values=ma.fields.Integer(),
        required=True,
        metadata={"description": "The fullest communes by code", "example": {"10507": 5100}},
    )


class DryRunOut(ma.Schema):
    """Whom a campaign would reach, and how long it would take."""

    audience = ma.fields.Nested(AudienceOut, required=True)
    starts_at = Instant(required=True)
    minutes = ma.fields.Integer(required=True, metadata={"example": 30})
    quiet_hours = ma.fields.Boolean(
        required=True, metadata={"description": "Whether it would have to wait for them to end"}
    )


class TestAnswerOut(ma.Schema):
    """FCM's answer for one phone."""

    device = ma.fields.UUID(required=True)
    answer = ma.fields.String(required=True, validate=validate.OneOf([a.value for a in Answer]))
    detail = ma.fields.String(required=True, metadata={"example": "UNREGISTERED"})


class TestAnswerList(ma.Schema):
    """The answers in the order of the devices."""

    items = ma.fields.List(ma.fields.Nested(TestAnswerOut), required=True)
