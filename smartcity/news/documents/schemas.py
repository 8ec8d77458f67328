"""Official documents on the wire."""

from datetime import date
from typing import Any

import marshmallow as ma
from marshmallow import validate

from smartcity.core.fields import Instant, Schema, Text
from smartcity.core.paging import PageQuery
from smartcity.identity.permissions import principal
from smartcity.news.documents.models import State
from smartcity.news.documents.numbers import normalised
from smartcity.news.documents.states import allowed

_FIRST, _LAST = date(1945, 1, 1), date(2100, 1, 1)
_NUMBER = {"example": "12/2026/QĐ-UBND", "description": "Its number and symbol (số, ký hiệu)"}
_KIND = {"example": "decision", "description": "Of `documents` in news.yaml"}
_ABSTRACT = {
    "example": "Quyết định ban hành Quy chế quản lý, vận hành Cổng dữ liệu mở",
    "description": "Trích yếu: what it is about, in a sentence",
}
_AGENCY = {"example": "so-xay-dung", "description": "Who issued it: code of an agency"}
_SIGNER = {"example": "Nguyễn Văn An"}
_ISSUED = {"description": "The date it bears", "example": "2026-03-26"}
_EFFECTIVE = {"description": "In force from this day on", "example": "2026-04-10"}
_EXPIRES = {"description": "In force until this day, included", "example": "2027-12-31"}
_SOURCE = {
    "example": "https://congbao.example.gov.vn/van-ban/12-2026",
    "description": "Where it was published first",
}
_WHO = {"example": "officer:0198c0de-4a6e-7c1a-9b7e-2f1d3c4b5a69"}
_REASON = {"example": "Ban hành nhầm số.", "description": "Kept in the audit"}
_YEAR = {"example": 2026, "description": "Issued in this year"}
_Q = {
    "example": "12/2026/qd-ubnd",
    "description": "Words of number and abstract, without accents too",
}
_FILE = {"description": "Of POST /officer/files"}


class Numbering(Text):
    """A document's number in its one form; it has a digit."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        number = normalised(super()._deserialize(value, attr, data, **kwargs))
        if not any(char.isdigit() for char in number):
            raise ma.ValidationError("document.bad_number")
        return number


class _Day(ma.fields.Date):
    def __init__(self, **options: Any) -> None:
        super().__init__(validate=validate.Range(_FIRST, _LAST), **options)


class _DocumentFields(Schema):
    signer = Text(max=120, allow_none=True, metadata=_SIGNER)
    effective_on = _Day(allow_none=True, metadata=_EFFECTIVE)
    expires_on = _Day(allow_none=True, metadata=_EXPIRES)
    file_id = ma.fields.UUID(allow_none=True, metadata=_FILE)
    source_link = ma.fields.Url(
        schemes={"http", "https"},
        allow_none=True,
        validate=validate.Length(max=1000),
        error_messages={"invalid": "document.bad_link"},
        metadata=_SOURCE,
    )


class DocumentIn(_DocumentFields):
    """A document as it is entered."""

    number = Numbering(max=80, required=True, metadata=_NUMBER)
    kind = Text(max=40, required=True, metadata=_KIND)
    abstract = Text(max=1000, required=True, metadata=_ABSTRACT)
    agency = Text(max=40, required=True, metadata=_AGENCY)
    issued_on = _Day(required=True, metadata=_ISSUED)


class DocumentPatch(_DocumentFields):
    """What is changed of a draft; what is left out stays, null empties."""

    number = Numbering(max=80, metadata=_NUMBER)
    kind = Text(max=40, metadata=_KIND)
    abstract = Text(max=1000, metadata=_ABSTRACT)
    agency = Text(max=40, metadata=_AGENCY)
    issued_on = _Day(metadata=_ISSUED)


class DocumentReasonIn(Schema):
    """Why."""

    reason = Text(max=500, required=True, lines=True, metadata=_REASON)


class PublicFilter(Schema):
    """How the public narrows the list."""

    kind = Text(max=40, metadata=_KIND)
    agency = Text(max=40, metadata=_AGENCY)
    year = ma.fields.Integer(validate=validate.Range(_FIRST.year, _LAST.year), metadata=_YEAR)
    q = Text(max=100, metadata=_Q)


class PublicQuery(PageQuery, PublicFilter):
    """The public list, page by page."""


class DocumentFilter(PublicFilter):
    """How officers narrow it."""

    state = ma.fields.List(ma.fields.String(validate=validate.OneOf(list(State))))


class DocumentQuery(PageQuery, DocumentFilter):
    """The officers' list, page by page."""


class DocumentFileOut(ma.Schema):
    """The document's file, and where it opens."""

    name = ma.fields.String(required=True, metadata={"example": "quyet-dinh-12.pdf"})
    content_type = ma.fields.String(required=True, metadata={"example": "application/pdf"})
    bytes = ma.fields.Integer(required=True, metadata={"example": 183204})
    link = ma.fields.Url(
        required=True,
        metadata={"example": "https://app.example.gov.vn/files/0198c0de-4a6e/quyet-dinh-12.pdf"},
    )


class PublicDocumentOut(ma.Schema):
    """A document as everybody reads it."""

    id = ma.fields.UUID(required=True)
    number = ma.fields.String(required=True, metadata=_NUMBER)
    kind = ma.fields.String(required=True, metadata=_KIND)
    abstract = ma.fields.String(required=True, metadata=_ABSTRACT)
    agency = ma.fields.String(required=True, metadata=_AGENCY)
    signer = ma.fields.String(required=True, allow_none=True, metadata=_SIGNER)
    issued_on = ma.fields.Date(required=True, metadata=_ISSUED)
    effective_on = ma.fields.Date(required=True, allow_none=True, metadata=_EFFECTIVE)
    expires_on = ma.fields.Date(required=True, allow_none=True, metadata=_EXPIRES)
    file = ma.fields.Nested(DocumentFileOut, required=True, allow_none=True)
    source_link = ma.fields.Url(required=True, allow_none=True, metadata=_SOURCE)
    published_at = Instant(required=True, allow_none=True)


class DocumentOut(PublicDocumentOut):
    """A document as officers work on it; `moves` are the steps that this officer may take now."""

    state = ma.fields.String(required=True, validate=validate.OneOf(list(State)))
    version = ma.fields.Integer(required=True, metadata={"example": 3})
    file_id = ma.fields.UUID(required=True, allow_none=True, metadata=_FILE)
    made_by = ma.fields.String(required=True, metadata=_WHO)
    made_at = Instant(required=True)
    changed_by = ma.fields.String(required=True, metadata=_WHO)
    changed_at = Instant(required=True)
    moves = ma.fields.Function(
        lambda told: allowed(told["document"], principal()),
        required=True,
        metadata={"type": "array", "items": {"type": "string"}, "example": ["publish"]},
    )
