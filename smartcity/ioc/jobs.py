"""Carry each step of a report to the operations centres, in order, at least once."""

import uuid

from smartcity.ioc import delivering, outbox, replays
from smartcity.jobs.service import Lease, handler


@handler("ioc.forward", queue="events")
def forward(lease: Lease) -> None:
    """Write a step out for every destination that hears of it."""
    outbox.write_out(lease, uuid.UUID(lease.payload["event"]))


@handler(outbox.DELIVER, queue="ioc", breaker=True)
def deliver(lease: Lease) -> None:
    """Carry one event to one destination."""
    delivering.deliver(lease)


@handler(replays.REPLAY, queue="replays", lease=120.0)
def replay(lease: Lease) -> None:
    """Send once more what a person asked for, batch after batch."""
    replays.carry_on(lease)
