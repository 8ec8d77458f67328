"""Campaigns on the wire."""

from functools import partial
from typing import Any

import marshmallow as ma
from marshmallow import validate

from smartcity.campaigns.approval import fingerprint
from smartcity.campaigns.models import State
from smartcity.campaigns.scheduling import YEARLY
from smartcity.campaigns.states import STEPS, allowed
from smartcity.core.fields import Instant, Schema, Text
from smartcity.core.paging import PageQuery
from smartcity.identity.permissions import principal
from smartcity.push import service as push

NAME = {"example": "ngay-chuyen-doi-so", "description": "Small letters, digits and hyphens"}
TITLE = {"example": "Ngày Chuyển đổi số 26/3"}
BODY = {"example": "Mời bạn dự ngày hội công nghệ tại phường mình, từ 8 giờ sáng."}
_CALLED = {"example": "Ngày Chuyển đổi số 2027", "description": "For officers only"}
_LINK = {"example": "/news/ngay-chuyen-doi-so", "description": "Path in the app, or official page"}
_TAG = {
    "example": "lu-song-thai-binh",
    "description": "A later message of the same tag takes this one's place on a phone; by default"
    " the campaign's own",
}
_CATEGORY = {"example": "events"}
_STARTS = {"description": "Null: as soon as it is approved"}
_SPREAD = {"description": "Minutes over which it is spread", "example": 30}
_CANARY = {"description": "Phones that get it first, at random; 0 is none", "example": 500}
_RAMP = {"description": "Seconds until full speed", "example": 60}
_RESEND = {"description": "Whether what may have been lost is sent again; null: as the category"}
_VALUES = {"example": {"ward": "Phường Lê Thanh Nghị"}}
_HASH = {"example": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}
_SEEN = {**_HASH, "description": "`hash` of the campaign as the approver saw it"}
_REASON = {"example": "Sai ngày diễn ra.", "description": "Kept in the history and in the audit"}
_WHO = {"example": "officer:0198c0de-4a6e-7c1a-9b7e-2f1d3c4b5a69"}
_Words = partial(Text, lines=True)


class WordsIn(Schema):
    """What a phone shows."""

    title = _Words(max=200, required=True, metadata=TITLE)
    body = _Words(max=5_000, required=True, metadata=BODY)


class ContentIn(Schema):
    """The message in Vietnamese, and in English for those phones that speak it."""

    vi = ma.fields.Nested(WordsIn, required=True)
    en = ma.fields.Nested(WordsIn)


class TemplateUseIn(Schema):
    """A template instead of content; its newest version when none is named."""

    name = Text(max=60, required=True, metadata=NAME)
    version = ma.fields.Integer(
        load_default=None, allow_none=True, validate=validate.Range(1, 1_000_000)
    )
    values = ma.fields.Dict(
        keys=Text(max=30), values=_Words(max=500), load_default=dict, metadata=_VALUES
    )


class CampaignIn(Schema):
    """A draft: `content`, or a `template`; everybody where `audience` is empty."""

    name = Text(max=120, required=True, metadata=_CALLED)
    category = Text(max=30, required=True, metadata=_CATEGORY)
    content = ma.fields.Nested(ContentIn, load_default=None, allow_none=True)
    template = ma.fields.Nested(TemplateUseIn, load_default=None, allow_none=True)
    link = Text(max=500, min=0, load_default="", metadata=_LINK)
    tag = ma.fields.String(
        load_default="",
        validate=validate.Regexp(r"^[A-Za-z0-9_.-]{0,64}\Z", error="campaign.bad_tag"),
        metadata=_TAG,
    )
    audience = ma.fields.Nested(push.AudienceRule, load_default=dict)
    resend = ma.fields.Boolean(load_default=None, allow_none=True, metadata=_RESEND)
    starts_at = Instant(load_default=None, allow_none=True, metadata=_STARTS)
    spread = ma.fields.Integer(load_default=0, validate=validate.Range(0, 1_440), metadata=_SPREAD)
    recurs = ma.fields.String(load_default=None, allow_none=True, validate=validate.OneOf([YEARLY]))
    canary = ma.fields.Integer(
        load_default=500, validate=validate.Range(0, 100_000), metadata=_CANARY
    )
    ramp = ma.fields.Integer(load_default=60, validate=validate.Range(0, 3_600), metadata=_RAMP)

    @ma.validates_schema(skip_on_field_errors=True)
    def _one_text(self, asked: dict[str, Any], **_: Any) -> None:
        if (asked["content"] is None) == (asked["template"] is None):
            raise ma.ValidationError("campaign.content_or_template", "content")


class StepReasonIn(Schema):
    """Why."""

    reason = Text(max=500, required=True, lines=True, metadata=_REASON)


class ApprovalIn(Schema):
    """What exactly is approved."""

    hash = ma.fields.String(
        required=True,
        validate=validate.Regexp(r"^[0-9a-f]{64}\Z", error="field.invalid"),
        metadata=_SEEN,
    )


class CampaignFilter(Schema):
    """How officers narrow the list."""

    state = ma.fields.List(ma.fields.String(validate=validate.OneOf(list(State))))
    category = Text(max=30, metadata=_CATEGORY)
    made_by = ma.fields.UUID(metadata={"description": "Id of an officer"})
    unreviewed = ma.fields.Boolean(
        metadata={"description": "Only emergencies that nobody has reviewed yet"}
    )
    since = Instant(metadata={"description": "Made at this time or later"})
    until = Instant(metadata={"description": "Made before"})
    q = Text(max=100, metadata={"example": "chuyen doi so", "description": "Words of the name"})


class CampaignQuery(PageQuery, CampaignFilter):
    """The list, page by page."""


class CampaignOut(ma.Schema):
    """A campaign and how it stands."""

    id = ma.fields.UUID(required=True)
    name = ma.fields.String(required=True, metadata=_CALLED)
    state = ma.fields.String(required=True, validate=validate.OneOf(list(State)))
    category = ma.fields.String(required=True, metadata=_CATEGORY)
    starts_at = Instant(required=True, allow_none=True, metadata=_STARTS)
    recurs = ma.fields.String(required=True, allow_none=True, metadata={"example": YEARLY})
    emergency = ma.fields.Boolean(required=True)
    recipients = ma.fields.Integer(required=True, allow_none=True, metadata={"example": 45000})
    made_by = ma.fields.String(required=True, metadata=_WHO)
    made_at = Instant(required=True)
    approved_by = ma.fields.String(required=True, allow_none=True, metadata=_WHO)
    reviewed_by = ma.fields.String(required=True, allow_none=True, metadata=_WHO)
    launched_at = Instant(required=True, allow_none=True)
    finished_at = Instant(required=True, allow_none=True)
    version = ma.fields.Integer(required=True, metadata={"example": 3})


class CampaignDetailOut(CampaignOut):
    """All of a campaign, what an approval of it binds, and what this officer may do with it."""

    content = ma.fields.Nested(ContentIn, required=True)
    template = ma.fields.Nested(TemplateUseIn, required=True, allow_none=True)
    link = ma.fields.String(required=True, metadata=_LINK)
    tag = ma.fields.String(required=True, metadata=_TAG)
    audience = ma.fields.Nested(push.AudienceRule, required=True)
    resend = ma.fields.Boolean(required=True)
    spread = ma.fields.Integer(required=True, metadata=_SPREAD)
    canary = ma.fields.Integer(required=True, metadata=_CANARY)
    ramp = ma.fields.Integer(required=True, metadata=_RAMP)
    approved_at = Instant(required=True, allow_none=True)
    reviewed_at = Instant(required=True, allow_none=True)
    frozen_at = Instant(required=True, allow_none=True)
    recall_of = ma.fields.UUID(required=True, allow_none=True)
    recurrence_of = ma.fields.UUID(required=True, allow_none=True)
    halted_reason = ma.fields.String(
        required=True, allow_none=True, metadata={"example": "INVALID_ARGUMENT"}
    )
    hash = ma.fields.Function(fingerprint, required=True, metadata={"type": "string", **_HASH})
    moves = ma.fields.Function(
        lambda campaign: allowed(campaign, principal()),
        required=True,
        metadata={"type": "array", "items": {"type": "string"}, "example": ["submit"]},
    )


class StepOut(ma.Schema):
    """One step of a campaign's history."""

    number = ma.fields.Integer(required=True, metadata={"example": 2})
    action = ma.fields.String(required=True, validate=validate.OneOf(list(STEPS)))
    state = ma.fields.String(required=True, validate=validate.OneOf(list(State)))
    actor = ma.fields.String(required=True, metadata=_WHO)
    at = Instant(required=True)
    reason = ma.fields.String(required=True, metadata=_REASON)


class StepList(ma.Schema):
    """The whole history, first to last."""

    items = ma.fields.List(ma.fields.Nested(StepOut), required=True)
