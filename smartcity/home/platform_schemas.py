"""The app's versions in the stores."""

import re
from typing import Any

import marshmallow as ma
from marshmallow import validate

from smartcity.core.fields import Schema, Text
from smartcity.push import service as push


class Version(Text):
    """A version of the app, such as `3.2.1`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max=20, metadata={"example": "3.2.0"}, **kwargs)
        self.validators.append(_readable)


def _readable(version: str) -> None:
    if not push.app_number(version):
        raise ma.ValidationError("push.bad_version")


def _link(host: str, example: str) -> Text:
    """A page of one of the two stores."""
    link = Text(max=300, required=True, metadata={"example": f"https://{host}/{example}"})
    page = rf"^https://{re.escape(host)}/[\w.~/?=&%-]+\Z"
    link.validators.append(validate.Regexp(page, re.ASCII, error="app_config.not_the_store"))
    return link


class _AppIn(Schema):
    minimum = Version(required=True)
    latest = Version(required=True)

    @ma.validates_schema(skip_on_field_errors=True)
    def _in_order(self, asked: dict[str, Any], **_: Any) -> None:
        if push.app_number(asked["minimum"]) > push.app_number(asked["latest"]):
            raise ma.ValidationError("push.versions_order", "minimum")


class AndroidIn(_AppIn):
    """An older app than `minimum` has to be updated; `latest` is offered."""

    store = _link("play.google.com", "store/apps/details?id=vn.gov.haiphong.app")


class IosIn(_AppIn):
    """The same of iPhones."""

    store = _link("apps.apple.com", "vn/app/id1234567890")


class PlatformsIn(Schema):
    """Both platforms."""

    android = ma.fields.Nested(AndroidIn, required=True)
    ios = ma.fields.Nested(IosIn, required=True)
