"""The minute's sum: every recipient of a campaign is somewhere, and counted once.

Recipients = pending + sending + unknown + all other outcomes, by the bytes of the shards; and the
counts that everybody reads say the same.
"""

import uuid
from collections import Counter
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    and_,
    cast,
    func,
    null,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.orm import Session

from smartcity.campaigns.models import Campaign, Count, Outcome, Shard, State
from smartcity.core import clock
from smartcity.core.db import reading, transaction

AFTER = timedelta(hours=1)  # the end, in which it is still looked at
_ENDED = (State.FINISHED, State.CANCELLED)
_NAMES = {outcome.name.lower() for outcome in Outcome}
_MOST = 200  # characters
log = structlog.get_logger(__name__)


def live() -> ColumnElement[bool]:
    """Campaigns that are being sent, or ended within the hour, or of which a sum was wrong."""
    moving = Campaign.state.not_in(_ENDED)
    ended = or_(Campaign.finished_at.is_(None), Campaign.finished_at > clock.now() - AFTER)
    looked_at = or_(moving, ended, Campaign.sum_error.is_not(None))
    return and_(Campaign.frozen_at.is_not(None), looked_at)


def check_all() -> None:
    """Check every live campaign, and keep what is wrong for the alarm and the officers."""
    with reading() as session:
        campaigns = session.scalars(select(Campaign.id).where(live())).all()
    for campaign_id in campaigns:
        with reading() as session:
            error = wrong(session, campaign_id)
        _keep(campaign_id, error)


def wrong(session: Session, campaign_id: uuid.UUID) -> str | None:
    """What does not agree, in one snapshot of the database; None when every sum is right."""
    recipients, sizes = 0, 0
    in_shards: Counter[str] = Counter()
    counted: Counter[str] = Counter()
    for name, number, outcomes in session.execute(_figures(campaign_id)):
        if outcomes is not None:
            sizes += number
            in_shards.update(_tally(outcomes))
        elif name:
            counted[name] += number
        else:
            recipients = number
    if not recipients == sizes == in_shards.total():
        return f"{recipients} recipients, {sizes} places, {in_shards.total()} outcomes"
    del in_shards["pending"]  # or being sent: of these nothing is counted yet
    odd = [n for n in sorted({*in_shards, *counted}) if in_shards[n] != counted[n]]
    told = (f"{n}: {in_shards[n]} in the shards, {counted[n]} in the counts" for n in odd)
    return "; ".join(told)[:_MOST] or None


def _tally(outcomes: bytes) -> dict[str, int]:
    """How many of each outcome; a byte that is none is not counted, and the sum is wrong."""
    return {o.name.lower(): n for o in Outcome if (n := outcomes.count(o))}


def _figures(campaign_id: uuid.UUID) -> CompoundSelect[Any]:
    """Name, number and bytes of shards, counts and campaign: one statement sees one moment."""
    places = select(null().label("name"), cast(Shard.size, Integer), Shard.outcomes)
    total = cast(func.sum(Count.count), Integer)
    counts = select(Count.outcome, total, null()).group_by(Count.outcome)
    whole = select(null(), Campaign.recipients, null())
    return union_all(
        places.where(Shard.campaign_id == campaign_id),
        counts.where(Count.campaign_id == campaign_id, Count.outcome.in_(_NAMES)),
        whole.where(Campaign.id == campaign_id),
    )


def _keep(campaign_id: uuid.UUID, error: str | None) -> None:
    if error:
        log.error("campaign.sum_wrong", campaign=str(campaign_id), error=error)
    changed = Campaign.id == campaign_id, Campaign.sum_error.is_distinct_from(error)
    with transaction() as session:
        session.execute(update(Campaign).where(*changed).values(sum_error=error))
