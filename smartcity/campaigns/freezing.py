"""Who is to get a campaign: written down once, in shards, before the first message.

Bounded memory: 8 bytes a recipient, and a byte for each device where the category has a cap.
"""

from __future__ import annotations

import random
import uuid
from array import array
from collections.abc import Iterator, Sequence
from itertools import islice

from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from smartcity.campaigns import caps, shards, states
from smartcity.campaigns.models import Campaign, Outcome, Shard, State
from smartcity.core import clock
from smartcity.core.db import insert_all, is_sqlite, reading, transaction
from smartcity.jobs.service import Lease
from smartcity.push import service as push

SIZE = 1_000  # recipients of a shard
WRITTEN = 50  # shards in one transaction
STREAMED = 10_000  # rows in memory at a time
RENEWED = 250_000  # recipients after which the lease is renewed
_REACHED = bytes({Outcome.ACCEPTED, Outcome.UNKNOWN})


class Stopped(Exception):
    """Somebody ended the campaign while it was being frozen."""


def freeze(lease: Lease, campaign: Campaign) -> None:
    """Write a campaign's shards, and how many recipients they hold.

    In several transactions, each behind the lease's fence; one that follows a run that died begins
    from nothing. Raises LeaseLost, and Stopped when the campaign is to be frozen no more.
    """
    audience = _audience(lease, campaign)
    size = len(audience)
    with transaction() as session:
        _guard(session, lease, campaign)
        clear(session, campaign.id)
    pieces = enumerate(_cut(audience, campaign.canary))
    while some := list(islice(pieces, WRITTEN)):
        with transaction() as session:
            _guard(session, lease, campaign)
            _write(session, campaign.id, some)
    with transaction() as session:
        frozen = _guard(session, lease, campaign)
        frozen.recipients, frozen.frozen_at = _written(session, campaign.id), clock.now()
        if frozen.recipients != size:
            raise RuntimeError("shards of another run are among these")


def clear(session: Session, campaign_id: uuid.UUID) -> None:
    """Forget what was frozen of a campaign that has not begun."""
    session.execute(delete(Shard).where(Shard.campaign_id == campaign_id))


def _guard(session: Session, lease: Lease, campaign: Campaign) -> Campaign:
    held = states.hold(session, campaign.id)
    if held.state != State.FREEZING:
        raise Stopped
    lease.hold(session)
    return held


def _audience(lease: Lease, campaign: Campaign) -> array[int]:
    """Device numbers by ward, platform and number; of a recall, whom the first may have reached."""
    with reading() as session:
        if campaign.recall_of:
            return _reached(session, campaign.recall_of)
        found = _matching(session, lease, campaign)
        cap = push.categories()[campaign.category].cap
        return caps.under_cap(session, campaign, cap, found) if cap else found


def _matching(session: Session, lease: Lease, campaign: Campaign) -> array[int]:
    query = push.matching(campaign.audience, campaign.category)
    numbers = query.with_only_columns(push.Device.number)
    if not is_sqlite(session):  # a million are sorted before the first comes
        session.execute(text("SET LOCAL statement_timeout = '60s'"))
    found = array("Q")
    streamed = session.connection().execute(numbers, execution_options={"yield_per": STREAMED})
    for some in streamed.partitions():
        found.extend(number for (number,) in some)
        if len(found) % RENEWED < STREAMED:
            lease.renew()
    return found


def _reached(session: Session, first: uuid.UUID) -> array[int]:
    columns = select(Shard.devices, Shard.outcomes).where(Shard.campaign_id == first)
    query = columns.order_by(Shard.number).execution_options(yield_per=100)
    reached = array("Q")
    for devices, outcomes in session.execute(query):
        pairs = zip(shards.numbers(devices), outcomes, strict=True)
        reached.extend(number for number, outcome in pairs if outcome in _REACHED)
    return reached


def _cut(audience: array[int], canary: int) -> Iterator[array[int]]:
    """The canary, chosen at random over the whole audience, and then the rest in its order.

    Takes the canary out of the audience.
    """
    chosen = sorted(random.sample(range(len(audience)), min(canary, SIZE, len(audience))))
    if chosen:
        yield array("Q", [audience[place] for place in chosen])
    for place in reversed(chosen):  # in its place: a copy would be the largest thing in memory
        del audience[place]
    for start in range(0, len(audience), SIZE):
        yield audience[start : start + SIZE]


def _write(
    session: Session, campaign_id: uuid.UUID, pieces: Sequence[tuple[int, array[int]]]
) -> None:
    unsent = {"sending_from": None, "sending_to": None, "passes": 0, "done_at": None}
    rows = [
        {
            "campaign_id": campaign_id,
            "number": number,
            "size": len(numbers),
            "devices": shards.packed(numbers),
            "outcomes": bytes(len(numbers)),
            **unsent,
        }
        for number, numbers in pieces
    ]
    insert_all(session, Shard, rows)


def _written(session: Session, campaign_id: uuid.UUID) -> int:
    total = select(func.coalesce(func.sum(Shard.size), 0)).where(Shard.campaign_id == campaign_id)
    return int(session.scalars(total).one())
