"""Brakes on the wire."""

import marshmallow as ma

from smartcity.core.fields import Instant, Schema, Text


class HeldBrakeOut(ma.Schema):
    """What holds a platform, or `all`; `until` is null where a person has to let it go."""

    scope = ma.fields.String(required=True, metadata={"example": "ios"})
    reason = ma.fields.String(required=True, metadata={"example": "THIRD_PARTY_AUTH_ERROR"})
    at = Instant(required=True)
    until = Instant(required=True, allow_none=True)


class HeldBrakesOut(ma.Schema):
    """All of them: never more than there are platforms, and one."""

    items = ma.fields.List(ma.fields.Nested(HeldBrakeOut), required=True)


class ReleaseQuery(Schema):
    """Why it is let go."""

    reason = Text(max=200, required=True, metadata={"example": "Đã gia hạn khóa APNs."})
