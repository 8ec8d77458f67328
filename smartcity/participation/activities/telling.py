"""What those are told who registered: that they moved up, that it is off, that it is tomorrow."""

import uuid
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.core import clock
from smartcity.jobs.service import Job, enqueue
from smartcity.participation.models import Registration, Seat
from smartcity.push import service as push
from smartcity.registers.service import Entry

TELL_WITHDRAWAL = "activities.tell_withdrawal"
REMIND = "activities.remind"
CATEGORY = "participation"
AT_ONCE = 200  # registrations told in one transaction
_EVENING = time(18)  # of the day before


def promoted(entry: Entry, registration: Registration) -> Job:
    """That he waits no longer."""
    return _message(entry, registration, "promoted", str(registration.number))


def withdrawn(entry: Entry, registration: Registration) -> Job:
    """That the activity does not take place as it was announced."""
    return _message(entry, registration, "withdrawn", str(entry.version))


def reminder(entry: Entry, registration: Registration) -> Job:
    """That it is tomorrow."""
    return _message(entry, registration, "reminder", entry.record["starts"])


def named(entry: Entry) -> dict[str, Any]:
    """What a job is told of an activity: it does nothing once there is a newer version."""
    return {"activity": str(entry.id), "version": entry.version}


def remind_later(session: Session, entry: Entry) -> None:
    """Have those who come reminded on the evening before, if that is still to come."""
    wait = (_evening_before(entry.record["starts"]) - clock.now()).total_seconds()
    if wait > 0:
        enqueue(session, REMIND, named(entry), after=wait)


def to_tell(
    session: Session, entry: Entry, states: Sequence[Seat], after: uuid.UUID | None
) -> Sequence[Registration]:
    """The next of an activity's registrations in some states, by id; `after` is the last told."""
    query = select(Registration).where(
        Registration.activity_id == entry.id, Registration.state.in_(states)
    )
    if after is not None:
        query = query.where(Registration.id > after)
    return session.scalars(query.order_by(Registration.id).limit(AT_ONCE)).all()


def _message(entry: Entry, registration: Registration, text: str, occasion: str) -> Job:
    values = {
        "title": entry.title,
        "starts": clock.written(datetime.fromisoformat(entry.record["starts"])),
        "venue": entry.record["venue"],
        "contact": entry.record["contact"],
    }
    return push.message(
        citizen=registration.citizen_id,
        source=uuid.uuid5(registration.id, f"{text}:{occasion}"),
        at=clock.now(),
        text=f"push.activity.{text}",
        values=values,
        link=f"/me/registrations/{registration.id}",
        category=CATEGORY,
    )


def _evening_before(starts: str) -> datetime:
    day = datetime.fromisoformat(starts).astimezone(clock.LOCAL).date() - timedelta(days=1)
    return datetime.combine(day, _EVENING, clock.LOCAL)
