"""When each shard of a campaign may start: slowly at first, and not on the quarter of an hour.

Source: firebase.google.com/docs/cloud-messaging/scale-fcm (ramp up over 60 seconds; traffic peaks
at the hour and its quarters).
"""

import math
import random
from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.campaigns.models import Campaign, Shard
from smartcity.campaigns.scheduling import is_critical, queue
from smartcity.core import clock
from smartcity.core.context import settings
from smartcity.jobs import service as jobs

SEND = "campaigns.send"
QUARTER = 900.0  # seconds
CROWDED = 30.0  # seconds before and after a quarter in which everybody begins


def enqueue(session: Session, campaign: Campaign, first: int) -> None:
    """Give each shard from this number on its job, at its time."""
    mine = Shard.campaign_id == campaign.id, Shard.number >= first
    query = select(Shard.number, Shard.size).where(*mine).order_by(Shard.number)
    found = session.execute(query).all()
    rate = settings().fcm_per_minute * settings().fcm_share / 60
    begins = offsets([size for _, size in found], rate, campaign.ramp, campaign.spread)
    wait = 0.0 if is_critical(campaign) else beside_the_quarter(clock.now())
    shards = [number for number, _ in found]
    jobs.enqueue_all(
        session, [job(campaign, n, wait + at) for n, at in zip(shards, begins, strict=True)]
    )


def job(campaign: Campaign, shard: int, after: float = 0.0) -> jobs.Job:
    """The job of a shard, in so many seconds."""
    return jobs.Job(
        SEND,
        {"campaign": str(campaign.id), "shard": shard},
        after=after,
        priority=jobs.URGENT if is_critical(campaign) else jobs.NORMAL,
        queue=queue(campaign.id),
    )


def offsets(sizes: Sequence[int], rate: float, ramp: float, minutes: float) -> Iterator[float]:
    """Seconds from the beginning until each shard starts.

    The rate of messages rises evenly from none to `rate` a second over `ramp` seconds, or to what
    spreads all over so many minutes where that is less.
    """
    total = sum(sizes)
    if minutes:
        rate = min(rate, total / (60.0 * minutes))
    begun = 0
    for size in sizes:
        yield _reached(begun, rate, ramp) if ramp or minutes else 0.0
        begun += size


def _reached(messages: int, rate: float, ramp: float) -> float:
    """Seconds until so many were sent."""
    while_rising = rate * ramp / 2
    if messages < while_rising:
        return math.sqrt(2 * ramp * messages / rate)
    return ramp + (messages - while_rising) / rate


def beside_the_quarter(at: datetime) -> float:
    """Seconds to wait so as not to begin with everybody else."""
    since = at.timestamp() % QUARTER
    if CROWDED <= since < QUARTER - CROWDED:
        return 0.0
    left = (CROWDED - since) % QUARTER
    return left + random.uniform(0, CROWDED)  # noqa: S311 - spreads, keeps no secret
