"""News on the wire, as the public reads it; the texts of `rendering` are by these."""

import uuid
from typing import Any

import marshmallow as ma
from marshmallow import validate

from smartcity.core.fields import Instant
from smartcity.core.texts import LANGUAGES
from smartcity.news.sources.models import Licence

_LINK = {"example": "https://app.haiphong.gov.vn/news/0198c0de-4a6e-7c3f-9d0f-6f1b2a3c4d5e"}


def _text(example: str, **options: Any) -> ma.fields.String:
    return ma.fields.String(required=True, metadata={"example": example}, **options)


def _codes(example: str) -> ma.fields.List[Any]:
    return ma.fields.List(_text(example), required=True)


class PictureLinksOut(ma.Schema):
    """Addresses of one picture; they need no sign-in and last while the article is public."""

    large = _text("https://app.haiphong.gov.vn/media/public/0198c0de/1/large.jpg")
    small = _text("https://app.haiphong.gov.vn/media/public/0198c0de/1/small.jpg")
    large_webp = _text("https://app.haiphong.gov.vn/media/public/0198c0de/1/large.webp")
    small_webp = _text("https://app.haiphong.gov.vn/media/public/0198c0de/1/small.webp")


class NewsPictureOut(ma.Schema):
    """A picture, and the words for who cannot see it."""

    links = ma.fields.Nested(PictureLinksOut, required=True)
    alt = _text("Cầu Hoàng Văn Thụ nhìn từ bờ nam")


class NewsSourceOut(ma.Schema):
    """Where an article was taken from."""

    name = _text("Báo Hải Phòng", allow_none=True)
    link = _text("https://baohaiphong.vn/cau-moi-123.html", allow_none=True)


class NewsCardOut(ma.Schema):
    """An article in a list. Codes are those of `/news/categories`, `/agencies` and `/areas`."""

    id = ma.fields.UUID(required=True, metadata={"example": str(uuid.UUID(int=7))})
    title = _text("Thông xe cầu Hoàng Văn Thụ")
    lead = _text("Từ 6 giờ ngày 22/11, xe máy và ô tô dưới 9 chỗ được qua cầu.")
    cover = ma.fields.Nested(NewsPictureOut, required=True, allow_none=True)
    agency = _text("so-xay-dung", allow_none=True)
    categories = _codes("society")
    topics = _codes("traffic")
    areas = _codes("10507")
    language = _text("vi", validate=validate.OneOf(LANGUAGES))
    published_at = Instant(required=True)
    corrected_at = Instant(required=True, allow_none=True)
    pinned = ma.fields.Boolean(required=True)
    url = ma.fields.Url(
        required=True, metadata={"description": "A web page of it, to share", **_LINK}
    )
    source = ma.fields.Nested(NewsSourceOut, required=True, allow_none=True)


class NewsAttachmentOut(ma.Schema):
    """A file of an article."""

    title = _text("Kế hoạch phân luồng")
    link = _text("https://app.haiphong.gov.vn/files/0198c0de/ke-hoach.pdf")
    mimetype = _text("application/pdf")
    bytes = ma.fields.Integer(required=True)


class NewsOut(NewsCardOut):
    """A whole article."""

    body_html = ma.fields.String(
        required=True,
        metadata={
            "description": "Sanitised: no script, style, form or frame; links are absolute",
            "example": "<p>Cầu Hoàng Văn Thụ <strong>thông xe</strong>.</p>",
        },
    )
    body_text = ma.fields.String(
        required=True,
        metadata={
            "description": "For small screens and for reading aloud; a line a paragraph",
            "example": "Cầu Hoàng Văn Thụ thông xe.",
        },
    )
    gallery = ma.fields.List(ma.fields.Nested(NewsPictureOut), required=True)
    attachments = ma.fields.List(ma.fields.Nested(NewsAttachmentOut), required=True)
    author = _text("Minh Anh", allow_none=True)
    correction = _text("Đã sửa giờ thông xe: 6 giờ, không phải 7 giờ.", allow_none=True)
    licence = ma.fields.String(
        required=True,
        allow_none=True,
        validate=validate.OneOf(list(Licence)),
        metadata={
            "description": "How much of its source's text may be shown; null: it is our own",
            "example": "full",
        },
    )
    reading_minutes = ma.fields.Integer(required=True)


class NewsSortOut(ma.Schema):
    """A category or topic and its names."""

    id = ma.fields.String(required=True, metadata={"example": "society"})
    vi = ma.fields.String(required=True, metadata={"example": "Xã hội"})
    en = ma.fields.String(required=True, metadata={"example": "Society"})


class NewsCategoriesOut(ma.Schema):
    """What news are sorted by, in the province's order."""

    categories = ma.fields.List(ma.fields.Nested(NewsSortOut), required=True)
    topics = ma.fields.List(ma.fields.Nested(NewsSortOut), required=True)
