"""Periodic jobs: a row unique in (name, slot), so that any number of schedulers enqueue it once."""

import time
from datetime import datetime

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from smartcity.core.db import database_now, insert_if_absent, reading, transaction
from smartcity.jobs.lease import changed_rows
from smartcity.jobs.models import READY, JobRow, SlotRow
from smartcity.jobs.queue import enqueue
from smartcity.jobs.registry import handler_of, periods

TICK = 1.0  # seconds between looks at the database's clock
KEPT_SLOTS = 10


class Schedule:
    """One worker's eye on the periodic jobs; it asks for a slot once."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}
        self._next_look = 0.0

    def tick(self) -> None:
        """Enqueue what is due, at most once a second; cheap to call more often."""
        if time.monotonic() < self._next_look or not periods():
            return
        self._next_look = time.monotonic() + TICK
        with reading() as session:
            slots = current_slots(session)
        for name, slot in slots.items() - self._seen.items():
            with transaction() as session:
                take_slot(session, name, slot)
            self._seen[name] = slot


def current_slots(session: Session) -> dict[str, int]:
    """The number of the present period of each periodic job, by the database's clock."""
    now: datetime = session.scalars(select(database_now(session))).one()
    return {name: int(now.timestamp() // every) for name, every in periods().items()}


def take_slot(session: Session, name: str, slot: int) -> None:
    """Enqueue a periodic job unless its slot is taken, or an earlier run is still to be done."""
    if insert_if_absent(session, SlotRow, name=name, slot=slot):
        old = SlotRow.name == name, SlotRow.slot <= slot - KEPT_SLOTS
        changed_rows(session, delete(SlotRow).where(*old))
        if not _pending(session, name):
            enqueue(session, name, {})


def _pending(session: Session, name: str) -> bool:
    same = JobRow.queue == handler_of(name).queue, JobRow.name == name
    return bool(session.scalar(select(exists().where(READY, *same))))
