"""Places beside the list: the nearest, on a map, by category, along a bus route."""

import uuid
from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from smartcity.core.errors import NotFound
from smartcity.core.texts import LANGUAGES, text
from smartcity.guide.places.extras import CATEGORIES
from smartcity.guide.places.filters import lasting
from smartcity.guide.places.kept_hours import is_open
from smartcity.guide.places.place import PLACE
from smartcity.registers.service import Entry, EntryPoint, box, is_public, nearest, public_entry

MOST = 5_000  # features of one map


def near(session: Session, asked: Mapping[str, Any]) -> bytes:
    """The places nearest to where somebody stands as JSON, each with its distance in metres."""
    place = asked["latitude"], asked["longitude"]
    found = nearest(session, PLACE, place, asked["limit"], *_points(asked))
    items = (f'{card[:-1]},"metres":{metres}}}' for card, metres in found)
    return f'{{"items":[{",".join(items)}]}}'.encode()


def on_map(session: Session, asked: Mapping[str, Any]) -> bytes:
    """The places in a box as GeoJSON (RFC 7946), 5,000 at most; `more` says if there are more."""
    corners = asked["west"], asked["south"], asked["east"], asked["north"]
    features, more = box(session, PLACE, corners, MOST, *_points(asked))
    collection = f'{{"type":"FeatureCollection","features":[{",".join(features)}],'
    return f'{collection}"more":{orjson.dumps(more).decode()}}}'.encode()


def by_category(session: Session) -> bytes:
    """Every category with its names, and how many places it has, as JSON."""
    query = select(Entry.category, func.count()).where(*is_public(PLACE)).group_by(Entry.category)
    counts = dict(session.execute(query).all())
    items = [
        {
            "category": category,
            **{lang: text(f"place.category.{category}", lang) for lang in LANGUAGES},
            "count": counts.get(category, 0),
        }
        for category in CATEGORIES
    ]
    return orjson.dumps({"items": items})


def stops(session: Session, entry_id: uuid.UUID) -> bytes:
    """The cards of a bus route's stops, in its order, as JSON; NotFound for what is no route."""
    route = public_entry(session, PLACE, entry_id)
    if route.category != "bus_route":
        raise NotFound("place.no_route")
    keys = route.record["extras"].get("stops", [])
    query = select(Entry.key, Entry.card).where(*is_public(PLACE), Entry.key.in_(keys))
    cards = dict(session.execute(query).all())
    items = ",".join(cards[key] for key in keys if key in cards)
    return f'{{"items":[{items}]}}'.encode()


def _points(asked: Mapping[str, Any]) -> Iterator[ColumnElement[bool]]:
    if wanted := asked.get("category"):
        yield EntryPoint.category.in_(wanted)
    if at := asked.get("open_at"):
        yield is_open(EntryPoint.entry_id, at)
    if narrower := list(lasting(asked)):
        yield exists().where(Entry.id == EntryPoint.entry_id, *narrower)
