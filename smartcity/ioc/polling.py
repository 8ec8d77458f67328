"""Ask the centres that cannot call us what they did; it counts as if they had called.

One chain of jobs for each, in a queue of its own: the address that is asked may be down while the
one that takes deliveries is well, and the other way round, so neither's breaker holds the other.
"""

from collections import Counter

import structlog
from sqlalchemy import update
from sqlalchemy.orm import Session

from smartcity.adapters.centres import Polled
from smartcity.core.db import one_at_a_time, reading, transaction
from smartcity.core.errors import Permanent, Temporary
from smartcity.ioc import batches, destinations, references
from smartcity.ioc.models import Destination
from smartcity.ioc.schemas import BUSY, INVALID, NOT_FOUND
from smartcity.jobs.service import Lease, enqueue, head

POLL = "polls.poll"
LONGEST_CURSOR = 200
SOON = 5.0  # seconds, until those who hold a report have let it go
log = structlog.get_logger(__name__)


def begin() -> None:
    """See to it that every destination that may be asked has its job."""
    with transaction() as session:
        one_at_a_time(session, POLL)
        for destination in destinations.active(session):
            name = destination.name
            if destinations.is_sent_to(destination) and not head(session, _key(name)):
                _enqueue(session, name, 0.0)


def poll(lease: Lease) -> None:
    """Ask a destination for one page, take it, and enqueue when it is asked again.

    What was taken is known by its id, so a page that a crash cut off is simply asked for again.
    """
    name = lease.payload["destination"]
    polled = _asked(name)
    if polled is None:
        lease.reached = False
        return
    busy = _take(name, polled)
    with transaction() as session:
        if not busy:
            here = update(Destination).where(Destination.name == name)
            session.execute(here.values(polled_to=polled.cursor))
        _enqueue(session, name, SOON if busy else 0.0 if polled.more else polled.every)
        lease.finish(session)


def _asked(name: str) -> Polled | None:
    """What a destination answers; None when there is no asking it."""
    with reading() as session:
        destination = destinations.find(session, name)
    if destination.retired_at or not destinations.is_sent_to(destination):
        return None
    try:
        polled = destinations.driver(name).poll(destination.polled_to)
    except Permanent as refusal:  # nothing is lost: what it did is asked for until it answers
        raise Temporary(str(refusal), opens_breaker=True) from refusal
    if polled and not (len(polled.cursor) <= LONGEST_CURSOR and polled.cursor.isprintable()):
        raise Temporary("the cursor is too long, or not printable", opens_breaker=True)
    return polled


def _take(name: str, polled: Polled) -> bool:
    """Take a page as if each callback had come by itself; True when some have to wait."""
    told = polled.callbacks
    if destinations.driver(name).needs_reference:
        with reading() as session:
            told = references.translated(session, name, told)
    came = Counter(
        item["outcome"] for item in batches.take_each(destinations.principal_of(name), told)
    )
    if came[INVALID] or came[NOT_FOUND]:
        log.warning("poll.not_taken", destination=name, **came)
    return bool(came[BUSY])


def _enqueue(session: Session, name: str, after: float) -> None:
    payload, queue = {"destination": name}, f"polls:{name}"
    enqueue(session, POLL, payload, ordering_key=_key(name), queue=queue, after=after)


def _key(name: str) -> str:
    return f"poll:{name}"
