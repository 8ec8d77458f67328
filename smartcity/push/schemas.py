"""Devices and inbox messages on the wire."""

from typing import Any

import marshmallow as ma
from marshmallow import validate

from smartcity.core.fields import Instant, Schema, Text
from smartcity.core.paging import PageQuery
from smartcity.core.texts import text

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
        validate=validate.OneOf(["token", "fid"]),
        metadata={"description": "Registration token or Firebase installation id"},
    )
    value = _Address()
    platform = ma.fields.String(required=True, validate=validate.OneOf(["android", "ios", "web"]))
    app_version = Text(max=20, required=True, metadata={"example": "3.2.1"})
    locale = ma.fields.String(load_default="vi", validate=validate.OneOf(["vi", "en"]))


class DeviceOut(ma.Schema):
    """A registered installation."""

    installation_id = ma.fields.UUID(required=True)
    kind = ma.fields.String(required=True)
    platform = ma.fields.String(required=True)
    app_version = ma.fields.String(required=True)
    locale = ma.fields.String(required=True)
    last_seen_at = Instant(required=True)


class InboxQuery(PageQuery):
    """Which messages to list."""

    unread = ma.fields.Boolean(metadata={"description": "Only what has not been read"})


class InboxOut(ma.Schema):
    """A message in the reader's language."""

    id = ma.fields.UUID(required=True)
    title = ma.fields.Function(
        lambda m: _words(m, "title"), required=True, metadata={"type": "string"}
    )
    body = ma.fields.Function(
        lambda m: _words(m, "body"), required=True, metadata={"type": "string"}
    )
    link = ma.fields.String(required=True, metadata={"description": "Path in the app"})
    created_at = Instant(required=True)
    read_at = Instant(required=True, allow_none=True)


def _words(message: Any, part: str) -> str:
    return text(f"{message.text}.{part}", **message.values).strip()
