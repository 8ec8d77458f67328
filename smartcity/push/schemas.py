"""Devices and inbox messages on the wire."""

from typing import Any

import marshmallow as ma
from marshmallow import validate

from smartcity.core.fields import Instant, Schema, Text
from smartcity.core.paging import PageQuery
from smartcity.core.texts import LANGUAGES, text

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


class InboxQuery(PageQuery):
    """Which messages to list."""

    unread = ma.fields.Boolean(metadata={"description": "Only what has not been read"})


class InboxOut(ma.Schema):
    """A message in the reader's language."""

    id = ma.fields.UUID(required=True)
    title = ma.fields.Function(
        lambda m: _words(m, "title"),
        required=True,
        metadata={"type": "string", "example": "Phản ánh HP-2026-000123 đã được tiếp nhận"},
    )
    body = ma.fields.Function(
        lambda m: _words(m, "body"),
        required=True,
        metadata={
            "type": "string",
            "example": "Trung tâm điều hành đã tiếp nhận phản ánh của bạn.",
        },
    )
    link = ma.fields.String(
        required=True,
        metadata={"description": "Path in the app", "example": "/reports/0198c0de-4a6e"},
    )
    created_at = Instant(required=True)
    read_at = Instant(required=True, allow_none=True)


def _words(message: Any, part: str) -> str:
    return text(f"{message.text}.{part}", **message.values).strip()
