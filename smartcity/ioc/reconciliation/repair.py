"""Sending again what a destination lacks or holds otherwise."""

import uuid
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import update
from sqlalchemy.orm import Session

from smartcity.ioc import destinations, outbox
from smartcity.ioc.models import Delivery, Destination, Reconciliation, State
from smartcity.ioc.reconciliation.comparison import Compared, Sent
from smartcity.jobs import service as jobs


def without_what_comes(session: Session, destination: Destination, found: Compared) -> Compared:
    """Leave out what is missing because it is yet to come: a job is at it, or they fetch it.

    What is dead is missing, and so is what nobody carries any more.
    """
    queued = _Queued(session, destination)
    return replace(found, missing=[e for e in found.missing if not _comes(queued, e)])


def send_again(session: Session, run: Reconciliation, events: Sequence[Sent]) -> None:
    """Enqueue events once more, in order within each report, as a repair of this run.

    Not those with a job of their own, such as a dead letter: that one is a person's to replay.
    """
    queued = _Queued(session, destinations.find(session, run.destination))
    again = [event for event in events if event.settled or not queued.holds(event.report_id)]
    if not again:
        return
    reopened = update(Delivery).where(
        Delivery.destination == run.destination,
        Delivery.event_id.in_([event.event_id for event in again]),
        Delivery.state != State.SUPERSEDED,
    )
    fresh = {"state": State.PENDING, "next_at": None, "last_error": None}
    session.connection().execute(reopened.values(**fresh, answered_at=None, acknowledged_at=None))
    in_order = sorted(again, key=lambda event: (event.code, event.sequence))
    jobs.enqueue_all(session, [_job(run, event) for event in in_order])


class _Queued:
    """Which reports have a job at a destination, asked once a report."""

    def __init__(self, session: Session, destination: Destination) -> None:
        self.fetches = not destinations.is_sent_to(destination)
        self._session = session
        self._name = destination.name
        self._known: dict[uuid.UUID, bool] = {}

    def holds(self, report_id: uuid.UUID) -> bool:
        if report_id not in self._known:
            key = outbox.ordering_key(self._name, report_id)
            self._known[report_id] = jobs.head(self._session, key) is not None
        return self._known[report_id]


def _comes(queued: _Queued, event: Sent) -> bool:
    if event.settled or event.state == State.DEAD:
        return False
    return queued.fetches or queued.holds(event.report_id)


def _job(run: Reconciliation, event: Sent) -> jobs.Job:
    return jobs.Job(
        outbox.DELIVER,
        {"event": str(event.event_id), "destination": run.destination, "repair": str(run.id)},
        ordering_key=outbox.ordering_key(run.destination, event.report_id),
        queue=destinations.queue(run.destination),
    )
