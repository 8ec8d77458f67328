"""Destinations on the wire, as an admin keeps them."""

from typing import Any

import marshmallow as ma
from marshmallow import validate

from smartcity.adapters.centres import DRIVERS
from smartcity.core.fields import Instant, Number, Schema, Text
from smartcity.ioc.administration import DEFAULTS
from smartcity.ioc.destinations import PULL
from smartcity.ioc.models import Start

_NAME = {"example": "ioc", "description": "Small letters, digits, - and _; stays for ever"}
_SECRET = {
    "example": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "description": "Made here when not given; shown in the answer that makes it, and never again",
}
_URL = {"example": "https://ioc.example.gov.vn/events", "description": "Empty for one that pulls"}
_START = {"description": "From which step of a report on it hears"}
_PER_SECOND = {"example": 50.0, "description": "Sent in a second at most; null for no limit"}
_ACK = {"example": 26, "description": "Hours until silence is told; null when it acknowledges none"}
_PARTNER = {"description": "Whose key stands for it, where it cannot sign"}
_OPTIONS = {
    "example": {"reconcile_url": "https://ioc.example.gov.vn/reconciliation"},
    "description": "Of its driver",
}
_VERSION = {"description": "For `If-Match`, in quotes; rises with every change", "example": 3}
_OLD = {"description": "Until when the secret before the last rotation is good"}
_REASON = {"example": "Trung tâm đã chuyển sang hệ thống mới.", "description": "Kept in the audit"}


def _codes(example: str, **options: Any) -> ma.fields.List[str]:
    told = {"description": "Only of these; null for all", "example": [example]}
    within = validate.Length(1, 500)
    return ma.fields.List(Text(max=40), allow_none=True, validate=within, metadata=told, **options)


class DestinationChangeIn(Schema):
    """What is to be another; the rest stays."""

    url = Text(max=500, min=0, metadata=_URL)
    driver = ma.fields.String(validate=validate.OneOf([*DRIVERS, PULL]))
    categories = _codes("traffic_infra")
    areas = _codes("10525")
    moves = _codes("accept")
    start = ma.fields.String(validate=validate.OneOf(list(Start)), metadata=_START)
    timeout = Number(min=0.1, max=120, metadata={"description": "Seconds", "example": 10.0})
    concurrency = ma.fields.Integer(strict=True, validate=validate.Range(1, 100))
    per_second = Number(min=0.01, max=10_000, allow_none=True, metadata=_PER_SECOND)
    ack_hours = ma.fields.Integer(
        strict=True, allow_none=True, validate=validate.Range(1, 1000), metadata=_ACK
    )
    partner_id = ma.fields.UUID(allow_none=True, metadata=_PARTNER)
    options = ma.fields.Dict(Text(max=40), Text(max=500), metadata=_OPTIONS)

    @ma.validates_schema
    def _names_something(self, asked: dict[str, Any], **_: Any) -> None:
        if not asked:
            raise ma.ValidationError("admin.nothing_to_change")


class DestinationIn(DestinationChangeIn):
    """A new destination; what is not given has its default."""

    name = Text(max=40, required=True, metadata=_NAME)
    secret = Text(max=200, metadata=_SECRET)


class SecretIn(Schema):
    """How long the present secret stays good beside the new one."""

    grace_hours = ma.fields.Integer(
        strict=True, load_default=72, validate=validate.Range(0, 720), metadata={"example": 72}
    )
    secret = Text(max=200, metadata=_SECRET)


class RetirementIn(Schema):
    reason = Text(max=500, lines=True, required=True, metadata=_REASON)


class DestinationOut(ma.Schema):
    """A destination; its secret is not shown again."""

    name = ma.fields.String(required=True, metadata=_NAME)
    driver = ma.fields.String(required=True, metadata={"example": DEFAULTS["driver"]})
    url = ma.fields.String(required=True, metadata=_URL)
    categories = ma.fields.List(ma.fields.String(), required=True, allow_none=True)
    areas = ma.fields.List(ma.fields.String(), required=True, allow_none=True)
    moves = ma.fields.List(ma.fields.String(), required=True, allow_none=True)
    start = ma.fields.String(required=True, validate=validate.OneOf(list(Start)))
    timeout = ma.fields.Float(required=True)
    concurrency = ma.fields.Integer(required=True)
    per_second = ma.fields.Float(required=True, allow_none=True, metadata=_PER_SECOND)
    ack_hours = ma.fields.Integer(required=True, allow_none=True, metadata=_ACK)
    partner_id = ma.fields.UUID(required=True, allow_none=True, metadata=_PARTNER)
    options = ma.fields.Dict(required=True, metadata=_OPTIONS)
    created_at = Instant(required=True)
    old_secret_until = Instant(required=True, allow_none=True, metadata=_OLD)
    retired_at = Instant(required=True, allow_none=True)
    version = ma.fields.Integer(required=True, metadata=_VERSION)


class DestinationList(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(DestinationOut), required=True)


class NewSecretOut(ma.Schema):
    """A destination with its new secret."""

    secret = ma.fields.String(required=True, metadata=_SECRET)
    destination = ma.fields.Nested(DestinationOut, required=True)
