"""Where the sky is asked for: the communes' centres to a tenth of a degree, each point once."""

from smartcity.adapters.sky import Point
from smartcity.areas import service as areas
from smartcity.areas.service import Area


def cells() -> dict[str, Point]:
    """The points of the province of today, by the names under which they are kept."""
    points = [_point(ward) for ward in areas.reference().wards]
    return {_name(point): point for point in sorted(set(points))}


def cell_of(ward: Area) -> str:
    """The name of a commune's point."""
    return _name(_point(ward))


def _point(ward: Area) -> Point:
    return round(ward.latitude, 1), round(ward.longitude, 1)


def _name(point: Point) -> str:
    return f"{point[0]:.1f},{point[1]:.1f}"
