"""Carry each step of a report to the operations centres, in order, at least once."""

import uuid

from smartcity.ioc import acknowledging, delivering, outbox, polling, replays
from smartcity.jobs.service import Lease, handler, periodic


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


@periodic("ioc.begin_polls", every=60)
def begin_polls() -> None:
    """Let every centre be asked that cannot call."""
    polling.begin()


@handler(polling.POLL, breaker=True, lease=120.0)
def poll(lease: Lease) -> None:
    """Ask one centre what it did."""
    polling.poll(lease)


@periodic("ioc.tell_of_silence", every=86_400)
def tell_of_silence() -> None:
    """Tell the centre's leads what nobody acknowledged, at seven in the morning."""
    acknowledging.tell_leads()
