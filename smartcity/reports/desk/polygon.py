"""Reports within a polygon that an officer draws: read, checked, and asked of the database."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import marshmallow as ma
import shapely
from marshmallow import validate
from sqlalchemy import ColumnElement, Integer, TextClause, and_, case, func, literal
from sqlalchemy.orm import Session

from smartcity.core.db import is_sqlite
from smartcity.core.fields import Number, Schema
from smartcity.reports.models import OPEN, PLACE, Report
from smartcity.reports.workflow import ENDED

MOST_POINTS = 100
_SMALL = 0.05  # degrees, some 5 km: of a wider box the newest reports are found sooner in order
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


def within(
    session: Session, polygon: dict[str, Any], statuses: Sequence[str]
) -> ColumnElement[bool]:
    """Places from which a ray to the east crosses the rings an odd number of times."""
    rings: list[Ring] = polygon["coordinates"]
    crossings: ColumnElement[int] = literal(0, Integer)
    for edge in (edge for ring in rings for edge in pairwise(ring)):
        if edge[0][1] != edge[1][1]:  # a level one is never crossed
            crossings += case((_crosses(*edge), 1), else_=0)
    return and_(*_around(session, rings[0], statuses), crossings % 2 == 1)


def _around(
    session: Session, ring: Ring, statuses: Sequence[str]
) -> Iterator[ColumnElement[bool] | TextClause]:
    """The box around a ring; for a small one among open reports, by their index of places."""
    (west, east), (south, north) = ((min(side), max(side)) for side in zip(*ring, strict=True))
    yield Report.latitude.between(south, north)
    yield Report.longitude.between(west, east)
    small = max(east - west, north - south) <= _SMALL
    if small and statuses and not ENDED & set(statuses) and not is_sqlite(session):
        corners = func.point(west, south), func.point(east, north)
        yield OPEN
        yield PLACE.bool_op("<@")(func.box(*corners))


def _crosses(first: list[float], second: list[float]) -> ColumnElement[bool]:
    (x1, y1), (x2, y2) = sorted((first, second), key=lambda place: place[1])
    slope = (x2 - x1) / (y2 - y1)
    there = x1 + (Report.latitude - y1) * slope
    return and_(Report.latitude >= y1, Report.latitude < y2, Report.longitude < there)
