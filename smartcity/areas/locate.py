"""Which commune a place lies in: by boundaries once they are imported, else by the nearest centre.

Degrees are stretched to metres on a plane, true to half a percent within a province.
"""

import math
from dataclasses import dataclass, replace
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
NEAR = 50  # metres to a boundary within which a phone's position does not tell the commune
SHORE = 500  # metres outside every boundary that still count: a pier, a river, a mapping error
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Located:
    """Where a place is. `exact`: the commune's boundary holds it; else it is the nearest.

    `agency` handles the commune's own matters. `candidates` are the communes that it may as well
    be, by code and itself among them.
    """

    province: Area
    ward: Area
    exact: bool
    agency: Agency | None
    candidates: tuple[Area, ...]

    @property
    def confirm(self) -> bool:
        """Whether somebody who is there should say in which commune he is."""
        return len(self.candidates) > 1

    def confirmed(self, code: str) -> "Located":
        """The place in the commune that somebody there chose; Invalid names the field `area`."""
        for ward in self.candidates:
            if ward.code == code:
                return replace(self, ward=ward, agency=reference().committees.get(code))
        raise Invalid(area="area.not_near")


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
        self._shapes = self._on_plane(shapes)
        shapely.prepare(self._shapes)
        self._tree = shapely.STRtree(self._shapes)
        self._outline = self._on_plane(outline_shape(drawn.province.outline or []))
        self._tree.query(self._outline)  # the tree is built at its first use, which threads share

    def find(self, latitude: float, longitude: float) -> tuple[Area, bool, tuple[Area, ...]] | None:
        """The commune of a place in degrees, whether that is exact, and all near; None outside."""
        if not (math.isfinite(latitude) and math.isfinite(longitude)):
            return None
        across, along = self._scale
        place = shapely.Point(longitude * across, latitude * along)
        near = self._tree.query(shapely.box(*_around(place, NEAR))) if self._exact else ()
        inside = [n for n in near if self._shapes[n].intersects(place)]
        if inside:
            ward = min(inside)
            return self.drawn.wards[ward], True, self._within(place, near, NEAR)
        return self._nearest(place)

    def _nearest(self, place: Any) -> tuple[Area, bool, tuple[Area, ...]] | None:
        if not self._exact and not self._outline.intersects(place):
            return None
        reach = SHORE if self._exact else None
        found, far = self._tree.query_nearest(
            place, max_distance=reach, all_matches=False, return_distance=True
        )
        if not len(found):
            return None
        # Half-way between two centres both are as far; NEAR metres aside they differ by twice that
        # at most.
        limit = far[0] + (NEAR if self._exact else 2 * NEAR)
        rivals = self._tree.query(shapely.box(*_around(place, limit)))
        return self.drawn.wards[found[0]], False, self._within(place, rivals, limit)

    def _within(self, place: Any, rivals: Any, metres: float) -> tuple[Area, ...]:
        """Those of the communes that reach to within so many metres of a place, by code."""
        if len(rivals) == 1:
            return (self.drawn.wards[rivals[0]],)
        near = sorted(n for n in rivals if shapely.dwithin(self._shapes[n], place, metres))
        return tuple(self.drawn.wards[n] for n in near)

    def _on_plane(self, shapes: Any) -> Any:
        return shapely.transform(shapes, lambda degrees: degrees * self._scale)


def _around(place: Any, metres: float) -> tuple[float, float, float, float]:
    return place.x - metres, place.y - metres, place.x + metres, place.y + metres


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
    ward, exact, near = found
    return Located(known.province, ward, exact, known.committees.get(ward.code), near)


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
