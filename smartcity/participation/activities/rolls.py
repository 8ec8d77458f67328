"""The roll of an activity: who is registered, for officers; and how many, for everybody."""

import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from smartcity.areas import service as areas
from smartcity.core import clock
from smartcity.core.errors import NotFound
from smartcity.core.export import list_lines
from smartcity.core.paging import Page, oldest_first
from smartcity.core.text import fold
from smartcity.core.texts import text
from smartcity.participation.activities.seats import NAME
from smartcity.participation.models import Registration, Seat, Seats
from smartcity.registers.service import Entry, State

COLUMNS = ("number", "called", "ward", "state", "registered_at", "checked_in_at")


def listed(
    session: Session, activity_id: uuid.UUID, asked: Mapping[str, Any]
) -> Page[Registration]:
    """The registrations that an officer's filters name, in the order in which they came."""
    query = select(Registration).where(Registration.activity_id == activity_id)
    if asked.get("state"):
        query = query.where(Registration.state == asked["state"])
    if asked.get("came") is not None:
        came = Registration.checked_in_at.is_not(None)
        query = query.where(came if asked["came"] else ~came)
    for word in fold(asked.get("q") or "").split():
        query = query.where(Registration.folded.contains(word, autoescape=True))
    return oldest_first(session, query, (Registration.registered_at, Registration.id), asked)


def lines(activity_id: uuid.UUID, asked: Mapping[str, Any]) -> Iterator[str]:
    """That list as CSV, piece by piece."""
    headings = [text(f"participation.roll.{name}") for name in COLUMNS]
    return list_lines(headings, lambda s, page: listed(s, activity_id, page), asked, _cells)


def figures(session: Session, activity_id: uuid.UUID) -> dict[str, int]:
    """How many have a place, wait, gave up, and came."""
    query = select(Registration.state, func.count(), func.count(Registration.checked_in_at))
    here = query.where(Registration.activity_id == activity_id).group_by(Registration.state)
    counted = {state: (all_, came) for state, all_, came in session.execute(here)}
    told = {seat.value: counted.get(seat, (0, 0))[0] for seat in Seat}
    return {**told, "came": sum(came for _, came in counted.values())}


def places(session: Session, activity_id: uuid.UUID) -> dict[str, int]:
    """How many places a public activity has, and has left; NotFound."""
    public = Entry.id == activity_id, Entry.kind == NAME, Entry.state == State.PUBLISHED
    query = select(Entry.record["capacity"].as_integer(), Seats.taken, Seats.waiting)
    found = session.execute(query.join(Seats, Seats.activity_id == Entry.id).where(*public)).first()
    if found is None:
        raise NotFound("register.not_found")
    capacity, taken, waiting = found
    told = {"capacity": capacity, "taken": taken, "waiting": waiting}
    return {**told, "free": max(0, capacity - taken)}


def _cells(one: Registration) -> list[object]:
    ward = areas.reference().areas.get(one.ward or "")
    shown = {name: getattr(one, name) for name in COLUMNS}
    shown |= {"state": text(f"participation.seat.{one.state}"), "ward": ward and ward.name_vi}
    times = {name: at and clock.written(at) for name, at in shown.items() if name.endswith("_at")}
    return list((shown | times).values())
