"""The public map: points where one looks closely, clusters on a grid from farther away."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Integer, cast, func, literal_column, select
from sqlalchemy.orm import Session

from smartcity.core.db import is_sqlite
from smartcity.core.errors import Invalid
from smartcity.reports.models import PUBLIC_PLACE, Report
from smartcity.reports.publication.reading import narrowed
from smartcity.reports.publication.states import GROUPS
from smartcity.reports.workflow import Status

POINTS_FROM = 15  # the zoom from which single reports are shown
MOST_FEATURES = 500
_WIDEST = 16  # tiles of 256 pixels side by side: no screen shows more
_CELLS = 4  # clusters along the side of a tile


@dataclass(frozen=True)
class Box:
    """A part of the map in degrees, WGS 84."""

    west: float
    south: float
    east: float
    north: float


def parse_box(written: str) -> Box:
    """The box that `west,south,east,north` means; Invalid names `bbox`."""
    try:
        west, south, east, north = map(float, written.split(","))
    except ValueError:
        raise Invalid(bbox="publication.bbox") from None
    inside = -180 <= west <= 180 and -180 <= east <= 180 and -90 <= south < north <= 90
    if inside and west > east:
        raise Invalid(bbox="publication.antimeridian")
    if not inside or west == east:
        raise Invalid(bbox="publication.bbox")
    return Box(west, south, east, north)


def features(session: Session, asked: Mapping[str, Any]) -> dict[str, Any]:
    """The map's features in a box: points at a close zoom while they are few, else clusters.

    A box that is wider than a screen at its zoom is answered as from farther away. `truncated`:
    only the 500 largest clusters are told.
    """
    box = parse_box(asked["bbox"])
    zoom = min(asked["zoom"], _farthest(box))
    if zoom >= POINTS_FROM:
        points = _points(session, box, asked)
        if len(points) <= MOST_FEATURES:
            return _collection(points, zoom, truncated=False)
    clusters = _clusters(session, box, zoom, asked)
    return _collection(clusters[:MOST_FEATURES], zoom, truncated=len(clusters) > MOST_FEATURES)


def _farthest(box: Box) -> int:
    return max(0, math.floor(math.log2(360 * _WIDEST / (box.east - box.west))))


def _points(session: Session, box: Box, asked: Mapping[str, Any]) -> list[dict[str, Any]]:
    told = (Report.id, Report.category, Report.status, Report.submitted_at)
    query = narrowed(session, select(_LONGITUDE, _LATITUDE, *told), asked)
    # In no order: asked for one, PostgreSQL may read its index from the newest on.
    found = session.execute(_inside(session, query, box).limit(MOST_FEATURES + 1)).all()
    return [
        _feature(
            (longitude, latitude),
            cluster=False,
            id=str(ident),
            category=category,
            status=status,
            group=GROUPS[Status(status)],
            submitted_at=at.isoformat(timespec="milliseconds"),
        )
        for longitude, latitude, ident, category, status, at in found
    ]


def _clusters(
    session: Session, box: Box, zoom: int, asked: Mapping[str, Any]
) -> list[dict[str, Any]]:
    side = 360 / 2**zoom / _CELLS
    cells = [_cell(session, place, side) for place in (_LONGITUDE, _LATITUDE)]
    centre = func.avg(_LONGITUDE), func.avg(_LATITUDE)
    query = narrowed(session, select(func.count().label("count"), *centre), asked)
    largest = _inside(session, query, box).group_by(*cells).order_by(func.count().desc(), *centre)
    return [
        _feature((round(longitude, 6), round(latitude, 6)), cluster=True, count=count)
        for count, longitude, latitude in session.execute(largest.limit(MOST_FEATURES + 1))
    ]


_LATITUDE: ColumnElement[float] = Report.__table__.c.public_latitude
_LONGITUDE: ColumnElement[float] = Report.__table__.c.public_longitude


def _cell(session: Session, place: ColumnElement[float], side: float) -> ColumnElement[Any]:
    """The number of a cell; the side is a constant, so that it groups as it is selected."""
    number = (place + 180) / literal_column(repr(side))
    return cast(number, Integer) if is_sqlite(session) else func.floor(number)


def _inside(session: Session, query: Any, box: Box) -> Any:
    if not is_sqlite(session):
        corners = func.point(box.west, box.south), func.point(box.east, box.north)
        return query.where(PUBLIC_PLACE.op("<@")(func.box(*corners)))
    return query.where(
        _LATITUDE.between(box.south, box.north), _LONGITUDE.between(box.west, box.east)
    )


def _feature(place: tuple[Any, Any], **properties: Any) -> dict[str, Any]:
    geometry = {"type": "Point", "coordinates": list(place)}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _collection(found: list[dict[str, Any]], zoom: int, *, truncated: bool) -> dict[str, Any]:
    return {
        "type": "FeatureCollection",
        "zoom": zoom,
        "truncated": truncated,
        "features": found,
    }
