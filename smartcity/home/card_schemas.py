"""Banners and announcements on the wire, as officers write and see them."""

from functools import partial
from typing import Any

import marshmallow as ma
from marshmallow import validate

from smartcity.core.fields import Instant, Schema, Text
from smartcity.core.paging import PageQuery
from smartcity.home.cards import Kind, Level, State
from smartcity.home.platform_schemas import Version
from smartcity.media import service as media
from smartcity.push import service as push

PLATFORMS = ("android", "ios", "web")
TITLE, TITLE_EN = {"example": "Ngày Chuyển đổi số 26/3"}, {"example": "Digital Transformation Day"}
TEXT = {"example": "Mời ông bà dự ngày hội tại phường, từ 8 giờ sáng."}
TEXT_EN = {"example": "Join the fair in your ward, from 8 a.m."}
ALT, ALT_EN = {"example": "Người dân xem gian hàng số"}, {"example": "Citizens at a digital stall"}
LINK = {"example": "/news/ngay-chuyen-doi-so", "description": "Path in the app, or official page"}
_PICTURE = {"description": "A photo that this officer uploaded, once it is ready"}
AREAS = {"description": "Communes whose people see it; empty: everywhere"}
_PLATFORMS = {"description": "Empty: on every platform", "example": ["android"]}
_APP = {"description": "The oldest app that shows it; null: every app", "example": "3.2.0"}
_RANK = {"description": "The least comes first", "example": 10}
WHO = {"example": "officer:0198c0de-4a6e-7c1a-9b7e-2f1d3c4b5a69"}
_Maybe = partial(Text, allow_none=True)


def codes(inner: ma.fields.Field[Any], **metadata: Any) -> ma.fields.List[Any]:
    """A list that holds a code once, in one order, however it was written."""
    return _Codes(inner, validate=validate.Length(max=200), metadata=metadata)


class _Codes(ma.fields.List[Any]):
    def _deserialize(self, *args: Any, **kwargs: Any) -> list[Any]:
        return sorted(set(super()._deserialize(*args, **kwargs) or []))


class CardChangeIn(Schema):
    """What is to change; the rest stays. English words, area and platform may be left out."""

    title_vi = Text(max=200, metadata=TITLE)
    title_en = _Maybe(max=200, metadata=TITLE_EN)
    text_vi = _Maybe(max=2_000, lines=True, metadata=TEXT)
    text_en = _Maybe(max=2_000, lines=True, metadata=TEXT_EN)
    level = ma.fields.String(validate=validate.OneOf(list(Level)))
    media_id = ma.fields.UUID(allow_none=True, metadata=_PICTURE)
    alt_vi = _Maybe(max=300, metadata=ALT)
    alt_en = _Maybe(max=300, metadata=ALT_EN)
    link = _Maybe(max=1_000, metadata=LINK)
    areas = codes(push.Ward(), **AREAS)
    platforms = codes(ma.fields.String(validate=validate.OneOf(PLATFORMS)), **_PLATFORMS)
    app_from = Version(allow_none=True)
    starts_at = Instant()
    ends_at = Instant(allow_none=True)
    rank = ma.fields.Integer(validate=validate.Range(0, 1_000), metadata=_RANK)


class CardIn(CardChangeIn):
    """A card: a banner has a picture and its `alt_vi`, an announcement `text_vi`.

    It shows from `starts_at` (by default now) until `ends_at`.
    """

    kind = ma.fields.String(required=True, validate=validate.OneOf(list(Kind)))
    title_vi = Text(max=200, required=True, metadata=TITLE)


class WithdrawalIn(Schema):
    """Why it goes."""

    reason = Text(max=500, required=True, lines=True, metadata={"example": "Sai ngày diễn ra."})


class CardFilter(Schema):
    """How officers narrow the list."""

    kind = ma.fields.String(validate=validate.OneOf(list(Kind)))
    state = ma.fields.String(validate=validate.OneOf(list(State)))
    q = Text(max=100, metadata={"example": "chuyen doi so", "description": "Words, no accents"})


class CardQuery(PageQuery, CardFilter):
    """The list, page by page."""


class CardOut(ma.Schema):
    """A card as officers see it."""

    id = ma.fields.UUID(required=True)
    kind = ma.fields.String(required=True, validate=validate.OneOf(list(Kind)))
    state = ma.fields.String(required=True, validate=validate.OneOf(list(State)))
    title_vi = ma.fields.String(required=True, metadata=TITLE)
    title_en = ma.fields.String(required=True, allow_none=True, metadata=TITLE_EN)
    text_vi = ma.fields.String(required=True, allow_none=True, metadata=TEXT)
    text_en = ma.fields.String(required=True, allow_none=True, metadata=TEXT_EN)
    level = ma.fields.String(required=True, validate=validate.OneOf(list(Level)))
    media_id = ma.fields.UUID(required=True, allow_none=True)
    picture = ma.fields.Nested(media.PhotoOut, required=True, allow_none=True)
    alt_vi = ma.fields.String(required=True, allow_none=True, metadata=ALT)
    alt_en = ma.fields.String(required=True, allow_none=True, metadata=ALT_EN)
    link = ma.fields.String(required=True, allow_none=True, metadata=LINK)
    areas = ma.fields.List(ma.fields.String(metadata={"example": "10507"}), required=True)
    platforms = ma.fields.List(ma.fields.String(metadata={"example": "ios"}), required=True)
    app_from = ma.fields.String(required=True, allow_none=True, metadata=_APP)
    starts_at = Instant(required=True)
    ends_at = Instant(required=True, allow_none=True)
    rank = ma.fields.Integer(required=True, metadata=_RANK)
    withdrawn_at = Instant(required=True, allow_none=True)
    made_by = ma.fields.String(required=True, metadata=WHO)
    made_at = Instant(required=True)
    version = ma.fields.Integer(required=True, metadata={"example": 2})
