"""Reports within a polygon that an officer draws: read, checked, and asked of the database."""

from itertools import pairwise
from typing import Any

import marshmallow as ma
import shapely
from marshmallow import validate
from sqlalchemy import ColumnElement, Integer, and_, case, literal

from smartcity.core.fields import Number, Schema
from smartcity.reports.models import Report

MOST_POINTS = 100
_PLACE = ma.fields.List(Number(min=-180, max=180), validate=validate.Length(equal=2))
_RING = ma.fields.List(_PLACE, validate=validate.Length(min=4))
_SQUARE = [[[106.6, 20.8], [106.8, 20.8], [106.8, 20.9], [106.6, 20.9], [106.6, 20.8]]]
Ring = list[list[float]]


class PolygonIn(Schema):
    """A GeoJSON polygon (RFC 7946 §3.1.6): closed rings of [longitude, latitude], holes last."""

    type = ma.fields.String(required=True, validate=validate.OneOf(["Polygon"]))
    coordinates = ma.fields.List(
        _RING, required=True, validate=validate.Length(min=1), metadata={"example": _SQUARE}
    )


def sound(polygon: dict[str, Any]) -> None:
    """Refuse a polygon that is too long, open, off the globe, flat, or that crosses itself."""
    rings: list[Ring] = polygon["coordinates"]
    if sum(map(len, rings)) > MOST_POINTS:
        raise ma.ValidationError(f"polygon.too_long|max={MOST_POINTS}")
    if any(ring[0] != ring[-1] for ring in rings):
        raise ma.ValidationError("polygon.open")
    if any(abs(latitude) > 90 for ring in rings for _, latitude in ring):
        raise ma.ValidationError("polygon.off_the_globe")
    shape = shapely.Polygon(rings[0], rings[1:])
    if not shape.is_valid or not shape.area:
        raise ma.ValidationError("polygon.crossing")


def within(polygon: dict[str, Any]) -> ColumnElement[bool]:
    """Places from which a ray to the east crosses the rings an odd number of times."""
    rings: list[Ring] = polygon["coordinates"]
    longitudes, latitudes = zip(*rings[0], strict=True)
    edges = [edge for ring in rings for edge in pairwise(ring)]
    crossings: ColumnElement[int] = literal(0, Integer)
    for edge in edges:
        if edge[0][1] != edge[1][1]:  # a level one is never crossed
            crossings += case((_crosses(*edge), 1), else_=0)
    return and_(
        Report.latitude.between(min(latitudes), max(latitudes)),
        Report.longitude.between(min(longitudes), max(longitudes)),
        crossings % 2 == 1,
    )


def _crosses(first: list[float], second: list[float]) -> ColumnElement[bool]:
    (x1, y1), (x2, y2) = sorted((first, second), key=lambda place: place[1])
    slope = (x2 - x1) / (y2 - y1)
    there = x1 + (Report.latitude - y1) * slope
    return and_(Report.latitude >= y1, Report.latitude < y2, Report.longitude < there)
