"""What destinations have shown to hold, and what they took and never spoke of again."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select, update
from sqlalchemy.orm import Session

from smartcity.core import clock
from smartcity.core.db import transaction
from smartcity.identity import service as identity
from smartcity.identity.permissions import Role
from smartcity.ioc import destinations
from smartcity.ioc.models import DELIVERED, Delivery, Destination, State
from smartcity.ioc.schemas import ACKNOWLEDGED, NOT_FOUND, REFUSED
from smartcity.notices import service as notices

_GIVEN_UP = (State.DEAD, State.SUPERSEDED)


def acknowledge(session: Session, destination: str, *which: ColumnElement[bool]) -> int:
    """Note that a destination has shown what it got; how many deliveries were new to it."""
    shown = update(Delivery).where(Delivery.destination == destination, DELIVERED, *which)
    stamped = shown.values(state=State.ACKNOWLEDGED, acknowledged_at=clock.now())
    return session.connection().execute(stamped).rowcount


def acknowledge_each(
    session: Session, destination: str, events: Sequence[uuid.UUID]
) -> list[dict[str, Any]]:
    """Take a destination's word that it holds these events; what came of each, in their order.

    Also of one that we do not know to have arrived: it is not sent again. One that is dead or given
    up is `refused`: an officer decides about it.
    """
    mine = Delivery.destination == destination, Delivery.event_id.in_(events)
    query = select(Delivery.event_id, Delivery.state).where(*mine)
    before = dict(session.execute(query.order_by(Delivery.event_id).with_for_update()).all())
    takes = Delivery.state.not_in([State.ACKNOWLEDGED, *_GIVEN_UP])
    stamped = update(Delivery).where(*mine, takes)
    session.connection().execute(
        stamped.values(state=State.ACKNOWLEDGED, acknowledged_at=clock.now(), next_at=None)
    )
    return [{"id": event, **_came_of(before.get(event))} for event in events]


def overdue(session: Session) -> ColumnElement[bool]:
    """Which deliveries their destination took and has not acknowledged within its `ack_hours`."""
    return or_(false(), *map(silent, destinations.active(session)))


def overdue_counts(session: Session) -> dict[str, int]:
    """How many are overdue at each destination that has `ack_hours`, in the order of names."""
    asked = [d for d in destinations.active(session) if d.ack_hours is not None]
    late = or_(false(), *map(silent, asked))
    counted = select(Delivery.destination, func.count()).where(late).group_by(Delivery.destination)
    counts = dict(session.execute(counted).all())
    return {destination.name: counts.get(destination.name, 0) for destination in asked}


def silent(destination: Destination) -> ColumnElement[bool]:
    """Which deliveries of one destination are overdue; none where it acknowledges nothing."""
    if destination.ack_hours is None:
        return false()
    moment = clock.now() - timedelta(hours=destination.ack_hours)
    # DELIVERED in each: SQLite looks for the partial index in one term of an OR at a time.
    here = Delivery.destination == destination.name
    return and_(DELIVERED, here, Delivery.answered_at < moment)


def tell_leads() -> None:
    """Tell the centre's leads how many are overdue, destination by destination."""
    with transaction() as session:
        late = {name: number for name, number in overdue_counts(session).items() if number}
        if late:
            notices.tell(session, _notices(session, late))


def _notices(session: Session, late: Mapping[str, int]) -> list[notices.Told]:
    leads = [ident for ident, _, _ in identity.active_officers(session, [Role.IOC_LEAD])]
    hours = {
        destination.name: destination.ack_hours for destination in destinations.active(session)
    }
    return [
        notices.Told(
            leads,
            "notice.ioc.unacknowledged",
            {"count": number, "destination": name, "hours": hours[name]},
            f"/deliveries?destination={name}&overdue=true",
            f"destination:{name}",
        )
        for name, number in late.items()
    ]


def _came_of(state: str | None) -> dict[str, Any]:
    """What an acknowledgement does to a delivery that stood so."""
    held = REFUSED if state in _GIVEN_UP else ACKNOWLEDGED
    outcome = NOT_FOUND if state is None else held
    return {"outcome": outcome, "repeated": state == State.ACKNOWLEDGED}
