"""Devices, their choices, and what there is to choose from, on the wire."""

from collections.abc import Container
from typing import Any

import marshmallow as ma
from marshmallow import validate

from smartcity.core.fields import Instant, Schema, Text
from smartcity.core.texts import LANGUAGES
from smartcity.push.audience import Ward
from smartcity.push.categories import categories, topics
from smartcity.push.hours import QuietHours
from smartcity.push.models import Platform

_KINDS = ("token", "fid")
_TOKEN_LETTERS = validate.Regexp(r"^[\w:.~+/=-]+$", error="field.invalid")
_KEPT = "What is not named stays as it is"


class _Address(Text):
    """A registration token or a Firebase installation id."""

    def __init__(self) -> None:
        super().__init__(max=500, required=True, metadata={"example": "fGx8…:APA91b…"})
        self.validators.append(_TOKEN_LETTERS)


def _platform() -> ma.fields.String:
    return ma.fields.String(required=True, validate=validate.OneOf(list(Platform)))


class DeviceIn(Schema):
    """Where an installation of the app is reached."""

    kind = ma.fields.String(
        required=True,
        validate=validate.OneOf(_KINDS),
        metadata={"description": "Registration token or Firebase installation id"},
    )
    value = _Address()
    platform = _platform()
    app_version = Text(max=20, required=True, metadata={"example": "3.2.1"})
    locale = ma.fields.String(load_default="vi", validate=validate.OneOf(LANGUAGES))
    ward = Ward(
        load_default=None,
        allow_none=True,
        metadata={"description": "Code of the commune that warnings are for", "example": "10507"},
    )


class DevicePreferencesIn(Schema):
    """What a device wants to be sent, and when."""

    categories = ma.fields.Dict(
        keys=ma.fields.String(),
        values=ma.fields.Boolean(),
        metadata={"description": _KEPT, "example": {"news": False}},
    )
    topics = ma.fields.Dict(
        keys=ma.fields.String(),
        values=ma.fields.Boolean(),
        metadata={"description": _KEPT, "example": {"weather": True}},
    )
    quiet_hours = ma.fields.Nested(
        QuietHours,
        allow_none=True,
        metadata={"description": "Null is the province's; equal ends are none"},
    )

    @ma.validates("categories")
    def _categories(self, asked: dict[str, bool], **_: Any) -> None:
        _all_known(asked, categories(), "push.unknown_category")
        critical = [name for name, on in asked.items() if not on and categories()[name].critical]
        _refuse(critical, "push.category_critical")

    @ma.validates("topics")
    def _topics(self, asked: dict[str, bool], **_: Any) -> None:
        _all_known(asked, topics(), "push.unknown_topic")


def _all_known(asked: dict[str, bool], known: Container[str], error: str) -> None:
    _refuse([name for name in asked if name not in known], error)


def _refuse(names: list[str], error: str) -> None:
    if names:
        raise ma.ValidationError({name: [error] for name in names})


def _choices(part: str, example: dict[str, bool]) -> ma.fields.Dict:
    return ma.fields.Dict(
        keys=ma.fields.String(),
        values=ma.fields.Boolean(),
        required=True,
        metadata={"description": f"All {part}, and whether it wants them", "example": example},
    )


class DeviceOut(ma.Schema):
    """A registered installation, and what it chose."""

    installation_id = ma.fields.UUID(required=True)
    kind = ma.fields.String(required=True, validate=validate.OneOf(_KINDS))
    platform = _platform()
    app_version = ma.fields.String(required=True, metadata={"example": "3.2.1"})
    locale = ma.fields.String(required=True, validate=validate.OneOf(LANGUAGES))
    ward = ma.fields.String(required=True, allow_none=True, metadata={"example": "10507"})
    categories = _choices("categories", {"news": False, "events": True})
    topics = _choices("topics", {"weather": True, "traffic": False})
    quiet_hours = ma.fields.Nested(
        QuietHours, required=True, allow_none=True, metadata={"description": "Null: the province's"}
    )
    last_seen_at = Instant(required=True)


class _Topic(ma.Schema):
    id = ma.fields.String(required=True, metadata={"example": "news"})
    name_vi = ma.fields.String(required=True, attribute="vi", metadata={"example": "Tin tức"})
    name_en = ma.fields.String(required=True, attribute="en", metadata={"example": "News"})


class _Category(_Topic):
    critical = ma.fields.Boolean(
        required=True, metadata={"description": "Cannot be switched off, and passes quiet hours"}
    )


class CategoriesOut(ma.Schema):
    """What a device may choose from."""

    categories = ma.fields.List(ma.fields.Nested(_Category), required=True)
    topics = ma.fields.List(ma.fields.Nested(_Topic), required=True)
    quiet_hours = ma.fields.Nested(QuietHours, required=True)
