"""What is asked of one procedure, its changes, and what procedures are sorted by."""

import marshmallow as ma
from marshmallow import validate

from smartcity.core.fields import Instant, Schema, Text
from smartcity.core.paging import PageQuery

_DEEDS = ("entered", "changed", "withdrawn", "restored")
_WARD = {"description": "A commune's code: `served_by` names its office", "example": "11383"}
_SINCE = {"description": "`version` that the reader saw", "example": 3}


def _text(example: str) -> ma.fields.String:
    return ma.fields.String(required=True, metadata={"example": example})


def _count() -> ma.fields.Integer:
    return ma.fields.Integer(required=True, metadata={"example": 42})


class ServiceQuery(Schema):
    """Where the reader lives."""

    ward = Text(max=10, metadata=_WARD)


class ServiceChangesQuery(PageQuery):
    """Since when."""

    since = ma.fields.Integer(
        load_default=0, validate=validate.Range(0, 2**31 - 1), metadata=_SINCE
    )


class FieldNameOut(ma.Schema):
    """What a part of a procedure is called."""

    vi = _text("Hình thức nộp, thời hạn, lệ phí")
    en = _text("Ways to apply, time limits, fees")


class FieldChangeOut(ma.Schema):
    """The lines of a part that went and that came."""

    field = _text("channels")
    name = ma.fields.Nested(FieldNameOut, required=True)
    before = ma.fields.List(_text("Trực tiếp: 05 ngày làm việc; 8.000 đồng"), required=True)
    after = ma.fields.List(_text("Trực tiếp: 03 ngày làm việc; Miễn phí"), required=True)


class ServiceChangeOut(ma.Schema):
    """A version, and what it changed."""

    version = ma.fields.Integer(required=True, metadata={"example": 4})
    at = Instant(required=True)
    deed = ma.fields.String(required=True, validate=validate.OneOf(_DEEDS))
    fields = ma.fields.List(ma.fields.Nested(FieldChangeOut), required=True)  # type: ignore[assignment]


class FacetOut(ma.Schema):
    """A filter's id, its names, and how many procedures it leaves."""

    id = _text("citizen")
    vi = _text("Công dân Việt Nam")
    en = _text("Vietnamese citizens")
    count = _count()


class LifeEventOut(FacetOut):
    """The same, of people or of businesses."""

    audience = ma.fields.String(required=True, validate=validate.OneOf(["citizen", "business"]))


class NamedFacetOut(ma.Schema):
    """A filter that is its own name."""

    name = _text("Hộ tịch")
    count = _count()


class EssentialOut(ma.Schema):
    """One of the essential services, and the public procedures that fulfil it."""

    number = ma.fields.Integer(required=True, metadata={"example": 9})
    vi = _text("Đăng ký khai sinh")
    en = _text("Birth registration")
    services = ma.fields.List(_text("1.001193"), required=True)


class FacetsOut(ma.Schema):
    """What procedures may be narrowed to."""

    life_events = ma.fields.List(ma.fields.Nested(LifeEventOut), required=True)
    subjects = ma.fields.List(ma.fields.Nested(FacetOut), required=True)
    degrees = ma.fields.List(ma.fields.Nested(FacetOut), required=True)
    levels = ma.fields.List(ma.fields.Nested(FacetOut), required=True)
    fields = ma.fields.List(ma.fields.Nested(NamedFacetOut), required=True)  # type: ignore[assignment]
    agencies = ma.fields.List(ma.fields.Nested(NamedFacetOut), required=True)
    essentials = ma.fields.List(ma.fields.Nested(EssentialOut), required=True)
