"""What the API says of areas and agencies."""

import marshmallow as ma
from marshmallow import validate

from smartcity.areas.models import AgencyKind, AreaKind
from smartcity.core.fields import Number, Schema, Text
from smartcity.core.paging import PageQuery


class AreaOut(ma.Schema):
    """A province or commune; the place is its centre."""

    code = ma.fields.String(required=True, metadata={"example": "10507"})
    name_vi = ma.fields.String(required=True, metadata={"example": "Phường Thành Đông"})
    name_en = ma.fields.String(required=True, metadata={"example": "Thanh Dong Ward"})
    kind = ma.fields.String(required=True, validate=validate.OneOf(list(AreaKind)))
    parent = ma.fields.String(
        required=True, allow_none=True, attribute="parent_code", metadata={"example": "31"}
    )
    latitude = ma.fields.Float(required=True, metadata={"example": 20.9468})
    longitude = ma.fields.Float(required=True, metadata={"example": 106.3336})
    former_province = ma.fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "before 1 July 2025", "example": "Hải Dương"},
    )


class AgencyOut(ma.Schema):
    """A unit that handles reports."""

    code = ma.fields.String(required=True, metadata={"example": "ubnd-10507"})
    name_vi = ma.fields.String(required=True, metadata={"example": "UBND Phường Thành Đông"})
    name_en = ma.fields.String(
        required=True, metadata={"example": "People's Committee of Thanh Dong Ward"}
    )
    kind = ma.fields.String(required=True, validate=validate.OneOf(list(AgencyKind)))
    area = ma.fields.String(
        required=True,
        allow_none=True,
        attribute="area_code",
        metadata={"description": "the one commune it serves; null: all", "example": "10507"},
    )


class LocatedOut(ma.Schema):
    """Where a place is."""

    province = ma.fields.Nested(AreaOut, required=True)
    ward = ma.fields.Nested(AreaOut, required=True)
    exact = ma.fields.Boolean(
        required=True,
        metadata={"description": "true: the commune's boundary holds it; false: it is the nearest"},
    )
    agency = ma.fields.Nested(
        AgencyOut, required=True, allow_none=True, metadata={"description": "the commune's own"}
    )
    confirm = ma.fields.Boolean(
        required=True,
        metadata={"description": "true: near a boundary, so ask the citizen for his commune"},
    )
    candidates = ma.fields.List(
        ma.fields.Nested(AreaOut),
        required=True,
        metadata={"description": "the communes to choose from, by code; `ward` is one of them"},
    )


class _WholePageQuery(PageQuery):
    limit = ma.fields.Integer(load_default=200, validate=validate.Range(1, 200))


class AreaQuery(_WholePageQuery):
    """Which areas; names are compared without case or accents."""

    q = Text(max=100, metadata={"description": "part of a name", "example": "thanh dong"})
    kind = ma.fields.String(validate=validate.OneOf(list(AreaKind)))


class AgencyQuery(_WholePageQuery):
    """Which agencies."""

    kind = ma.fields.String(validate=validate.OneOf(list(AgencyKind)))


class PlaceQuery(Schema):
    """A place in degrees, WGS 84."""

    latitude = Number(min=-90, max=90, required=True, metadata={"example": 20.9468})
    longitude = Number(min=-180, max=180, required=True, metadata={"example": 106.3336})
