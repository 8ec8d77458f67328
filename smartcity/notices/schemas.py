"""Officers' notices on the wire."""

from typing import Any

import marshmallow as ma
from marshmallow import validate

from smartcity.core.fields import Instant, Schema, Text
from smartcity.core.paging import PageQuery
from smartcity.core.texts import text
from smartcity.notices.models import Mailing

_MAIL = {
    "description": "at_once: as it comes; digest: once a day; none: at the desk only",
    "example": "digest",
}
_HOUR = {"description": "Hour of the day (Vietnamese time) from which a digest goes", "example": 7}


class NoticeQuery(PageQuery):
    """Which notices to list."""

    unread = ma.fields.Boolean(metadata={"description": "Only what has not been read"})


class NoticeOut(ma.Schema):
    """A notice in the reader's language."""

    id = ma.fields.UUID(required=True)
    title = ma.fields.Function(
        lambda notice: words(notice, "title"),
        required=True,
        metadata={"type": "string", "example": "Phản ánh HP-2026-000123 quá hạn xử lý"},
    )
    body = ma.fields.Function(
        lambda notice: words(notice, "body"),
        required=True,
        metadata={"type": "string", "example": "Hạn xử lý là 17:00 24/11/2026."},
    )
    link = ma.fields.String(
        required=True,
        metadata={"description": "Path in the officers' tool", "example": "/reports/0198c0de-4a6e"},
    )
    created_at = Instant(required=True)
    read_at = Instant(required=True, allow_none=True)


class PreferencesIn(Schema):
    """How an officer wants to hear of things."""

    email = Text(
        max=254,
        allow_none=True,
        load_default=None,
        metadata={"example": "linh.nguyen@example.gov.vn"},
    )
    mail = ma.fields.String(required=True, validate=validate.OneOf(list(Mailing)), metadata=_MAIL)
    digest_hour = ma.fields.Integer(load_default=7, validate=validate.Range(0, 23), metadata=_HOUR)

    @ma.validates("email")
    def _an_address(self, value: str | None, **_: Any) -> None:
        if value is not None:
            if not value.isascii():
                raise ma.ValidationError("field.invalid")
            validate.Email(error="field.invalid")(value)


class PreferencesOut(ma.Schema):
    """How an officer hears of things."""

    email = ma.fields.String(
        required=True, allow_none=True, metadata={"example": "linh.nguyen@example.gov.vn"}
    )
    mail = ma.fields.String(required=True, metadata=_MAIL)
    digest_hour = ma.fields.Integer(required=True, metadata=_HOUR)
    refused_at = Instant(
        required=True,
        allow_none=True,
        metadata={"description": "When the mail server refused the address; set it anew"},
    )


def words(notice: Any, part: str, lang: str | None = None) -> str:
    """A notice's `title` or `body`, by default in the language of the request."""
    return text(f"{notice.text}.{part}", lang, **notice.values).strip()
