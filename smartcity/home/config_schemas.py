"""How the app is told to behave, as officers write and see it."""

from typing import Any

import marshmallow as ma
from marshmallow import validate

from smartcity.core.fields import Instant, Schema, Text
from smartcity.home.card_schemas import WHO
from smartcity.home.home_file import features
from smartcity.home.platform_schemas import PlatformsIn

_VI = {"example": "Hệ thống bảo trì từ 22 giờ đến 23 giờ."}
_EN = {"example": "Maintenance from 10 p.m. to 11 p.m."}
_REASON = {"example": "Bản 3.2.0 đã lên cửa hàng.", "description": "Kept with the version"}
_FEATURES = {
    "description": "Parts of the app by name: false switches one off; one not named is on",
    "example": {"reports": True, "search": False},
}
_FROM = {"description": "The phone compares the times itself"}


class _FeatureName(Text):
    def _deserialize(self, *args: Any, **kwargs: Any) -> str:
        name = super()._deserialize(*args, **kwargs)
        if name not in features():
            raise ma.ValidationError("app_config.unknown_feature")
        return name


class MaintenanceIn(Schema):
    """What the app shows between two times; it goes on by itself afterwards."""

    vi = Text(max=500, required=True, lines=True, metadata=_VI)
    en = Text(max=500, required=True, lines=True, metadata=_EN)
    starts_at = Instant(required=True, data_key="from", metadata=_FROM)
    until = Instant(required=True)

    @ma.validates_schema(skip_on_field_errors=True)
    def _in_order(self, asked: dict[str, Any], **_: Any) -> None:
        if asked["until"] <= asked["starts_at"]:
            raise ma.ValidationError("home.ends_before_start", "until")


class AppConfigIn(PlatformsIn):
    """All that the app is told, and why it changes."""

    maintenance = ma.fields.Nested(MaintenanceIn, required=True, allow_none=True)
    features = ma.fields.Dict(
        keys=_FeatureName(max=40),
        values=ma.fields.Boolean(),
        required=True,
        metadata=_FEATURES,
    )
    reason = Text(max=500, required=True, lines=True, metadata=_REASON)


class RestorationIn(Schema):
    """Which version to put in force again, and why."""

    version = ma.fields.Integer(required=True, validate=validate.Range(1, 1_000_000))
    reason = Text(max=500, required=True, lines=True, metadata=_REASON)


class VersionsQuery(Schema):
    """Versions below `before`, newest first."""

    before = ma.fields.Integer(validate=validate.Range(1, 1_000_001))
    limit = ma.fields.Integer(load_default=20, validate=validate.Range(1, 100))


class MaintenanceOut(ma.Schema):
    """What the app shows between two times."""

    vi = ma.fields.String(required=True, metadata=_VI)
    en = ma.fields.String(required=True, metadata=_EN)
    starts_at = ma.fields.String(
        required=True,
        data_key="from",
        attribute="from",
        metadata={"format": "date-time", "example": "2026-11-24T15:00:00.000+00:00", **_FROM},
    )
    until = ma.fields.String(
        required=True, metadata={"format": "date-time", "example": "2026-11-24T16:00:00.000+00:00"}
    )


class ToldOut(PlatformsIn):
    """All that the app is told."""

    maintenance = ma.fields.Nested(MaintenanceOut, required=True, allow_none=True)
    features = ma.fields.Dict(
        keys=ma.fields.String(), values=ma.fields.Boolean(), required=True, metadata=_FEATURES
    )


class AppConfigVersionOut(ma.Schema):
    """A version of it; version 0 is the province's file and was made by nobody."""

    version = ma.fields.Integer(required=True, metadata={"example": 4})
    content = ma.fields.Nested(ToldOut, required=True)
    reason = ma.fields.String(required=True, allow_none=True, metadata=_REASON)
    made_by = ma.fields.String(required=True, metadata=WHO)
    made_at = Instant(required=True, allow_none=True)


class AppConfigVersionList(ma.Schema):
    """Versions, newest first."""

    items = ma.fields.List(ma.fields.Nested(AppConfigVersionOut), required=True)
