"""Carry one event to one destination: at least once, and never twice with effect.

What is about to be sent is written down before (`in_flight`), what came of it after, together with
the job's end. The network lies between the two, outside any transaction.
"""

import uuid
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.orm import Session

from smartcity.adapters.centres import Gone, Outgoing
from smartcity.core import clock
from smartcity.core.db import transaction
from smartcity.core.errors import OutsideError
from smartcity.ioc import destinations, outbox
from smartcity.ioc.models import SETTLED, Delivery, Message, State
from smartcity.jobs.service import Lease, disable, fail


def deliver(lease: Lease) -> None:
    """Deliver the event that a job names, unless it was settled meanwhile."""
    name, event_id = lease.payload["destination"], uuid.UUID(lease.payload["event"])
    driver = destinations.driver(name)
    with transaction() as session:
        outgoing = begin(session, name, event_id, lease.payload.get("repair"))
        if outgoing and driver.needs_reference:
            outgoing = _referring(session, name, event_id, outgoing)
    if outgoing is None:
        lease.reached = False
        return
    try:
        reference = driver.deliver(outgoing)
    except OutsideError as error:
        _failed(lease, name, event_id, error)
        raise
    with transaction() as session:
        told = {"state": State.DELIVERED, "reference": reference, "last_error": None}
        _mark(session, name, event_id, answered_at=clock.now(), **told)
        lease.finish(session)


def begin(session: Session, name: str, event_id: uuid.UUID, repair: str | None) -> Outgoing | None:
    """Write down that it is about to be sent, and read what; None when it is settled."""
    # By the bound id: in RETURNING, SQLite 3.40 correlates a subquery with some other row.
    told = [
        select(column).where(Message.event_id == event_id).scalar_subquery().label(column.key)
        for column in (Message.code, Message.sequence, Message.move, Message.body)
    ]
    begun = (
        update(Delivery)
        .where(_key(name, event_id), Delivery.state.not_in(SETTLED))
        .values(
            state=State.IN_FLIGHT,
            attempts=Delivery.attempts + 1,
            sent_at=clock.now(),
            next_at=None,
        )
        .returning(Delivery.attempts, *told)
    )
    row = session.connection().execute(begun).first()
    if row is None:
        return None
    body = row.body or outbox.rebuild(session, event_id)
    again = row.attempts > 1
    return Outgoing(str(event_id), row.code, row.sequence, row.move, body, again, repair=repair)


def _referring(session: Session, name: str, event_id: uuid.UUID, outgoing: Outgoing) -> Outgoing:
    """The same, with what the destination called this report when it took it."""
    report = select(Delivery.report_id).where(_key(name, event_id)).scalar_subquery()
    known = select(Delivery.reference).where(
        Delivery.destination == name, Delivery.report_id == report, Delivery.reference.is_not(None)
    )
    return replace(outgoing, reference=session.scalar(known.order_by(Delivery.position).limit(1)))


def _failed(lease: Lease, name: str, event_id: uuid.UUID, error: OutsideError) -> None:
    """Note why it failed and when it goes again, with what becomes of its job."""
    with transaction() as session:
        failed = fail(session, lease, error)
        arrived = getattr(error, "arrived", None)
        maybe = State.PENDING if arrived is False else State.UNKNOWN
        state = State.DEAD if failed.dead else maybe
        next_at = None if failed.dead else failed.next_at
        told = {"last_error": str(error)[:300], "reference": getattr(error, "reference", None)}
        _mark(session, name, event_id, state=state, next_at=next_at, **told)
        if isinstance(error, Gone):
            disable(session, lease.queue, str(error))
    lease.failed = True


def _mark(session: Session, name: str, event_id: uuid.UUID, **values: Any) -> None:
    if values.get("reference") is None:
        values.pop("reference", None)
    changed = update(Delivery).where(_key(name, event_id), Delivery.state.not_in(SETTLED))
    session.connection().execute(changed.values(values))


def _key(name: str, event_id: uuid.UUID) -> ColumnElement[bool]:
    return and_(Delivery.destination == name, Delivery.event_id == event_id)
