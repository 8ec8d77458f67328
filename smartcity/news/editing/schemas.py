"""Articles on editors' wire."""

import uuid
from functools import partial
from typing import Any

import marshmallow as ma
from marshmallow import validate

from smartcity.core.fields import Instant, Schema, Text
from smartcity.core.paging import PageQuery
from smartcity.core.texts import LANGUAGES
from smartcity.identity.permissions import principal
from smartcity.news.editing.sanitising import LONGEST, clean_html, fits, one_line
from smartcity.news.editing.states import allowed
from smartcity.news.models import State
from smartcity.news.sources.models import Licence

_ID = {"example": "0198c0de-4a6e-7c3f-9d0f-6f1b2a3c4d5e"}
_TITLE = {"example": "Thông xe cầu Hoàng Văn Thụ"}
_LEAD = {"example": "Từ 6 giờ ngày 22/11, xe máy và ô tô dưới 9 chỗ được qua cầu."}
_BODY = {
    "example": "<p>Cầu Hoàng Văn Thụ <strong>thông xe</strong>.</p>",
    "description": "HTML. Kept are headings, paragraphs, lists, quotations, tables, emphasis and"
    " links; pictures go to the gallery",
}
_ALT = {"example": "Cầu nhìn từ bờ nam", "description": "For who cannot see it"}
_AUTHOR = {"example": "Minh Anh", "description": "Shown to readers"}
_AGENCY = {"example": "so-xay-dung"}
_CATEGORY, _TOPIC, _AREA = {"example": "society"}, {"example": "traffic"}, {"example": "10507"}
_SOURCE = {"example": "Báo Hải Phòng"}
_LINK = {"example": "https://baohaiphong.vn/cau-moi-123.html"}
_NOTE = {
    "example": "Đã sửa giờ thông xe: 6 giờ, không phải 7 giờ.",
    "description": "What readers are told of a change in what is public",
}
_REASON = {"example": "Sai số liệu.", "description": "Kept in the versions and in the audit"}
_WHO = {"example": "officer:0198c0de-4a6e-7c1a-9b7e-2f1d3c4b5a69"}
_AT = {"description": "When it is to be published; null: as soon as it is approved"}
_HTTPS = validate.Regexp(r"https://[^\s/?#]+[^\s]*\Z", error="article.https_only")
_Words = partial(ma.fields.String, required=True)
_Null = partial(ma.fields.String, required=True, allow_none=True)


class Line(Text):
    """Words on one line, in which emoji of several parts stay whole."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(lines=True, **kwargs)

    def _deserialize(self, *args: Any, **kwargs: Any) -> str:
        return one_line(super()._deserialize(*args, **kwargs))


class Html(ma.fields.String):
    """A body: sanitised as it comes in. Refused beyond 200,000 characters or 10,000 tags."""

    def _deserialize(self, *args: Any, **kwargs: Any) -> str:
        raw = super()._deserialize(*args, **kwargs)
        if not fits(raw):
            raise ma.ValidationError(f"field.too_long|max={LONGEST}")
        try:
            cleaned = clean_html(raw)
        except ValueError:
            raise ma.ValidationError("field.not_text") from None
        if not fits(cleaned):
            raise ma.ValidationError(f"field.too_long|max={LONGEST}")
        return cleaned


class _Named(Schema):
    """What names a picture or a file; its id is kept as JSON holds it."""

    @ma.post_load
    def _told(self, asked: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {k: str(v) if isinstance(v, uuid.UUID) else v for k, v in asked.items()}


class ArticlePictureSchema(_Named):
    """A picture that its editor uploaded."""

    media_id = ma.fields.UUID(required=True, metadata=_ID)
    alt = Line(max=300, required=True, metadata=_ALT)


class ArticleFileSchema(_Named):
    """A file that its editor uploaded."""

    file_id = ma.fields.UUID(required=True, metadata=_ID)
    title = Line(max=200, required=True, metadata={"example": "Kế hoạch phân luồng"})


def _codes(most: int, example: dict[str, str]) -> ma.fields.List[Any]:
    return ma.fields.List(Text(max=40, metadata=example), validate=validate.Length(max=most))


class ArticlePatchIn(Schema):
    """What is changed of an article; what is left out stays."""

    language = ma.fields.String(validate=validate.OneOf(LANGUAGES), metadata={"example": "vi"})
    title = Line(max=300, metadata=_TITLE)
    lead = Line(max=1_000, min=0, metadata=_LEAD)
    body = Html(metadata=_BODY)
    cover = ma.fields.Nested(ArticlePictureSchema, allow_none=True)
    gallery = ma.fields.List(
        ma.fields.Nested(ArticlePictureSchema), validate=validate.Length(max=40)
    )
    attachments = ma.fields.List(
        ma.fields.Nested(ArticleFileSchema), validate=validate.Length(max=20)
    )
    author = Line(max=120, allow_none=True, metadata=_AUTHOR)
    agency = Text(max=40, allow_none=True, metadata=_AGENCY)
    categories = _codes(5, _CATEGORY)
    topics = _codes(10, _TOPIC)
    areas = _codes(200, _AREA)
    source_name = Line(max=200, allow_none=True, metadata=_SOURCE)
    source_link = ma.fields.String(
        allow_none=True, validate=[validate.Length(max=1_000), _HTTPS], metadata=_LINK
    )
    correction = Line(max=500, allow_none=True, metadata=_NOTE)
    publish_at = Instant(allow_none=True, metadata=_AT)

    @ma.post_load
    def _told(self, asked: dict[str, Any], **_: Any) -> dict[str, Any]:
        at = asked.get("publish_at")
        return {**asked, "publish_at": at.isoformat()} if at else asked


class ArticleIn(ArticlePatchIn):
    """A draft."""

    title = Line(max=300, required=True, metadata=_TITLE)


class ArticleReasonIn(Schema):
    """Why."""

    reason = Text(max=500, required=True, lines=True, metadata=_REASON)


class ArticlePinIn(Schema):
    """How long it stands before all others."""

    until = Instant(required=True)


class ArticleFilter(Schema):
    """How editors narrow the list."""

    state = ma.fields.List(ma.fields.String(validate=validate.OneOf(list(State))))
    category = Text(max=40, metadata=_CATEGORY)
    agency = Text(max=40, metadata=_AGENCY)
    source_id = ma.fields.UUID(metadata={"description": "Id of a source"})
    language = ma.fields.String(validate=validate.OneOf(LANGUAGES))
    pending = ma.fields.Boolean(
        metadata={"description": "Published ones with a change that waits to be brought out"}
    )
    since = Instant(metadata={"description": "Changed at this time or later"})
    until = Instant(metadata={"description": "Changed before"})
    q = Text(max=100, metadata={"example": "thong xe cau", "description": "Words of the title"})


class ArticleQuery(PageQuery, ArticleFilter):
    """The list, page by page."""


class ArticleOut(ma.Schema):
    """An article and how it stands with its editors."""

    id = ma.fields.UUID(required=True, metadata=_ID)
    state = _Words(validate=validate.OneOf(list(State)), metadata={"example": "draft"})
    version = ma.fields.Integer(required=True, metadata={"example": 3})
    language = _Words(validate=validate.OneOf(LANGUAGES), metadata={"example": "vi"})
    title = _Words(metadata=_TITLE)
    lead = _Words(metadata=_LEAD)
    author = _Null(metadata=_AUTHOR)
    agency = _Null(metadata=_AGENCY)
    categories = ma.fields.List(_Words(metadata=_CATEGORY), required=True)
    topics = ma.fields.List(_Words(metadata=_TOPIC), required=True)
    areas = ma.fields.List(_Words(metadata=_AREA), required=True)
    source_id = ma.fields.UUID(required=True, allow_none=True)
    source_name = _Null(metadata=_SOURCE)
    source_link = _Null(metadata=_LINK)
    pending = ma.fields.Boolean(
        required=True, metadata={"description": "A change waits for `correct`"}
    )
    public_version = ma.fields.Integer(
        required=True, allow_none=True, metadata={"description": "Public now, or last"}
    )
    publish_at = Instant(required=True, allow_none=True, metadata=_AT)
    published_at = Instant(required=True, allow_none=True)
    corrected_at = Instant(required=True, allow_none=True)
    pinned_until = Instant(required=True, allow_none=True)
    made_by = _Words(metadata=_WHO)
    made_at = Instant(required=True)
    changed_by = _Words(metadata=_WHO)
    changed_at = Instant(required=True)


class ArticleDetailOut(ArticleOut):
    """All of an article, and what this officer may do with it."""

    body = _Words(metadata=_BODY)
    cover = ma.fields.Nested(ArticlePictureSchema, required=True, allow_none=True)
    gallery = ma.fields.List(ma.fields.Nested(ArticlePictureSchema), required=True)
    attachments = ma.fields.List(ma.fields.Nested(ArticleFileSchema), required=True)
    correction = _Null(metadata=_NOTE)
    licence = _Null(validate=validate.OneOf([*Licence]), metadata={"example": "full"})
    source_picture = _Null(
        metadata={
            "example": "https://baohaiphong.vn/cau.jpg",
            "description": "The source's picture, for editors; its rights are the source's",
        }
    )
    moves = ma.fields.Function(
        lambda article: allowed(article, principal()),
        required=True,
        metadata={"type": "array", "items": {"type": "string"}, "example": ["edit", "submit"]},
    )
