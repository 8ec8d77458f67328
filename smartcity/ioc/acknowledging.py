"""What destinations have shown to hold, and what they took and never spoke of again."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, false, func, or_, select, update
from sqlalchemy.orm import Session

from smartcity.core import clock
from smartcity.ioc import destinations
from smartcity.ioc.models import DELIVERED, Delivery, State


def acknowledge(session: Session, destination: str, *which: ColumnElement[bool]) -> int:
    """Note that a destination has shown what it got; how many deliveries were new to it."""
    shown = update(Delivery).where(Delivery.destination == destination, DELIVERED, *which)
    stamped = shown.values(state=State.ACKNOWLEDGED, acknowledged_at=clock.now())
    return session.connection().execute(stamped).rowcount


def overdue(session: Session) -> ColumnElement[bool]:
    """Which deliveries their destination took and has not acknowledged within its `ack_hours`."""
    return or_(false(), *(_silent_since(name, moment) for name, moment in _limits(session)))


def overdue_counts(session: Session) -> dict[str, int]:
    """How many are overdue at each destination that has `ack_hours`, in the order of names."""
    limits = _limits(session)
    late = or_(false(), *(_silent_since(name, moment) for name, moment in limits))
    counted = select(Delivery.destination, func.count()).where(late).group_by(Delivery.destination)
    counts = dict(session.execute(counted).tuples())
    return {name: counts.get(name, 0) for name, _ in limits}


def _limits(session: Session) -> list[tuple[str, datetime]]:
    """Before when an answer is too long ago, by destination."""
    return [
        (destination.name, clock.now() - timedelta(hours=destination.ack_hours))
        for destination in destinations.active(session)
        if destination.ack_hours is not None
    ]


def _silent_since(destination: str, moment: datetime) -> ColumnElement[bool]:
    # DELIVERED in each: SQLite looks for the partial index in one term of an OR at a time.
    named = Delivery.destination == destination
    return and_(DELIVERED, named, Delivery.answered_at < moment)
