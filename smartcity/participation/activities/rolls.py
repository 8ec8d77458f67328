"""The roll of an activity: who is registered, for officers; and how many, for everybody."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from smartcity.areas import service as areas
from smartcity.core import clock
from smartcity.core.errors import NotFound
from smartcity.core.export import list_lines
from smartcity.core.paging import Page, oldest_first, page_of
from smartcity.core.text import fold
from smartcity.core.texts import text
from smartcity.participation.activities import names
from smartcity.participation.activities.seats import NAME
from smartcity.participation.models import Registration, Seat, Seats
from smartcity.registers.service import Entry, State

COLUMNS = ("number", "called", "ward", "state", "registered_at", "checked_in_at")
AT_ONCE = 500  # names opened in one round trip
_KEYS = (Registration.registered_at, Registration.id)
_OWN = (
    *("id", "number", "state", "citizen_id", "ward", "birth_year", "registered_at"),
    *("confirmed_at", "cancelled_at", "checked_in_at", "checked_in_by"),
)


@dataclass(frozen=True)
class RollLine:
    """A registration, and what its citizen wants to be called."""

    id: uuid.UUID
    number: int
    state: str
    citizen_id: uuid.UUID
    called: str | None
    ward: str | None
    birth_year: int | None
    registered_at: datetime
    confirmed_at: datetime | None
    cancelled_at: datetime | None
    checked_in_at: datetime | None
    checked_in_by: str | None


def listed(session: Session, activity_id: uuid.UUID, asked: Mapping[str, Any]) -> Page[RollLine]:
    """The registrations that an officer's filters name, in the order in which they came."""
    query = select(Registration).where(*_wanted(activity_id, asked))
    if words := fold(asked.get("q") or "").split():
        return _matching(session, query, words, asked)
    page = oldest_first(session, query, _KEYS, asked)
    return Page(lines_of(session, page.items), page.next_cursor)


def lines_of(session: Session, registrations: Sequence[Registration]) -> list[RollLine]:
    """Registrations with names."""
    called = names.of_all(session, registrations)
    return [
        RollLine(called=called.get(one.citizen_id), **{name: getattr(one, name) for name in _OWN})
        for one in registrations
    ]


def csv_lines(activity_id: uuid.UUID, asked: Mapping[str, Any]) -> Iterator[str]:
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


def _wanted(activity_id: uuid.UUID, asked: Mapping[str, Any]) -> Iterator[ColumnElement[bool]]:
    yield Registration.activity_id == activity_id
    if asked.get("state"):
        yield Registration.state == asked["state"]
    if asked.get("came") is not None:
        came = Registration.checked_in_at.is_not(None)
        yield came if asked["came"] else ~came


def _matching(
    session: Session,
    query: Select[Registration],
    words: Sequence[str],
    asked: Mapping[str, Any],
) -> Page[RollLine]:
    """Those whose names have all words. Names lie sealed, so it looks through them itself."""
    matching = (
        line
        for line in _each(session, query, asked)
        if all(word in fold(line.called or "") for word in words)
    )
    return page_of(list(islice(matching, asked["limit"] + 1)), _KEYS, asked)


def _each(
    session: Session, query: Select[Registration], asked: Mapping[str, Any]
) -> Iterator[RollLine]:
    """All from where the page begins, read some at a time."""
    cursor = asked.get("cursor")
    while True:
        part = {**asked, "cursor": cursor, "limit": AT_ONCE}
        page = oldest_first(session, query, _KEYS, part)
        yield from lines_of(session, page.items)
        cursor = page.next_cursor
        if cursor is None:
            return


def _cells(one: RollLine) -> list[object]:
    ward = areas.reference().areas.get(one.ward or "")
    shown = {name: getattr(one, name) for name in COLUMNS}
    shown |= {"state": text(f"participation.seat.{one.state}"), "ward": ward and ward.name_vi}
    times = {name: at and clock.written(at) for name, at in shown.items() if name.endswith("_at")}
    return list((shown | times).values())
