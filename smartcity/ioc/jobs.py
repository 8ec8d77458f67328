"""Carry each step of a report to the operations centre, in order, at least once."""

import uuid

from sqlalchemy import update
from sqlalchemy.orm import Session

from smartcity.adapters.webhook import Gone, centre
from smartcity.core import clock
from smartcity.core.context import settings
from smartcity.core.db import insert_if_absent, reading, transaction
from smartcity.core.errors import OutsideError, Permanent
from smartcity.identity.permissions import Role
from smartcity.ioc.events import cloud_event, encoded
from smartcity.ioc.models import Delivery
from smartcity.jobs.service import Lease, disable, handler

QUEUE = "ioc"


@handler("ioc.forward", queue=QUEUE, breaker=True)
def forward(lease: Lease) -> None:
    """Deliver one event, unless no centre is configured or this one caused it."""
    event_id = uuid.UUID(lease.payload["event"])
    with reading() as session:
        envelope, cause = cloud_event(session, event_id)
    if not settings().ioc_url or cause == f"{Role.OPERATIONS_CENTRE}:{settings().ioc_name}":
        lease.reached = False
        return
    try:
        reference = centre().deliver(str(event_id), encoded(envelope))
    except OutsideError as error:
        _note(event_id, error)
        raise
    with transaction() as session:
        _record(session, event_id, state="delivered", reference=reference, last_error=None)
        lease.finish(session)


def _note(event_id: uuid.UUID, error: OutsideError) -> None:
    state = "dead" if isinstance(error, Permanent) else "unknown"
    with transaction() as session:
        _record(session, event_id, state=state, reference=None, last_error=str(error)[:200])
        if isinstance(error, Gone):
            disable(session, QUEUE, str(error))


def _record(
    session: Session,
    event_id: uuid.UUID,
    *,
    state: str,
    reference: str | None,
    last_error: str | None,
) -> None:
    """Write down how a delivery stands after one more attempt."""
    key = {"event_id": event_id, "destination": settings().ioc_name}
    now = clock.now()
    insert_if_absent(session, Delivery, **key, state="unknown", attempts=0, first_sent_at=now)
    session.execute(
        update(Delivery)
        .filter_by(**key)
        .where(Delivery.state != "delivered")
        .values(
            state=state,
            attempts=Delivery.attempts + 1,
            reference=reference,
            last_error=last_error,
            delivered_at=now if state == "delivered" else None,
        )
    )
