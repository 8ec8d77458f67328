"""Sources on officers' wire."""

from functools import partial
from typing import Any

import marshmallow as ma
from marshmallow import validate

from smartcity.core import clock
from smartcity.core.fields import Instant, Schema, Text
from smartcity.core.paging import PageQuery
from smartcity.core.texts import LANGUAGES
from smartcity.news.sources import pace
from smartcity.news.sources.models import Licence

_ID = {"example": "0198c0de-4a6e-7c3f-9d0f-6f1b2a3c4d5e"}
_NAME = {"example": "Báo Hải Phòng", "description": "Shown to readers"}
_URL = {"example": "https://baohaiphong.vn/rss/tin-moi.rss", "description": "RSS, Atom or JSON"}
_AGENCY = {"example": "so-y-te", "description": "Whose news it brings; null: nobody's here"}
_CATEGORY = {"example": "health"}
_LICENCE = {"description": "`full` text, `summary` of 300 characters and link, or `link` alone"}
_AUTO = {"description": "Whether its news are published without a review"}
_LEAST = {"description": "Seconds between two polls, at least", "example": 300}
_MOST = {"description": "Seconds between two polls, at most", "example": 21600}
_STATE = {"example": "healthy", "description": f"One of {', '.join(pace.STATES)}"}
_FAULT = {
    "example": "Máy chủ của nguồn tin trả lời lỗi 503.",
    "description": "What the last poll failed with, in the reader's language",
}
_MOVED = {
    "example": "https://baohaiphong.vn/rss/home.rss",
    "description": "Where it says that it lives now; change `url` to follow",
}
_REASON = {"example": "Cơ quan đang đổi trang.", "description": "Kept in the audit"}
_WHO = {"example": "officer:0198c0de-4a6e-7c1a-9b7e-2f1d3c4b5a69"}
_TITLES = {"example": ["Phường ra quân dọn kênh"], "description": "The first five"}
_Null = partial(ma.fields.String, required=True, allow_none=True)


class _Settings(Schema):
    agency = Text(max=40, allow_none=True, metadata=_AGENCY)
    language = ma.fields.String(validate=validate.OneOf(LANGUAGES), metadata={"example": "vi"})
    licence = ma.fields.String(validate=validate.OneOf(list(Licence)), metadata=_LICENCE)
    auto_publish = ma.fields.Boolean(metadata=_AUTO)
    interval_least = ma.fields.Integer(validate=validate.Range(60, pace.DAY), metadata=_LEAST)
    interval_most = ma.fields.Integer(validate=validate.Range(60, pace.DAY), metadata=_MOST)


class SourceIn(_Settings):
    """A feed to be polled; what is left out is Vietnamese, a summary, reviewed."""

    name = Text(max=200, required=True, metadata=_NAME)
    url = Text(max=1_000, required=True, metadata=_URL)
    category = Text(max=40, required=True, metadata=_CATEGORY)


class SourceChangeIn(_Settings):
    """What is to be another."""

    name = Text(max=200, metadata=_NAME)
    url = Text(max=1_000, metadata=_URL)
    category = Text(max=40, metadata=_CATEGORY)


class SourceReasonIn(Schema):
    """Why."""

    reason = Text(max=500, required=True, lines=True, metadata=_REASON)


class SourceFilter(Schema):
    """How officers narrow the list; retired ones are left out unless they are asked for."""

    state = ma.fields.List(ma.fields.String(validate=validate.OneOf(pace.STATES)))
    agency = Text(max=40, metadata=_AGENCY)
    category = Text(max=40, metadata=_CATEGORY)
    licence = ma.fields.String(validate=validate.OneOf(list(Licence)), metadata=_LICENCE)
    auto_publish = ma.fields.Boolean()
    q = Text(max=100, metadata={"example": "bao hai phong", "description": "Without accents"})


class SourceQuery(PageQuery, SourceFilter):
    """The list of sources."""


class SourceHealthOut(ma.Schema):
    """How a source is doing."""

    state = ma.fields.Function(
        lambda source: pace.standing(source, clock.now()),
        required=True,
        metadata={"type": "string", **_STATE},
    )
    polled_at = Instant(required=True, allow_none=True)
    succeeded_at = Instant(required=True, allow_none=True)
    newest_at = Instant(required=True, allow_none=True)
    due_at = Instant(required=True, allow_none=True)
    interval = ma.fields.Integer(required=True, metadata={"example": 900})
    failures = ma.fields.Integer(required=True, metadata={"example": 0})
    fault = ma.fields.Function(
        lambda source: pace.told(source.fault),
        required=True,
        metadata={"type": ["string", "null"], **_FAULT},
    )


class SourceOut(ma.Schema):
    """A source of news."""

    id = ma.fields.UUID(required=True, metadata=_ID)
    name = ma.fields.String(required=True, metadata=_NAME)
    url = ma.fields.String(required=True, metadata=_URL)
    moved_to = _Null(metadata=_MOVED)
    agency = _Null(metadata=_AGENCY)
    category = ma.fields.String(required=True, metadata=_CATEGORY)
    language = ma.fields.String(required=True, metadata={"example": "vi"})
    licence = ma.fields.String(required=True, metadata={"example": "summary", **_LICENCE})
    auto_publish = ma.fields.Boolean(required=True, metadata=_AUTO)
    interval_least = ma.fields.Integer(required=True, metadata=_LEAST)
    interval_most = ma.fields.Integer(required=True, metadata=_MOST)
    version = ma.fields.Integer(required=True, metadata={"example": 1})
    made_by = ma.fields.String(required=True, metadata=_WHO)
    made_at = Instant(required=True)
    retired_at = Instant(required=True, allow_none=True)
    health = ma.fields.Nested(SourceHealthOut, required=True, attribute="itself")

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """The health is told from the same row."""
        return obj if attr == "itself" else super().get_attribute(obj, attr, default)


class SourceFoundOut(ma.Schema):
    """What the feed held when it was added."""

    title = ma.fields.String(required=True, metadata={"example": "Tin mới"})
    entries = ma.fields.Integer(required=True, metadata={"example": 30})
    titles = ma.fields.List(ma.fields.String(), required=True, metadata=_TITLES)
    newest = Instant(required=True, allow_none=True)
    moved_to = _Null(metadata=_MOVED)


class NewSourceOut(ma.Schema):
    """A new source, and what was found at its address."""

    source = ma.fields.Nested(SourceOut, required=True)
    found = ma.fields.Nested(SourceFoundOut, required=True)
