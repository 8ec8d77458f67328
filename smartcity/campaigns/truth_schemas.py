"""Receipts and the truth about a campaign on the wire."""

from typing import Any

import marshmallow as ma
from marshmallow import validate

from smartcity.campaigns import receipts, truth
from smartcity.campaigns.models import State
from smartcity.campaigns.receipts import EVENTS, Receipt, Result
from smartcity.core.fields import Instant, Schema, Text

_MID = {
    "description": "`data.mid` of the message",
    "example": "0198c0de-4a6e-7c3f-9d0f-6f1b2a3c4d5e.12.345",
}
_MOST = 100  # receipts at a time
_SCOPES = ("all", "android", "ios", "web")


class ReceiptIn(Schema):
    """A message that the phone showed, or that was opened."""

    mid = Text(max=80, required=True, metadata=_MID)
    event = ma.fields.String(required=True, validate=validate.OneOf(EVENTS))
    at = Instant(required=True, metadata={"description": "By the phone's clock"})

    @ma.post_load
    def made(self, asked: dict[str, Any], **_options: Any) -> Receipt:
        return Receipt(**asked)


class ReceiptsIn(Schema):
    """At most 100 receipts of one phone."""

    receipts = ma.fields.List(
        ma.fields.Nested(ReceiptIn), required=True, validate=validate.Length(1, _MOST)
    )


class OwnReceiptsIn(ReceiptsIn):
    """The same of a citizen's phone."""

    installation_id = ma.fields.UUID(required=True)


class ReceiptResultOut(ma.Schema):
    """What became of one receipt."""

    mid = ma.fields.String(required=True, metadata=_MID)
    event = ma.fields.String(required=True, validate=validate.OneOf(EVENTS))
    result = ma.fields.String(required=True, validate=validate.OneOf([str(r) for r in Result]))


class ReceiptResultList(ma.Schema):
    """A result for each receipt, in order."""

    items = ma.fields.List(ma.fields.Nested(ReceiptResultOut), required=True)


_NUMBER = {"example": 1284}
CountsOut = ma.Schema.from_dict(
    {
        name: ma.fields.Integer(required=True, metadata=_NUMBER)
        for name in (*truth.OUTCOMES, receipts.RECEIVED, receipts.OPENED)
    },
    name="CampaignCounts",
)


class PlatformCountsOut(CountsOut):  # type: ignore[misc,valid-type]
    """What became of the recipients on a platform."""

    platform = ma.fields.String(required=True, metadata={"example": "android"})


class AreaCountsOut(CountsOut):  # type: ignore[misc,valid-type]
    """What became of the recipients in a commune."""

    area = ma.fields.String(
        required=True,
        metadata={"description": "GSO code; empty: the phones told none", "example": "10532"},
    )
    area_name = ma.fields.String(
        required=True, allow_none=True, metadata={"example": "Phường Hải Dương"}
    )


class MinuteCountsOut(CountsOut):  # type: ignore[misc,valid-type]
    """Who got an outcome in a minute; receipts of later hours stand at the hour."""

    minute = Instant(required=True)


class BrakeOut(ma.Schema):
    """What holds sending back."""

    scope = ma.fields.String(required=True, validate=validate.OneOf(_SCOPES))
    until = Instant(
        required=True, allow_none=True, metadata={"description": "null: until a person lets it go"}
    )
    reason = ma.fields.String(required=True, metadata={"example": "HTTP 429 QUOTA_EXCEEDED"})


class TruthOut(ma.Schema):
    """What became of a campaign, to the last recipient."""

    id = ma.fields.UUID(required=True, attribute="campaign.id")
    name = ma.fields.String(
        required=True, attribute="campaign.name", metadata={"example": "Ngày Chuyển đổi số"}
    )
    state = ma.fields.String(
        required=True,
        attribute="campaign.state",
        validate=validate.OneOf([str(state) for state in State]),
    )
    recipients = ma.fields.Integer(required=True, metadata=_NUMBER)
    pending = ma.fields.Integer(required=True, metadata=_NUMBER)
    sending = ma.fields.Integer(required=True, metadata={"example": 200})
    counts = ma.fields.Nested(CountsOut, required=True)
    sum_holds = ma.fields.Boolean(
        required=True, metadata={"description": "recipients = pending + sending + all outcomes"}
    )
    received_rate = ma.fields.Float(
        required=True,
        allow_none=True,
        metadata={"description": "Of those accepted or unknown", "example": 0.914},
    )
    opened_rate = ma.fields.Float(
        required=True,
        allow_none=True,
        metadata={"description": "Of those received", "example": 0.37},
    )
    unknown_are = ma.fields.String(
        required=True,
        validate=validate.OneOf(truth.POLICIES),
        metadata={"description": "What is done about the unknown"},
    )
    started_at = Instant(required=True, allow_none=True, attribute="campaign.launched_at")
    finished_at = Instant(required=True, allow_none=True, attribute="campaign.finished_at")
    ends_at = Instant(
        required=True,
        allow_none=True,
        metadata={"description": "An estimate, while it is being sent"},
    )
    brakes = ma.fields.List(ma.fields.Nested(BrakeOut), required=True)
    by_platform = ma.fields.List(ma.fields.Nested(PlatformCountsOut), required=True)
    by_area = ma.fields.List(ma.fields.Nested(AreaCountsOut), required=True)
    by_minute = ma.fields.List(ma.fields.Nested(MinuteCountsOut), required=True)
