"""The places of an activity: who has one, and who waits, in the order in which they came.

Whoever changes them holds first the entry, then its row of seats: so a change of the record and a
registration wait for each other, and numbers have no gaps.
"""

import uuid
from collections.abc import Collection, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from smartcity.core import clock
from smartcity.core.db import insert_if_absent, lock_row
from smartcity.participation.models import Registration, Seat, Seats
from smartcity.registers.service import Entry, State

NAME = "activity"  # of the kind


def open_seats(session: Session, activity_id: uuid.UUID) -> None:
    """Give an activity that comes out for the first time its row of seats."""
    insert_if_absent(session, Seats, activity_id=activity_id, taken=0, waiting=0, last=0)


def hold_entry(session: Session, activity_id: uuid.UUID) -> Entry | None:
    """An activity in any state, that nobody changes until the transaction ends."""
    query = select(Entry).where(Entry.id == activity_id, Entry.kind == NAME)
    return session.scalar(query.with_for_update(read=True, key_share=True))


def hold_seats(session: Session, activity_id: uuid.UUID) -> Seats | None:
    """Its seats, held against other writers; None while it was never public."""
    return lock_row(session, select(Seats), Seats.activity_id == activity_id)


def taken_of(session: Session, activity_id: uuid.UUID) -> int:
    """How many places are taken, until the transaction ends."""
    held = hold_seats(session, activity_id)
    return held.taken if held else 0


def take(seats: Seats, entry: Entry) -> Seat | None:
    """The next place or turn of an activity; None when all are given."""
    if seats.taken < entry.record["capacity"]:
        seats.taken += 1
        seat = Seat.CONFIRMED
    elif seats.waiting < entry.record["waiting"]:
        seats.waiting += 1
        seat = Seat.WAITING
    else:
        return None
    seats.last += 1
    return seat


def release(seats: Seats, registration: Registration) -> None:
    """Give a place or turn back."""
    if registration.state == Seat.CONFIRMED:
        seats.taken -= 1
    elif registration.state == Seat.WAITING:
        seats.waiting -= 1
    registration.state = Seat.CANCELLED


def fill(session: Session, entry: Entry) -> Sequence[Registration]:
    """Give free places to those who wait, first come first; those who now have one.

    Nobody gets a place in what is not public, or is past.
    """
    seats = hold_seats(session, entry.id)
    if seats is None or entry.state != State.PUBLISHED or _is_past(entry):
        return ()
    free = entry.record["capacity"] - seats.taken
    if free <= 0 or not seats.waiting:
        return ()
    waiting = Registration.activity_id == entry.id, Registration.state == Seat.WAITING
    query = select(Registration).where(*waiting).order_by(Registration.number).limit(free)
    promoted = session.scalars(query.with_for_update()).all()
    for one in promoted:
        one.state, one.confirmed_at = Seat.CONFIRMED, clock.now()
    seats.taken, seats.waiting = seats.taken + len(promoted), seats.waiting - len(promoted)
    return promoted


def turns(session: Session, registrations: Collection[Registration]) -> dict[uuid.UUID, int]:
    """The turn in the line of those who wait, 1 for the next."""
    waiting = [one.id for one in registrations if one.state == Seat.WAITING]
    if not waiting:
        return {}
    earlier = aliased(Registration)
    before = (earlier.activity_id == Registration.activity_id, earlier.state == Seat.WAITING)
    ahead = select(func.count()).where(*before, earlier.number <= Registration.number)
    query = select(Registration.id, ahead.correlate(Registration).scalar_subquery())
    found = session.execute(query.where(Registration.id.in_(waiting)))
    return {ident: turn for ident, turn in found}  # noqa: C416 - rows are no pairs to mypy


def _is_past(entry: Entry) -> bool:
    return entry.closes_at is not None and entry.closes_at <= clock.now()
