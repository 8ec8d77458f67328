"""Requests without coordinates, as officers see them."""

import marshmallow as ma

from smartcity.core.fields import Instant, Number, Schema, Text
from smartcity.media.service import PhotoOut

_WHY = {"description": "The partner reads it", "example": "Không tìm được địa chỉ này."}


class AttributeOut(ma.Schema):
    """What a service asked for, and what was said."""

    code = ma.fields.String(required=True, metadata={"example": "POLE"})
    values = ma.fields.List(ma.fields.String(), required=True, metadata={"example": ["12A"]})


class UnplacedOut(ma.Schema):
    """A request that came with words for a place."""

    id = ma.fields.UUID(required=True)
    category = ma.fields.String(required=True, metadata={"example": "lighting"})
    description = ma.fields.String(required=True, metadata={"example": "Đèn đường tắt"})
    address = ma.fields.String(required=True, metadata={"example": "Đối diện chợ Phú Yên"})
    attributes = ma.fields.List(ma.fields.Nested(AttributeOut), required=True)
    created_at = Instant(required=True)
    media = ma.fields.List(ma.fields.Nested(PhotoOut), required=True)


class PlaceIn(Schema):
    """The place that an officer found."""

    latitude = Number(min=-90, max=90, required=True, metadata={"example": 20.94})
    longitude = Number(min=-180, max=180, required=True, metadata={"example": 106.33})
    address = Text(
        max=300,
        metadata={
            "description": "In place of the partner's words",
            "example": "Đối diện chợ Phú Yên",
        },
    )


class PlacedOut(ma.Schema):
    """The report that it became."""

    id = ma.fields.UUID(required=True)
    code = ma.fields.String(required=True, metadata={"example": "HP-2026-000123"})


class UnplacedRefusalIn(Schema):
    """Why no report comes of it."""

    reason = Text(max=500, lines=True, required=True, metadata=_WHY)
