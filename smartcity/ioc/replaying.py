"""Send deliveries once more, or give one up; whatever their state, a report's order holds.

What was in the destination's hands before goes again as a repair: a receiver that keeps a history
puts it in its place.
"""

import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.audit.service import record
from smartcity.core import clock
from smartcity.core.db import lock_row
from smartcity.core.errors import Conflict, NotFound
from smartcity.core.ids import new_id
from smartcity.ioc import destinations
from smartcity.ioc.models import SETTLED, Delivery, State
from smartcity.ioc.outbox import DELIVER, ordering_key
from smartcity.jobs import service as jobs

_ON_ITS_WAY = {State.PENDING, State.IN_FLIGHT, State.UNKNOWN}


def replay(session: Session, actor: str, name: str, event_id: uuid.UUID) -> Delivery:
    """Send one delivery once more: a dead one and one that waits at once, a settled one anew.

    Raises NotFound, and Conflict for a destination that fetches for itself.
    """
    sent_to(session, name)
    delivery = _hold(session, name, event_id)
    before = delivery.state
    again(session, name, [delivery], str(new_id()))
    _note(session, actor, "replay", delivery, before)
    return delivery


def skip(session: Session, actor: str, name: str, event_id: uuid.UUID, reason: str) -> Delivery:
    """Give a delivery up for good, and let the next of its report go.

    Raises NotFound, and Conflict when it is settled.
    """
    destinations.find(session, name)
    delivery = _hold(session, name, event_id)
    if delivery.state in SETTLED:
        raise Conflict("ioc.delivery_settled", state=delivery.state)
    before = delivery.state
    delivery.state, delivery.next_at = State.SUPERSEDED, None
    session.flush()
    head = jobs.head(session, ordering_key(name, delivery.report_id))
    if head and head[1]["event"] == str(event_id):  # else it will find itself settled
        jobs.drop(session, head[0])
    _note(session, actor, "skip", delivery, before, reason=reason)
    return delivery


def again(session: Session, name: str, held: Sequence[Delivery], repair: str) -> None:
    """Send deliveries once more, given in the log's order and held by the caller.

    Those with a job are urged, in their place; the others get one, behind all of their report.
    """
    keys = {ordering_key(name, delivery.report_id) for delivery in held}
    waiting = {job.payload["event"]: job.id for job in jobs.of_keys(session, keys)}
    new = [delivery for delivery in held if str(delivery.event_id) not in waiting]
    urged = [waiting[event] for d in held if (event := str(d.event_id)) in waiting]
    jobs.urge(session, urged)
    jobs.enqueue_all(session, [_job(delivery, repair) for delivery in new])
    for delivery in held:
        if delivery in new or delivery.state not in _ON_ITS_WAY:
            _renew(delivery)
        delivery.next_at = None


def sent_to(session: Session, name: str) -> None:
    """Raise NotFound unless there is such a destination, Conflict when it fetches for itself."""
    destination = destinations.find(session, name)
    if destination.retired_at:
        raise Conflict("ioc.retired", name=name)
    if not destinations.is_sent_to(destination):
        raise Conflict("ioc.fetches_itself", name=name)


def _hold(session: Session, name: str, event_id: uuid.UUID) -> Delivery:
    named = Delivery.destination == name, Delivery.event_id == event_id
    delivery = lock_row(session, select(Delivery), *named)
    if delivery is None:
        raise NotFound("ioc.no_delivery")
    return delivery


def _note(
    session: Session, actor: str, deed: str, delivery: Delivery, state: str, **told: str
) -> None:
    record(
        session,
        actor,
        f"delivery.{deed}",
        ("event", delivery.event_id),
        before={"state": state},
        after={"state": delivery.state},
        destination=delivery.destination,
        **told,  # type: ignore[arg-type]
    )


def _job(delivery: Delivery, repair: str) -> jobs.Job:
    """Behind what is new: a large replay must not make today's reports late."""
    event = {"event": str(delivery.event_id), "destination": delivery.destination}
    return jobs.Job(
        DELIVER,
        {**event, "repair": repair} if delivery.attempts else event,
        ordering_key=ordering_key(delivery.destination, delivery.report_id),
        priority=jobs.BULK,
        queue=destinations.queue(delivery.destination),
    )


def _renew(delivery: Delivery) -> None:
    delivery.state, delivery.replayed_at = State.PENDING, clock.now()
    delivery.last_error = delivery.answered_at = delivery.acknowledged_at = None
