"""Published entries by where they are: the nearest to a place, and those in a box."""

import math
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, select
from sqlalchemy.orm import Session

from smartcity.areas.service import METRES_PER_DEGREE
from smartcity.registers.kind import Kind
from smartcity.registers.models import Entry, EntryPoint

_FIRST, _FURTHER, _WIDEST = 300, 3, 1_000_000  # metres of a half square, and how it grows
_POINT = EntryPoint.__table__.c


def nearest(
    session: Session,
    kind: Kind,
    place: tuple[float, float],
    most: int,
    *wanted: ColumnElement[bool],
) -> list[tuple[str, int]]:
    """Cards of the entries nearest to a latitude and longitude, with their distance in metres.

    On a plane, as `areas.locate` has it. `wanted` narrows by `EntryPoint`.
    """
    found: Sequence[Row[Any, Any]] = ()
    for metres in _squares():
        found = _within(session, kind, place, metres, most, wanted)
        if len(found) == most and found[-1].square <= metres * metres:
            break  # whoever is outside the square is further away than all of them
    ids = [row.entry_id for row in found]
    cards = dict(session.execute(select(Entry.id, Entry.card).where(Entry.id.in_(ids))).all())
    return [(cards[row.entry_id], round(math.sqrt(row.square))) for row in found]


def box(
    session: Session,
    kind: Kind,
    corners: tuple[float, float, float, float],
    most: int,
    *wanted: ColumnElement[bool],
) -> tuple[Sequence[str], bool]:
    """GeoJSON features between west, south, east and north, and whether there are more."""
    west, south, east, north = corners
    inside = (_POINT.lat.between(south, north), _POINT.lon.between(west, east))
    query = select(_POINT.feature).where(_POINT.kind == kind.name, *inside, *wanted)
    found = session.scalars(query.order_by(_POINT.lat, _POINT.lon).limit(most + 1)).all()
    return found[:most], len(found) > most


def _squares() -> Iterator[int]:
    metres = _FIRST
    while metres < _WIDEST:
        yield metres
        metres *= _FURTHER


def _within(
    session: Session,
    kind: Kind,
    place: tuple[float, float],
    metres: int,
    most: int,
    wanted: Sequence[ColumnElement[bool]],
) -> Sequence[Row[Any, Any]]:
    """The nearest in a square around the place, with the square of their distance."""
    latitude, longitude = place
    across = METRES_PER_DEGREE * max(math.cos(math.radians(latitude)), 0.01)
    up, aside = metres / METRES_PER_DEGREE, metres / across
    north, east = (_POINT.lat - latitude) * METRES_PER_DEGREE, (_POINT.lon - longitude) * across
    square = (north * north + east * east).label("square")
    inside = (
        _POINT.lat.between(latitude - up, latitude + up),
        _POINT.lon.between(longitude - aside, longitude + aside),
    )
    query = select(_POINT.entry_id, square).where(_POINT.kind == kind.name, *inside, *wanted)
    ordered = query.order_by(square, _POINT.entry_id).limit(most)
    return session.execute(ordered).all()
