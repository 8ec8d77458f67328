"""What a destination shows to hold has arrived, whatever became of our attempts."""

import uuid
from collections.abc import Collection
from contextlib import suppress
from typing import Protocol

from sqlalchemy import func, update
from sqlalchemy.orm import Session

from smartcity.core import clock
from smartcity.core.errors import NotFound
from smartcity.ioc import outbox
from smartcity.ioc.models import Delivery, State
from smartcity.jobs import service as jobs

ENDED = (State.ACKNOWLEDGED, State.SUPERSEDED)
_HOLDS = (State.UNKNOWN, State.DEAD)  # whose job keeps the report's later events back


class Known(Protocol):
    """A delivery as it stood when it was read."""

    @property
    def event_id(self) -> uuid.UUID: ...
    @property
    def report_id(self) -> uuid.UUID: ...
    @property
    def state(self) -> str: ...


def arrived(session: Session, destination: str, deliveries: Collection[Known]) -> None:
    """Acknowledge deliveries in one statement, and let go the jobs of those that were stuck."""
    new = [d for d in deliveries if d.state not in ENDED]
    if not new:
        return
    now = clock.now()
    shown = update(Delivery).where(
        Delivery.destination == destination,
        Delivery.event_id.in_([d.event_id for d in new]),
        Delivery.state.not_in(ENDED),
    )
    told = {"state": State.ACKNOWLEDGED, "next_at": None, "last_error": None}
    answered = func.coalesce(Delivery.answered_at, now)
    session.connection().execute(shown.values(**told, answered_at=answered, acknowledged_at=now))
    for stuck in (d for d in new if d.state in _HOLDS):
        _let_go(session, destination, stuck)


def _let_go(session: Session, destination: str, stuck: Known) -> None:
    """Drop the job of a delivery, so that the next of its report goes now."""
    found = jobs.head(session, outbox.ordering_key(destination, stuck.report_id))
    if found and found[1]["event"] == str(stuck.event_id):
        with suppress(NotFound):  # it ended meanwhile
            jobs.drop(session, found[0])
