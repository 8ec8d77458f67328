"""A campaign as the engine leaves it, made by hand: shards, and the counts that belong to them."""

import uuid
from array import array
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from flask import Flask
from sqlalchemy.orm import Session

from smartcity.campaigns import counts
from smartcity.campaigns.models import Campaign, Outcome, Shard, State
from smartcity.core.db import transaction
from smartcity.core.ids import new_id

STARTED = datetime(2026, 3, 26, 1, 0, 30, tzinfo=UTC)


class Recipient(NamedTuple):
    """A frozen device, and what became of it in which minute after the start."""

    number: int
    outcome: Outcome = Outcome.ACCEPTED
    platform: str = "android"
    ward: str = "10507"
    minute: int = 0


def campaign(app: Flask, *shards: Sequence[Recipient], window: int = 0, **other: Any) -> uuid.UUID:
    """A campaign of these shards, the first with a window of so many under way; its id."""
    made = _campaign(recipients=sum(map(len, shards)), **other)
    with app.app_context(), transaction() as session:
        session.add(made)
        session.flush()
        for number, recipients in enumerate(shards):
            _add(session, made.id, number, recipients, window if number == 0 else 0)
    return made.id


def _campaign(**other: Any) -> Campaign:
    text = {"title": "Ngày Chuyển đổi số", "body": "Mời bà con."}
    values = {
        "id": new_id(),
        "name": "Ngày Chuyển đổi số 26/3",
        "folded": "ngay chuyen doi so 26/3",
        "category": "news",
        "content": {"vi": text, "en": text},
        "link": "/news/26-3",
        "tag": "cds-2026",
        "audience": {},
        "spread": 0,
        "canary": 0,
        "ramp": 60,
        "resend": False,
        "state": State.RUNNING,
        "version": 5,
        "made_by": "officer:a",
        "made_at": STARTED,
        "emergency": False,
        "frozen_at": STARTED,
        "launched_at": STARTED,
    }
    return Campaign(**{**values, **other})


def _add(
    session: Session,
    campaign_id: uuid.UUID,
    number: int,
    recipients: Sequence[Recipient],
    window: int,
) -> None:
    shard = Shard(campaign_id=campaign_id, number=number, size=len(recipients), passes=0)
    shard.devices = array("Q", [r.number for r in recipients]).tobytes()
    shard.outcomes = bytes(r.outcome for r in recipients)
    if window:
        shard.sending_from, shard.sending_to = 0, window
    session.add(shard)
    ended = (r for r in recipients if r.outcome is not Outcome.PENDING)
    at = STARTED.replace(second=0)
    rows = [
        (at + timedelta(minutes=r.minute), r.platform, r.ward, r.outcome.name.lower(), 1)
        for r in ended
    ]
    counts.add(session, campaign_id, rows)
