"""Versions, pictures and files of articles on editors' wire."""

from functools import partial

import marshmallow as ma
from marshmallow import validate

from smartcity.core.fields import Instant, Schema
from smartcity.news.editing.contents import FIELDS
from smartcity.news.editing.states import STEPS

_ID = {"example": "0198c0de-4a6e-7c3f-9d0f-6f1b2a3c4d5e"}
_TITLE = {"example": "Thông xe cầu Hoàng Văn Thụ"}
_REASON = {"example": "Sai số liệu.", "description": "Kept in the versions and in the audit"}
_WHO = {"example": "officer:0198c0de-4a6e-7c1a-9b7e-2f1d3c4b5a69"}
_Words = partial(ma.fields.String, required=True)


class ArticleComparisonQuery(Schema):
    """Two versions."""

    before = ma.fields.Integer(required=True, validate=validate.Range(1, 1_000_000))
    after = ma.fields.Integer(required=True, validate=validate.Range(1, 1_000_000))


class ArticleVersionOut(ma.Schema):
    """A step of an article, and who took it."""

    version = ma.fields.Integer(required=True, metadata={"example": 2})
    step = _Words(validate=validate.OneOf(list(STEPS)), metadata={"example": "edit"})
    actor = _Words(metadata=_WHO)
    at = Instant(required=True)
    reason = _Words(allow_none=True, metadata=_REASON)


class ArticleVersionList(ma.Schema):
    """Every step, the newest first."""

    items = ma.fields.List(ma.fields.Nested(ArticleVersionOut), required=True)


class ArticleVersionDetailOut(ArticleVersionOut):
    """What an article said after a step."""

    content = ma.fields.Dict(required=True, metadata={"example": {"title": _TITLE["example"]}})


class ArticleChangeOut(ma.Schema):
    """A field that differs."""

    field = _Words(validate=validate.OneOf(FIELDS), metadata={"example": "title"})
    before = ma.fields.Raw(required=True, allow_none=True, metadata={"example": "Thông xe cầu"})
    after = ma.fields.Raw(required=True, allow_none=True, metadata=_TITLE)


class ArticleRunOut(ma.Schema):
    """A run of the text; all but the `added` make the text before, all but the `removed` after."""

    kind = _Words(
        validate=validate.OneOf(["same", "removed", "added"]), metadata={"example": "added"}
    )
    text = _Words(metadata={"example": "6 giờ "})


class ArticleComparisonOut(ma.Schema):
    """How two versions differ: field by field, and the body word by word in its plain form."""

    changes = ma.fields.List(ma.fields.Nested(ArticleChangeOut), required=True)
    body = ma.fields.List(ma.fields.Nested(ArticleRunOut), required=True)


class ArticlePhotoOut(ma.Schema):
    """A picture tied to an article, as readers would see it; its links last an hour."""

    id = ma.fields.UUID(required=True, metadata=_ID)
    status = _Words(metadata={"example": "ready"})
    ready = ma.fields.Boolean(required=True, metadata={"description": "It can be shown"})
    shown = ma.fields.Boolean(required=True, metadata={"description": "It is public"})
    width = ma.fields.Integer(required=True, metadata={"example": 1600})
    height = ma.fields.Integer(required=True, metadata={"example": 1200})
    links = ma.fields.Dict(
        keys=ma.fields.String(),
        values=ma.fields.Url(),
        required=True,
        metadata={
            "example": {"small": "https://app.haiphong.gov.vn/media/public/0198c0de/1/small.jpg"}
        },
    )


class ArticleTiedFileOut(ma.Schema):
    """A file of an article; its link lasts an hour."""

    id = ma.fields.UUID(required=True, metadata=_ID)
    name = _Words(metadata={"example": "ke-hoach.pdf"})
    content_type = _Words(metadata={"example": "application/pdf"})
    bytes = ma.fields.Integer(required=True)
    link = _Words(metadata={"example": "https://app.haiphong.gov.vn/files/0198c0de/ke-hoach.pdf"})


class ArticleMediaOut(ma.Schema):
    """What its editors look at."""

    pictures = ma.fields.List(ma.fields.Nested(ArticlePhotoOut), required=True)
    files = ma.fields.List(ma.fields.Nested(ArticleTiedFileOut), required=True)
