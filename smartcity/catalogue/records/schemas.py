"""A record: what a procedure is, in the shape that files bring and that versions keep."""

import re
from enum import StrEnum
from typing import Any

import marshmallow as ma
from marshmallow import validate

from smartcity.catalogue.records.codes import canonical
from smartcity.core.fields import Schema, Text

_ID = validate.Regexp(r"[a-z][a-z0-9_]{1,39}\Z", re.ASCII, error="field.invalid")
_HTTPS = validate.Regexp(r"https://[^\s\"'<>\\]{4,490}\Z", re.ASCII, error="field.invalid")
_PART = validate.Regexp(r"[0-9A-Za-z._-]{1,64}\Z", re.ASCII, error="field.invalid")


class Degree(StrEnum):
    """How much of a procedure can be done online (Decree 42/2022/NĐ-CP, art. 11)."""

    FULL = "full"  # toàn trình
    PARTIAL = "partial"  # một phần
    INFORMATION = "information"  # cung cấp thông tin


class Level(StrEnum):
    """Who carries a procedure out."""

    COMMUNE = "commune"
    PROVINCE = "province"
    MINISTRY = "ministry"
    OTHER = "other"  # notaries, banks, embassies, companies


class Way(StrEnum):
    """How papers are handed in (hình thức nộp)."""

    ONLINE = "online"
    IN_PERSON = "in_person"
    POST = "post"


class Code(ma.fields.String):
    """A procedure's code, by its first two parts."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        code = canonical(super()._deserialize(value, attr, data, **kwargs))
        if code is None:
            raise ma.ValidationError("catalogue.not_a_code")
        return code


def _choice(kind: type[StrEnum], **kwargs: Any) -> ma.fields.Field[Any]:
    return ma.fields.String(validate=validate.OneOf(list(kind)), **kwargs)


def _texts(most: int, longest: int) -> ma.fields.Field[Any]:
    items = Text(max=longest, lines=True)
    return ma.fields.List(items, load_default=list, validate=validate.Length(max=most))


def _ids(most: int = 20) -> ma.fields.Field[Any]:
    items = ma.fields.String(validate=_ID)
    return ma.fields.List(items, load_default=list, validate=validate.Length(max=most))


class ChannelIn(Schema):
    """A way to hand papers in, with its own time limit and fee as the law writes them."""

    way = _choice(Way, required=True)
    time_limit = Text(max=500, load_default=None)
    fee = Text(max=1000, load_default=None, lines=True)
    note = Text(max=1000, load_default=None, lines=True)  # when this one holds, if not always


class DocumentIn(Schema):
    """A paper to bring; `case` says when, if not always. Form: the name or number of a form."""

    name = Text(max=1000, required=True, lines=True)
    form = Text(max=200, load_default=None)
    originals = ma.fields.Integer(load_default=0, validate=validate.Range(0, 99))
    copies = ma.fields.Integer(load_default=0, validate=validate.Range(0, 99))
    case = Text(max=500, load_default=None)


class LegalBasisIn(Schema):
    number = Text(max=80, required=True)
    extract = Text(max=500, load_default=None)
    dated = ma.fields.Date(load_default=None)


class LinkIn(Schema):
    """Where one goes: a template of `catalogue.yaml`, and what fills its gaps. Never a URL."""

    template = ma.fields.String(required=True, validate=_ID)
    values = ma.fields.Dict(
        keys=ma.fields.String(validate=_ID),
        values=ma.fields.String(validate=_PART),
        load_default=dict,
        validate=validate.Length(max=5),
    )


class SourceIn(Schema):
    """Where the facts were read, and the day."""

    address = ma.fields.String(required=True, validate=_HTTPS)
    checked_on = ma.fields.Date(required=True)


class RecordIn(Schema):
    """A procedure, whole. What has no source is marked as a demonstration."""

    code = Code(required=True)
    name = Text(max=500, required=True)
    name_en = Text(max=500, load_default=None)
    decision = Text(max=80, load_default=None)  # that announced it (quyết định công bố)
    levels = ma.fields.List(
        _choice(Level), required=True, validate=validate.Length(min=1, max=len(Level))
    )
    kind = Text(max=200, load_default=None)  # loại thủ tục
    field = Text(max=200, required=True)  # lĩnh vực
    subjects = _ids()
    degree = _choice(Degree, required=True)
    agency = Text(max=300, required=True)  # that handles it
    decided_by = Text(max=300, load_default=None)
    coordinated_by = _texts(20, 300)
    counter = ma.fields.String(load_default=None, validate=_ID)  # of catalogue.yaml
    place = Text(max=1000, load_default=None, lines=True)
    channels = ma.fields.List(
        ma.fields.Nested(ChannelIn), load_default=list, validate=validate.Length(max=30)
    )
    documents = ma.fields.List(
        ma.fields.Nested(DocumentIn), load_default=list, validate=validate.Length(max=100)
    )
    steps = _texts(50, 3000)
    results = _texts(20, 500)
    conditions = _texts(50, 3000)
    legal_bases = ma.fields.List(
        ma.fields.Nested(LegalBasisIn), load_default=list, validate=validate.Length(max=60)
    )
    keywords = _texts(50, 80)
    life_events = _ids()
    essential = ma.fields.List(ma.fields.Integer(validate=validate.Range(1, 25)), load_default=list)
    related = ma.fields.List(Code(), load_default=list, validate=validate.Length(max=30))
    link = ma.fields.Nested(LinkIn, load_default=None)
    source = ma.fields.Nested(SourceIn, load_default=None)
