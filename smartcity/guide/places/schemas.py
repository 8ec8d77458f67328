"""Places on the wire: the nearest, those in a box, categories, errors that people report."""

from typing import Any

import marshmallow as ma
from marshmallow import validate

from smartcity.core.fields import Instant, Number, Schema, Text
from smartcity.guide.places.extras import CATEGORIES
from smartcity.guide.places.filters import PlaceFilter, categories
from smartcity.guide.places.place import PLACE
from smartcity.reports.service import photo_ids

MISTAKES = ("closed", "moved", "hours", "phone", "other")
_ID = {"example": "0198c0de-4a6e-7c1a-9b7e-2f1d3c4b5a69"}
_WHAT = {"description": "What is wrong", "example": "hours"}
_TEXT = {"example": "Nhà thuốc nay đóng cửa lúc 20h, không phải 22h."}
_LATITUDE = {"description": "Degrees, WGS 84", "example": 20.8525}
_LONGITUDE = {"description": "Degrees, WGS 84", "example": 106.6823}


def _latitude() -> Number:
    return Number(min=-90, max=90, required=True, metadata=_LATITUDE)


def _longitude() -> Number:
    return Number(min=-180, max=180, required=True, metadata=_LONGITUDE)


class NearestQuery(PlaceFilter):
    """Where somebody stands, and what he looks for."""

    latitude = _latitude()
    longitude = _longitude()
    limit = ma.fields.Integer(load_default=20, validate=validate.Range(1, 100))


_METRES = ma.fields.Integer(
    required=True,
    metadata={
        "description": "As the crow flies; to its commune's centre if latitude is null",
        "example": 430,
    },
)
PlaceNearOut: Any = ma.Schema.from_dict(
    {**PLACE.card_schema._declared_fields, "metres": _METRES}, name="PlaceNearOut"
)


class NearestPlacesOut(ma.Schema):
    """The nearest places, nearest first."""

    items = ma.fields.List(ma.fields.Nested(PlaceNearOut), required=True)


class BoxQuery(Schema):
    """The corners of a map."""

    west = _longitude()
    south = _latitude()
    east = _longitude()
    north = _latitude()
    category = categories()

    @ma.validates_schema
    def _has_an_inside(self, data: dict[str, Any], **_options: Any) -> None:
        if data["west"] >= data["east"]:
            raise ma.ValidationError("place.box_empty", "east")
        if data["south"] >= data["north"]:
            raise ma.ValidationError("place.box_empty", "north")


class PlacePointOut(ma.Schema):
    """Where a place is (RFC 7946): longitude, then latitude."""

    type = ma.fields.String(required=True, validate=validate.Equal("Point"))
    coordinates = ma.fields.List(
        ma.fields.Float(metadata=_LONGITUDE), required=True, validate=validate.Length(equal=2)
    )


class PlacePropertiesOut(ma.Schema):
    """What a map shows of a place."""

    title = ma.fields.String(required=True, metadata={"example": "Nhà hát lớn Hải Phòng"})
    category = ma.fields.String(required=True, metadata={"example": "attraction"})
    demo = ma.fields.Boolean(required=True)
    approximate = ma.fields.Boolean(
        required=True,
        metadata={"description": "Somewhere in the commune of which this is the centre"},
    )


class PlaceFeatureOut(ma.Schema):
    """A place on the map."""

    type = ma.fields.String(required=True, validate=validate.Equal("Feature"))
    id = ma.fields.UUID(required=True, metadata=_ID)
    geometry = ma.fields.Nested(PlacePointOut, required=True)
    properties = ma.fields.Nested(PlacePropertiesOut, required=True)


class PlaceMapOut(ma.Schema):
    """Places in a box (RFC 7946)."""

    type = ma.fields.String(required=True, validate=validate.Equal("FeatureCollection"))
    features = ma.fields.List(ma.fields.Nested(PlaceFeatureOut), required=True)
    more = ma.fields.Boolean(
        required=True, metadata={"description": "Others in the box were left out: show a smaller"}
    )


class PlaceCategoryOut(ma.Schema):
    """A category of places."""

    category = ma.fields.String(
        required=True, validate=validate.OneOf(CATEGORIES), metadata={"example": "pharmacy"}
    )
    vi = ma.fields.String(required=True, metadata={"example": "Nhà thuốc"})
    en = ma.fields.String(required=True, metadata={"example": "Pharmacies"})
    count = ma.fields.Integer(required=True, metadata={"example": 12})


class PlaceCategoriesOut(ma.Schema):
    """All categories, in the order of the guide."""

    items = ma.fields.List(ma.fields.Nested(PlaceCategoryOut), required=True)


class BusStopsOut(ma.Schema):
    """The stops of a bus route on its way out."""

    items = ma.fields.List(ma.fields.Nested(PLACE.card_schema), required=True)


class PlaceErrorIn(Schema):
    """What the guide says wrongly of a place."""

    what = ma.fields.String(required=True, validate=validate.OneOf(MISTAKES), metadata=_WHAT)
    text = Text(max=2_000, lines=True, required=True, metadata=_TEXT)
    media_ids = photo_ids()


class PlaceErrorOut(ma.Schema):
    """The field report by which somebody said so."""

    report_id = ma.fields.UUID(required=True, metadata=_ID)
    code = ma.fields.String(required=True, metadata={"example": "HP-2026-000123"})
    status = ma.fields.String(required=True, metadata={"example": "submitted"})
    what = ma.fields.String(required=True, metadata=_WHAT)
    text = ma.fields.String(required=True, metadata=_TEXT)
    at = Instant(required=True)
