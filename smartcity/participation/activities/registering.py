"""A citizen registers for an activity, gives his place up, and sees where he stands."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.audit import service as audit
from smartcity.core import clock
from smartcity.core.errors import Conflict, NotFound
from smartcity.core.ids import new_id
from smartcity.core.paging import Page, newest_first
from smartcity.identity import service as identity
from smartcity.identity.permissions import Principal
from smartcity.jobs.service import enqueue_all
from smartcity.participation.activities import codes, names, seats, telling
from smartcity.participation.eligibility import asked_for, refuse_unless_eligible
from smartcity.participation.models import Registration, Seat
from smartcity.participation.windows import refuse_outside
from smartcity.registers.service import Entry, State

_KEYS = (Registration.registered_at, Registration.id)
_OF_THE_ACTIVITY = ("title", "title_en", "starts", "ends", "venue")
_OWN = (
    *("id", "activity_id", "state", "ward", "birth_year"),
    *("registered_at", "confirmed_at", "cancelled_at", "checked_in_at"),
)


def register(
    session: Session, who: Principal, activity_id: uuid.UUID, told: Mapping[str, Any]
) -> tuple[Registration, str]:
    """A place, or else a turn in the waiting list; and the secret that makes his check-in codes.

    Whoever is registered stays as he is. NotFound for what is not public, Conflict outside its
    window and when place and list are full, Forbidden for whom it does not take. Audited.
    """
    entry = seats.hold_entry(session, activity_id)
    held = seats.hold_seats(session, activity_id)
    if entry is None or held is None or entry.state != State.PUBLISHED:
        raise NotFound("register.not_found")
    mine = _mine(session, who, activity_id)
    if mine and mine.state != Seat.CANCELLED:
        return mine, codes.secret_of(session, mine)
    refuse_outside(entry.record["opens"], entry.record["closes"])
    refuse_unless_eligible(entry.record["eligibility"], who, told)
    seat = seats.take(held, entry)
    if seat is None:
        raise Conflict("participation.full")
    mine = mine or Registration(id=new_id(), activity_id=entry.id, citizen_id=uuid.UUID(who.id))
    secret = _seat(session, mine, seat, held.last)
    _declare(session, mine, entry, told)
    session.add(mine)
    session.flush()
    audit.record(session, who.key, "activity.register", ("activity", entry.id), state=mine.state)
    return mine, secret


def give_up(session: Session, who: Principal, activity_id: uuid.UUID) -> None:
    """Give a place or turn back; the first who waits gets it, and is told.

    Nothing happens to whoever has none. Conflict once it has begun. Audited.
    """
    entry = seats.hold_entry(session, activity_id)
    held = seats.hold_seats(session, activity_id)
    mine = _mine(session, who, activity_id)
    if entry is None or held is None or mine is None or mine.state == Seat.CANCELLED:
        return
    if mine.checked_in_at or clock.now() >= datetime.fromisoformat(entry.record["starts"]):
        raise Conflict("participation.has_begun")
    seats.release(held, mine)
    mine.cancelled_at = clock.now()
    session.flush()
    promote(session, entry)
    audit.record(session, who.key, "activity.give_up", ("activity", entry.id))


def promote(session: Session, entry: Entry) -> None:
    """Give what is free to those who wait, and tell them."""
    enqueue_all(session, [telling.promoted(entry, one) for one in seats.fill(session, entry)])


def with_place(session: Session, who: Principal, registration_id: uuid.UUID) -> Registration:
    """One of his registrations; NotFound, and Conflict for one without a place."""
    found = session.get(Registration, registration_id)
    if found is None or str(found.citizen_id) != who.id:
        raise NotFound("participation.not_registered")
    if found.state != Seat.CONFIRMED:
        raise Conflict("participation.no_place")
    return found


def listed(session: Session, who: Principal, asked: Mapping[str, Any]) -> Page[dict[str, Any]]:
    """His registrations, the newest first."""
    query = select(Registration).where(Registration.citizen_id == uuid.UUID(who.id))
    page = newest_first(session, query, _KEYS, asked)
    ids = {one.activity_id for one in page.items}
    entries = {e.id: e for e in session.scalars(select(Entry).where(Entry.id.in_(ids)))}
    turns = seats.turns(session, page.items)
    items = [
        _told(one, entries[one.activity_id], turns.get(one.id), names.of(session, one))
        for one in page.items
    ]
    return Page(items, page.next_cursor)


def told(session: Session, registration: Registration) -> dict[str, Any]:
    """One, as `listed` shows it."""
    entry = session.get_one(Entry, registration.activity_id)
    turn = seats.turns(session, [registration]).get(registration.id)
    return _told(registration, entry, turn, names.of(session, registration))


def _mine(session: Session, who: Principal, activity_id: uuid.UUID) -> Registration | None:
    his = Registration.citizen_id == uuid.UUID(who.id), Registration.activity_id == activity_id
    return session.scalar(select(Registration).where(*his).with_for_update())


def _seat(session: Session, mine: Registration, seat: Seat, number: int) -> str:
    secret, now = codes.new_secret(), clock.now()
    mine.state, mine.number = seat, number
    mine.secret, mine.step = codes.sealed(session, mine.citizen_id, secret), None
    mine.registered_at, mine.cancelled_at = now, None
    mine.confirmed_at = now if seat is Seat.CONFIRMED else None
    return secret


def _declare(session: Session, mine: Registration, entry: Entry, told: Mapping[str, Any]) -> None:
    kept = asked_for(entry.record["eligibility"], told)
    mine.ward, mine.birth_year = kept["ward"], kept["birth_year"]
    called = told["called"] or identity.account(session, mine.citizen_id)["display_name"]
    mine.called_sealed = names.sealed(session, mine.citizen_id, called)


def _told(
    registration: Registration, entry: Entry, turn: int | None, called: str | None
) -> dict[str, Any]:
    return {
        **{name: entry.record[name] for name in _OF_THE_ACTIVITY},
        **{name: getattr(registration, name) for name in _OWN},
        "withdrawn": entry.state != State.PUBLISHED,
        "turn": turn,
        "called": called,
    }
