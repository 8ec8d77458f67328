"""Devices on the wire."""

import marshmallow as ma
from marshmallow import validate

from smartcity.core.fields import Instant, Schema, Text
from smartcity.core.texts import LANGUAGES

_KINDS = ("token", "fid")
_PLATFORMS = ("android", "ios", "web")
_TOKEN_LETTERS = validate.Regexp(r"^[\w:.~+/=-]+$", error="field.invalid")


class _Address(Text):
    """A registration token or a Firebase installation id."""

    def __init__(self) -> None:
        super().__init__(max=500, required=True, metadata={"example": "fGx8…:APA91b…"})
        self.validators.append(_TOKEN_LETTERS)


class DeviceIn(Schema):
    """Where an installation of the app is reached."""

    kind = ma.fields.String(
        required=True,
        validate=validate.OneOf(_KINDS),
        metadata={"description": "Registration token or Firebase installation id"},
    )
    value = _Address()
    platform = ma.fields.String(required=True, validate=validate.OneOf(_PLATFORMS))
    app_version = Text(max=20, required=True, metadata={"example": "3.2.1"})
    locale = ma.fields.String(load_default="vi", validate=validate.OneOf(LANGUAGES))


class DeviceOut(ma.Schema):
    """A registered installation."""

    installation_id = ma.fields.UUID(required=True)
    kind = ma.fields.String(required=True, validate=validate.OneOf(_KINDS))
    platform = ma.fields.String(required=True, validate=validate.OneOf(_PLATFORMS))
    app_version = ma.fields.String(required=True, metadata={"example": "3.2.1"})
    locale = ma.fields.String(required=True, validate=validate.OneOf(LANGUAGES))
    last_seen_at = Instant(required=True)
