"""The log as a destination reads it for itself: its own events, and how far it has them.

A position is read only up to the log's end as it stood before the page: who goes on from `next`
has missed nothing.
"""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from smartcity.audit.service import record
from smartcity.core.db import transaction
from smartcity.core.errors import Conflict, Invalid, Problem
from smartcity.identity.permissions import Principal, principal
from smartcity.ioc import destinations
from smartcity.ioc.arrivals import arrived
from smartcity.ioc.models import DELIVERED, OPEN, Delivery, Destination, Message

AT_ONCE = 2_000  # deliveries acknowledged in one transaction
MOST_AT_ONCE = 5  # such transactions in one request; the next commit goes on


class Gone(Problem):
    """The bodies that were asked for are no longer kept."""

    status = 410


def end_of_log(session: Session) -> int:
    """The last position given; 0 before the first."""
    return session.scalar(select(func.coalesce(func.max(Message.position), 0))) or 0


def page(session: Session, centre: Principal, after: int | None, limit: int) -> dict[str, Any]:
    """Events after a position, by default the stored offset, as they were written.

    Raises Gone when the next event's body was dropped.
    """
    offset = destinations.find(session, centre.id).offset
    after = offset if after is None else after
    end = end_of_log(session)  # before the events: none below it can appear later
    query = select(Delivery.position, Delivery.event_id.label("id"), Message.sha256, Message.body)
    query = query.join(Message, Message.event_id == Delivery.event_id)
    mine = Delivery.destination == centre.id, Delivery.position > after, Delivery.position <= end
    found = session.execute(query.where(*mine).order_by(Delivery.position).limit(limit)).all()
    kept = next((n for n, row in enumerate(found) if row.body is None), len(found))
    if found and not kept:
        raise Gone("ioc.feed_gone")
    whole = kept == len(found) < limit  # nothing of ours is left up to the end
    reached = max(after, end) if whole else found[kept - 1].position
    return {"events": found[:kept], "next": reached, "end": end, "offset": offset, "after": after}


def commit(centre: Principal, position: int, reset: bool) -> dict[str, Any]:
    """Store how far a destination has its events, and acknowledge all up to there.

    Raises Conflict for a step back that is no reset, Invalid for a position not given yet.
    Acknowledges 10,000 deliveries at most; those above are left to the next commit.
    """
    with transaction() as session:
        destination = destinations.hold(session, centre.id)
        end = end_of_log(session)
        if position > end:
            raise Invalid(position="ioc.position_not_given")
        if position < destination.offset:
            _step_back(session, destination, position, reset)
        destination.offset = position
    for _ in range(MOST_AT_ONCE):
        if _acknowledge(centre.id, position) < AT_ONCE:
            break
    return {"position": position, "end": end}


def _step_back(session: Session, destination: Destination, position: int, reset: bool) -> None:
    if not reset:
        raise Conflict("ioc.offset_ahead", offset=destination.offset)
    record(
        session,
        destinations.principal_of(destination.name).key,
        "destination.reset_offset",
        ("destination", None),
        before={"offset": destination.offset},
        after={"offset": position},
        destination=destination.name,
        spoke=principal().key,
    )


def _acknowledge(name: str, position: int) -> int:
    """Acknowledge some deliveries up to a position; how many."""
    query = select(Delivery.event_id, Delivery.report_id, Delivery.state)
    query = query.where(Delivery.destination == name, Delivery.position <= position)
    with transaction() as session:
        found = list(session.execute(query.where(DELIVERED).limit(AT_ONCE)))
        found += session.execute(query.where(OPEN).limit(AT_ONCE - len(found)))
        arrived(session, name, found)
    return len(found)
