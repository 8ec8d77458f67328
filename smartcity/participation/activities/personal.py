"""What registrations hold of a citizen: told to him, erased, and over after a time."""

import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from smartcity.core.expiry import Over
from smartcity.participation.activities import registering, seats
from smartcity.participation.models import Registration
from smartcity.registers.service import Entry


def held_registrations(session: Session, citizen_id: uuid.UUID) -> Iterator[dict[str, Any]]:
    """All that he registered for, for his archive; without what makes his codes."""
    his = select(Registration).where(Registration.citizen_id == citizen_id)
    order = Registration.registered_at, Registration.id
    for one in session.scalars(his.order_by(*order)).all():
        yield registering.told(session, one)


def erase_registrations(session: Session, citizen_id: uuid.UUID) -> None:
    """Nobody is to know where he was; a place that he had goes to the first who waits."""
    his = Registration.citizen_id == citizen_id
    query = select(Registration.activity_id).where(his).order_by(Registration.activity_id)
    for activity_id in session.scalars(query).all():
        entry = seats.hold_entry(session, activity_id)
        held = seats.hold_seats(session, activity_id)
        assert entry
        assert held
        only = his, Registration.activity_id == activity_id
        mine = session.scalars(select(Registration).where(*only).with_for_update()).one()
        seats.release(held, mine)
        session.flush()
        session.execute(delete(Registration).where(*only))
        registering.promote(session, entry)


def registrations_over(before: datetime) -> Over:
    """Registrations for activities that ended so long ago."""
    ended = select(Entry.id).where(Entry.kind == seats.NAME, Entry.closes_at < before)
    return Over(Registration, (Registration.activity_id.in_(ended),))
