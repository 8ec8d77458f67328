"""The worker's part of volunteering: telling all who registered, some at a time."""

import uuid
from collections.abc import Callable, Sequence

from sqlalchemy.orm import Session

from smartcity.core import clock
from smartcity.core.db import transaction
from smartcity.jobs.service import BULK, Job, Lease, enqueue, enqueue_all, handler
from smartcity.participation.activities import telling
from smartcity.participation.models import Registration, Seat
from smartcity.push import service as push
from smartcity.registers.service import Entry

_QUEUE = "volunteers"


@handler(telling.TELL_WITHDRAWAL, queue=_QUEUE)
def tell_withdrawal(lease: Lease) -> None:
    """Tell those who have a place or wait; nothing once it is public again."""
    with transaction() as session:
        _tell(session, lease, telling.withdrawn, (Seat.CONFIRMED, Seat.WAITING))
        lease.finish(session)


@handler(telling.REMIND, queue=_QUEUE)
def remind(lease: Lease) -> None:
    """Remind those who have a place; in the quiet hours of the province it waits for their end."""
    now = clock.now()
    quiet_ends = push.province_quiet_ends(now)
    with transaction() as session:
        if quiet_ends:
            wait = (quiet_ends - now).total_seconds()
            enqueue(session, lease.name, lease.payload, after=wait)
        else:
            _tell(session, lease, telling.reminder, (Seat.CONFIRMED,))
        lease.finish(session)


def _tell(
    session: Session,
    lease: Lease,
    message: Callable[[Entry, Registration], Job],
    states: Sequence[Seat],
) -> None:
    """Tell the next batch, and leave the others to a job of their own."""
    last = lease.payload.get("after")
    entry = session.get(Entry, uuid.UUID(lease.payload["activity"]))
    if entry is None or entry.version != lease.payload["version"] or _has_begun(entry):
        return
    batch = telling.to_tell(session, entry, states, uuid.UUID(last) if last else None)
    jobs = [message(entry, one) for one in batch]
    if len(batch) == telling.AT_ONCE:
        rest = {**lease.payload, "after": str(batch[-1].id)}
        jobs.append(Job(lease.name, rest, priority=BULK))
    enqueue_all(session, jobs)


def _has_begun(entry: Entry) -> bool:
    return entry.opens_at is not None and entry.opens_at <= clock.now()
