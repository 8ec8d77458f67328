"""Procedures on officers' wire."""

from functools import partial
from typing import Any

import marshmallow as ma
from marshmallow import validate

from smartcity.catalogue.desk.telling import fault_told
from smartcity.catalogue.models import Outcome, State
from smartcity.catalogue.records.schemas import Degree
from smartcity.core.fields import Instant, Schema, Text
from smartcity.core.paging import PageQuery

_CODE = {"example": "1.001193"}
_NAME = {"example": "Đăng ký khai sinh"}
_FIELD = {"example": "Hộ tịch", "description": "Lĩnh vực, as the record writes it"}
_WHO = {"example": "officer:0198c0de-4a6e-7c1a-9b7e-2f1d3c4b5a69"}
_REASON = {"example": "Thủ tục bị bãi bỏ.", "description": "Kept with the version and in the audit"}
_ADDRESS = {
    "example": "https://dichvucong.gov.vn/thu-tuc-hanh-chinh/019d2bfd-3fac-7489-b53b-a15eb239a6fe"
}
_FAULT = {
    "example": "Cổng trả lời lỗi 404.",
    "description": "What the last look found, in the reader's language",
}
_Q = {"example": "khai sinh", "description": "Words of code and name, without accents"}
_BEFORE = {
    "example": "2026-05-31",
    "description": "Facts checked before this day, or never",
}
_RECORD = {
    "description": "The procedure as files bring it",
    "example": {"code": "1.001193", "name": "Đăng ký khai sinh", "degree": "full"},
}
_OPENED = {"example": 132, "description": "Went to its link in 30 days, summed up every night"}
_DEED = {"example": "changed", "description": "entered, changed, withdrawn or restored"}
_ORIGIN = {"example": "thu-tuc-2026-11.xlsx", "description": "The file that brought it"}
_String = partial(ma.fields.String, required=True)
_Null = partial(ma.fields.String, required=True, allow_none=True)


class RegisterFilter(Schema):
    """How officers narrow the register."""

    state = ma.fields.String(validate=validate.OneOf(list(State)))
    field = Text(max=200, metadata=_FIELD)
    degree = ma.fields.String(validate=validate.OneOf(list(Degree)))
    demo = ma.fields.Boolean()
    checked_before = ma.fields.Date(metadata=_BEFORE)
    q = Text(max=100, metadata=_Q)


class RegisterQuery(PageQuery, RegisterFilter):
    """The register."""


class LinkCheckFilter(Schema):
    """How officers narrow the links that were looked at."""

    outcome = ma.fields.String(validate=validate.OneOf(list(Outcome)))


class LinkCheckQuery(PageQuery, LinkCheckFilter):
    """The links that were looked at."""


class ServiceReasonIn(Schema):
    """Why."""

    reason = Text(max=500, required=True, lines=True, metadata=_REASON)


class RegisteredOut(ma.Schema):
    """A procedure of the register."""

    code = _String(metadata=_CODE)
    state = _String(validate=validate.OneOf(list(State)))
    version = ma.fields.Integer(required=True, metadata={"example": 3})
    name = _String(metadata=_NAME)
    field = _String(metadata=_FIELD)
    agency = _String(metadata={"example": "Ủy ban nhân dân cấp xã"})
    degree = _String(validate=validate.OneOf(list(Degree)))
    opened = ma.fields.Integer(required=True, metadata=_OPENED)
    demo = ma.fields.Boolean(required=True)
    checked_on = ma.fields.Date(required=True, allow_none=True)
    changed_by = _String(metadata=_WHO)
    changed_at = Instant(required=True)


class LinkCheckOut(ma.Schema):
    """What the looks at a link gave; broken after two that found it so."""

    code = _String(metadata=_CODE)
    address = _String(metadata=_ADDRESS)
    outcome = _String(validate=validate.OneOf(list(Outcome)))
    fault = ma.fields.Function(
        lambda check: fault_told(check.fault),
        required=True,
        metadata={"type": ["string", "null"], **_FAULT},
    )
    failures = ma.fields.Integer(required=True, metadata={"example": 2})
    checked_at = Instant(required=True, allow_none=True)
    broken_since = Instant(required=True, allow_none=True)


class CheckedServiceOut(ma.Schema):
    """A procedure whose link was looked at."""

    name = _String(metadata=_NAME)
    check = ma.fields.Nested(LinkCheckOut, required=True)


class RegisteredWholeOut(RegisteredOut):
    """A procedure of the register with its record; `link_check` is null before the first night."""

    record = ma.fields.Dict(required=True, metadata=_RECORD)
    link_check = ma.fields.Nested(LinkCheckOut, required=True, allow_none=True)


class ServiceVersionOut(ma.Schema):
    """A procedure as it was from `at` on; `fields` differ from the version before."""

    number = ma.fields.Integer(required=True, metadata={"example": 3})
    deed = _String(metadata=_DEED)
    fields_: Any = ma.fields.List(
        ma.fields.String(metadata={"example": "channels"}),
        required=True,
        attribute="fields",
        data_key="fields",
    )
    origin = _Null(metadata=_ORIGIN)
    reason = _Null(metadata=_REASON)
    made_by = _String(metadata=_WHO)
    at = Instant(required=True)
    record = ma.fields.Dict(required=True, metadata=_RECORD)
