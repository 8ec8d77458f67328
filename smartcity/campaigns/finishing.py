"""The ends: of a shard, of a campaign, and the halt that a person has to look at."""

import uuid

import structlog
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from smartcity.campaigns import shards, states, successors
from smartcity.campaigns.models import Campaign, Shard, State
from smartcity.campaigns.scheduling import queue
from smartcity.campaigns.shards import Batch
from smartcity.core import clock
from smartcity.identity.permissions import SYSTEM
from smartcity.jobs import service as jobs

_SENDING = {State.CANARY, State.RUNNING}
_MOST_OF_REASON = 200
log = structlog.get_logger(__name__)


def halt(session: Session, campaign: Campaign, reason: str) -> None:
    """Stop a campaign, whose row is held, until a person lets it go on."""
    states.step(session, campaign, "halt", SYSTEM, reason)
    campaign.halted_reason = reason[:_MOST_OF_REASON]
    jobs.pause(session, queue(campaign.id), SYSTEM.key, reason)
    log.error("campaign.halted", campaign=str(campaign.id), reason=reason)


def halt_sending(session: Session, campaign_id: uuid.UUID, reason: str) -> None:
    """Halt a campaign that is being sent; one that somebody stopped meanwhile stays as it is."""
    campaign = states.hold(session, campaign_id)
    if campaign.state in _SENDING:
        halt(session, campaign, reason)


def end_shard(session: Session, batch: Batch) -> None:
    """Close a shard for good, and with the last one the campaign."""
    shards.save(session, batch, done=True)
    finish_if_done(session, states.hold(session, batch.campaign.id))


def finish_if_done(session: Session, campaign: Campaign) -> None:
    """End a campaign, whose row is held, when all its shards are done.

    Of two last shards the second one sees the first: it waited for the row.
    """
    session.flush()
    open_shards = exists().where(Shard.campaign_id == campaign.id, Shard.done_at.is_(None))
    if campaign.state == State.CANARY or session.scalar(select(open_shards)):
        return
    if campaign.state == State.CANCELLED:
        campaign.finished_at = campaign.finished_at or clock.now()
    elif campaign.state == State.RUNNING:
        finish(session, campaign)


def finish(session: Session, campaign: Campaign) -> None:
    """End a campaign in which everybody has had his turn."""
    states.step(session, campaign, "finish", SYSTEM)
    campaign.finished_at = clock.now()
    successors.repeat(session, campaign)
