"""Published entries by where they are: the nearest to a place, and those in a box."""

import math
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, bindparam, select
from sqlalchemy.orm import Session

from smartcity.areas.service import METRES_PER_DEGREE
from smartcity.registers.kind import Kind
from smartcity.registers.models import Entry, EntryPoint

_FIRST, _FURTHER, _WIDEST = 500, 4, 1_000_000  # metres of a half square, and how it grows
_POINT = EntryPoint.__table__.c
_WEST, _SOUTH, _EAST, _NORTH, _LATITUDE, _LONGITUDE, _ACROSS = (
    bindparam(name, type_=_POINT.lat.type)
    for name in ("west", "south", "east", "north", "latitude", "longitude", "across")
)
_INSIDE = (_POINT.lat.between(_SOUTH, _NORTH), _POINT.lon.between(_WEST, _EAST))
_OF_KIND = _POINT.kind == bindparam("kind", type_=_POINT.kind.type)


def _ordered(wanted: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """Cards in a square, nearest first, with the square of their distance in metres."""
    up = (_POINT.lat - _LATITUDE) * METRES_PER_DEGREE
    aside = (_POINT.lon - _LONGITUDE) * _ACROSS
    square = (up * up + aside * aside).label("square")
    query = select(_POINT.entry_id, square).where(_OF_KIND, *_INSIDE, *wanted)
    limited = query.order_by(square, _POINT.entry_id).limit(bindparam("most", type_=Integer()))
    near = limited.subquery()
    cards = select(Entry.card, near.c.square).join(near, near.c.entry_id == Entry.id)
    return cards.order_by(near.c.square, near.c.entry_id)


_NEAREST = _ordered(())  # made once: making it takes longer than asking


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
    statement = _ordered(wanted) if wanted else _NEAREST
    latitude, longitude = place
    across = METRES_PER_DEGREE * max(math.cos(math.radians(latitude)), 0.01)
    told = {"kind": kind.name, "latitude": latitude, "longitude": longitude, "across": across}
    found: Sequence[Any] = ()
    for metres in _squares():
        up, aside = metres / METRES_PER_DEGREE, metres / across
        square = {"south": latitude - up, "north": latitude + up}
        square |= {"west": longitude - aside, "east": longitude + aside}
        found = session.execute(statement, {**told, **square, "most": most}).all()
        if len(found) == most and found[-1].square <= metres * metres:
            break  # whoever is outside the square is further away than all of them
    return [(row.card, round(math.sqrt(row.square))) for row in found]


def box(
    session: Session,
    kind: Kind,
    corners: tuple[float, float, float, float],
    most: int,
    *wanted: ColumnElement[bool],
) -> tuple[Sequence[str], bool]:
    """GeoJSON features between west, south, east and north, and whether there are more."""
    told = dict(zip(("west", "south", "east", "north"), corners, strict=True), kind=kind.name)
    query = select(_POINT.feature).where(_OF_KIND, *_INSIDE, *wanted)
    ordered = query.order_by(_POINT.lat, _POINT.lon).limit(most + 1)
    found = session.scalars(ordered, told).all()
    return found[:most], len(found) > most


def _squares() -> Iterator[int]:
    metres = _FIRST
    while metres < _WIDEST:
        yield metres
        metres *= _FURTHER
