"""Whom campaigns of a category have had enough of: so many messages a phone in 24 hours."""

from __future__ import annotations

from array import array
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.campaigns import shards
from smartcity.campaigns.models import Campaign, Outcome, Shard
from smartcity.core import clock

DAY = timedelta(hours=24)
_COUNTING = bytes({Outcome.PENDING, Outcome.ACCEPTED, Outcome.UNKNOWN})
_MOST = 255  # that a byte holds


def under_cap(session: Session, campaign: Campaign, cap: int, audience: array[int]) -> array[int]:
    """Those of an audience to whom campaigns of the last 24 hours left room, in their order.

    What is on its way counts like what arrived. A byte for each device number, however many
    campaigns there were.
    """
    told = bytearray(max(audience, default=-1) + 1)
    columns = Shard.devices, Shard.outcomes
    recent = Campaign.frozen_at >= clock.now() - DAY, Campaign.category == campaign.category
    query = select(*columns).join(Campaign).where(*recent, Campaign.id != campaign.id)
    for devices, outcomes in session.execute(query, execution_options={"yield_per": 100}):
        _count(told, shards.numbers(devices), outcomes)
    return array("Q", (number for number in audience if told[number] < cap))


def _count(told: bytearray, devices: array[int], outcomes: bytes) -> None:
    for number, outcome in zip(devices, outcomes, strict=True):
        if outcome in _COUNTING and number < len(told) and told[number] < _MOST:
            told[number] += 1
