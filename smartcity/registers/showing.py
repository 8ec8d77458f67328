"""What goes with an entry that the public sees: search, the log of changes, its point on the map.

All in the transaction of the change itself.
"""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import delete
from sqlalchemy.orm import Session

from smartcity.areas import service as areas
from smartcity.changes import service as changes
from smartcity.core import clock
from smartcity.core.db import insert_all
from smartcity.jobs.service import enqueue
from smartcity.registers.kind import Kind
from smartcity.registers.models import Entry, EntryPoint, State
from smartcity.registers.rendering import render
from smartcity.search import service as search

CLOSE = "registers.close"  # the job that notes that a window is past


def show(session: Session, kind: Kind, entries: Sequence[Entry]) -> None:
    """Let the public see published entries as they now are. Call it last: others wait from here."""
    now = clock.now()
    for entry in entries:
        entry.published_at = entry.published_at or entry.changed_at
        entry.over = entry.closes_at is not None and entry.closes_at <= now
        render(session, kind, entry)
        _close_later(session, entry, now)
    session.flush()
    _off_the_map(session, [entry.id for entry in entries])
    points = [_point(entry, *place) for entry in entries if (place := _place(kind, entry))]
    insert_all(session, EntryPoint, points)
    search.put_all(session, [_indexed(kind, entry) for entry in entries])
    for entry in entries:
        kind.follow(session, entry)
    if entries:
        changes.appeared_all(session, kind.name, [str(entry.id) for entry in entries])


def hide(session: Session, kind: Kind, entry: Entry) -> None:
    """Take an entry from the public; nothing happens to one that it never saw."""
    _off_the_map(session, [entry.id])
    search.remove(session, kind.name, str(entry.id))
    kind.follow(session, entry)
    changes.vanished(session, kind.name, str(entry.id))


def note_past(session: Session, entry: Entry) -> None:
    """Note that the window of an entry is past, if it is."""
    shown = entry.state == State.PUBLISHED and not entry.over
    if shown and entry.closes_at and entry.closes_at <= clock.now():
        entry.over = True
        changes.appeared(session, entry.kind, str(entry.id))


def _close_later(session: Session, entry: Entry, now: datetime) -> None:
    if entry.closes_at and not entry.over:
        wait = (entry.closes_at - now).total_seconds()
        told = {"entry": str(entry.id), "version": entry.version}
        enqueue(session, CLOSE, told, after=wait)


def _off_the_map(session: Session, ids: Sequence[uuid.UUID]) -> None:
    session.execute(delete(EntryPoint).where(EntryPoint.entry_id.in_(ids)))


def _place(kind: Kind, entry: Entry) -> tuple[float, float] | None:
    """Latitude and longitude: its own, or the centre of its commune, or none."""
    if entry.category in kind.nowhere:
        return None
    own = entry.record.get("latitude"), entry.record.get("longitude")
    if own[0] is not None and own[1] is not None:
        return own[0], own[1]
    ward = areas.reference().areas.get(entry.record.get("ward") or "")
    return (ward.latitude, ward.longitude) if ward else None


def _point(entry: Entry, latitude: float, longitude: float) -> dict[str, Any]:
    told = {"kind": entry.kind, "category": entry.category, "entry_id": entry.id}
    feature = _feature(entry, latitude, longitude)
    return {**told, "lat": latitude, "lon": longitude, "feature": feature}


def _feature(entry: Entry, latitude: float, longitude: float) -> str:
    """RFC 7946: longitude first. `approximate`: it is somewhere in the commune of this centre."""
    geometry = {"type": "Point", "coordinates": [longitude, latitude]}
    told: Mapping[str, Any] = {
        "type": "Feature",
        "id": str(entry.id),
        "geometry": geometry,
        "properties": {
            "title": entry.title,
            "category": entry.category,
            "demo": entry.demo,
            "approximate": entry.record.get("latitude") is None,
        },
    }
    return orjson.dumps(told).decode()


def _indexed(kind: Kind, entry: Entry) -> search.Indexed:
    texts = [entry.record.get(name) for name in ("title_en", "address", *kind.body)]
    assert entry.published_at
    return search.Indexed(
        kind=kind.name,
        ref=str(entry.id),
        title=entry.title,
        summary=entry.record.get("about") or entry.record.get("address") or "",
        body="\n".join(str(text) for text in texts if text),
        link=f"/{kind.path}/{entry.id}",
        published_at=entry.published_at,
        area=entry.record.get("ward"),
    )
