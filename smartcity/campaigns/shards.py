"""A shard in a worker's hands. Only who holds its job's lease reads it to change it."""

from __future__ import annotations

import sys
import uuid
from array import array
from dataclasses import dataclass
from typing import NamedTuple, cast

from sqlalchemy import Table, bindparam, update
from sqlalchemy.orm import Session

from smartcity.campaigns.models import Campaign, Outcome, Shard
from smartcity.core import clock


def packed(numbers: array[int]) -> bytes:
    """Device numbers as a shard keeps them: 8 bytes each, little-endian."""
    return _little_endian(numbers[:]).tobytes()


def numbers(devices: bytes) -> array[int]:
    """The device numbers of a shard."""
    return _little_endian(array("Q", devices))


def _little_endian(numbers: array[int]) -> array[int]:
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


class Range(NamedTuple):
    """Recipients from `begin` up to `end`, by their index in the shard."""

    begin: int
    end: int


@dataclass(slots=True)
class Batch:
    """What a worker knows of its shard. `target`: the outcome that this time is gone through.

    That is PENDING as long as there is one, then UNKNOWN. `position` is the index that comes next.
    """

    campaign: Campaign
    number: int
    devices: array[int]
    outcomes: bytearray
    passes: int
    target: Outcome = Outcome.PENDING
    position: int = 0
    window: Range | None = None  # what is being sent, or was when its worker died

    @property
    def size(self) -> int:
        return len(self.outcomes)

    @property
    def left(self) -> int:
        """How many of the target come yet."""
        return self.outcomes.count(self.target, self.position)

    @property
    def mids(self) -> str:
        """What the ids of its messages begin with; the index follows.

        So an id names a recipient's place, and stays the same when a message is sent again.
        """
        return f"{self.campaign.id}.{self.number}."


def read(session: Session, campaign_id: uuid.UUID, number: int) -> Batch | None:
    """A shard that is not done yet, as it stands."""
    row = session.get(Shard, (campaign_id, number))
    if row is None or row.done_at is not None:
        return None
    campaign = session.get_one(Campaign, campaign_id)
    outcomes = bytearray(row.outcomes)
    batch = Batch(campaign, number, numbers(row.devices), outcomes, row.passes)
    if row.sending_from is not None and row.sending_to is not None:
        batch.window = Range(row.sending_from, row.sending_to)
    return batch


_SHARDS = cast(Table, Shard.__table__)
_SAVE = (
    update(_SHARDS)
    .where(_SHARDS.c.campaign_id == bindparam("of"), _SHARDS.c.number == bindparam("one"))
    .values(
        outcomes=bindparam("outcomes"),
        sending_from=bindparam("sending_from"),
        sending_to=bindparam("sending_to"),
        passes=bindparam("passes"),
        done_at=bindparam("done_at"),
    )
)


def save(session: Session, batch: Batch, *, done: bool = False) -> None:
    """Write a batch down as it stands: its window, before anything of that is sent."""
    begin, end = batch.window or (None, None)
    stands = {"outcomes": bytes(batch.outcomes), "sending_from": begin, "sending_to": end}
    ended = {"passes": batch.passes, "done_at": clock.now() if done else None}
    key = {"of": batch.campaign.id, "one": batch.number}
    session.connection().execute(_SAVE, {**key, **stands, **ended})
