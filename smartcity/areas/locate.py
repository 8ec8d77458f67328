"""Which commune a place lies in: by boundaries once they are imported, else by the nearest centre.

Degrees are stretched to metres on a plane, true to half a percent within a province.
"""

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import shapely
import structlog
from sqlalchemy import func, select

from smartcity.areas.models import BoundaryRow
from smartcity.areas.reference import Agency, Area, reference
from smartcity.core.cache import Refreshed
from smartcity.core.context import per_app
from smartcity.core.db import reading
from smartcity.core.errors import Invalid
from smartcity.settings import Settings

METRES_PER_DEGREE = 111_195  # of a great circle of the Earth's mean radius, 6,371 km
SHORE = 500  # metres outside every boundary that still count: a pier, a river, a mapping error
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Located:
    """Where a place is. `exact`: the commune's boundary holds it; else it is the nearest.

    `agency` handles the commune's own matters.
    """

    province: Area
    ward: Area
    exact: bool
    agency: Agency | None


@dataclass(frozen=True)
class Drawn:
    """What a map was drawn from: province, communes, number and time of the boundaries."""

    province: Area
    wards: tuple[Area, ...]
    boundaries: int
    imported_at: datetime | None


class WardMap:
    """Boundaries of all communes in a tree, or their centres within the province's outline."""

    def __init__(self, drawn: Drawn, boundaries: dict[str, bytes]) -> None:
        self.drawn = drawn
        across = METRES_PER_DEGREE * math.cos(math.radians(drawn.province.latitude))
        self._scale = (across, METRES_PER_DEGREE)
        self._exact = all(ward.code in boundaries for ward in drawn.wards)
        if self._exact:
            shapes = shapely.from_wkb([boundaries[ward.code] for ward in drawn.wards])
        else:
            shapes = [shapely.Point(ward.longitude, ward.latitude) for ward in drawn.wards]
        self._tree = shapely.STRtree(self._on_plane(shapes))
        self._outline = self._on_plane(outline_shape(drawn.province.outline or []))
        self._tree.query(self._outline)  # the tree is built at its first use, which threads share

    def find(self, latitude: float, longitude: float) -> tuple[Area, bool] | None:
        """The commune of a place in degrees and whether that is exact; None outside."""
        if not (math.isfinite(latitude) and math.isfinite(longitude)):
            return None
        across, along = self._scale
        place = shapely.Point(longitude * across, latitude * along)
        inside = self._tree.query(place, predicate="intersects") if self._exact else ()
        if len(inside):
            return self.drawn.wards[min(inside)], True
        if not self._exact and not self._outline.intersects(place):
            return None
        reach = SHORE if self._exact else None
        near = self._tree.query_nearest(place, max_distance=reach, all_matches=False)
        return (self.drawn.wards[near[0]], False) if len(near) else None

    def _on_plane(self, shapes: Any) -> Any:
        return shapely.transform(shapes, lambda degrees: degrees * self._scale)


def outline_shape(rings: list[Any]) -> Any:
    """A province's outline, from rings of [longitude, latitude], as a multipolygon."""
    return shapely.MultiPolygon([shapely.Polygon(ring) for ring in rings])


def locate(latitude: float, longitude: float) -> Located:
    """Where a place in degrees (WGS 84) is; Invalid when it is not in the province.

    Spends no SQL statement but once a minute.
    """
    known = reference()
    found = ward_map()().find(latitude, longitude)
    if found is None:
        fault = f"area.outside|{urlencode({'province': known.province.name_vi})}"
        raise Invalid(latitude=fault, longitude=fault)
    ward, exact = found
    return Located(known.province, ward, exact, known.committees.get(ward.code))


@per_app
def ward_map(_settings: Settings) -> Refreshed[WardMap]:
    """The application's map, looked at every minute and drawn anew when it has changed."""
    return Refreshed(_draw, every=60)


def _draw(before: WardMap | None) -> WardMap:
    known = reference()
    with reading() as session:
        version = select(func.count(), func.max(BoundaryRow.imported_at))
        drawn = Drawn(known.province, known.wards, *session.execute(version).one())
        if before is not None and before.drawn == drawn:
            return before
        boundaries = {row.area_code: row.geometry for row in session.scalars(select(BoundaryRow))}
    missing = [ward.code for ward in drawn.wards if ward.code not in boundaries]
    if boundaries and missing:
        log.warning("areas.boundaries_unused", missing=missing)
    return WardMap(drawn, boundaries)
