"""The end of a campaign that an officer cancelled: every shard's job ends its shard, now."""

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.campaigns import ramp, states
from smartcity.campaigns.models import Campaign, Shard, State
from smartcity.campaigns.scheduling import queue
from smartcity.core.db import transaction
from smartcity.jobs import service as jobs


def cancel(lease: jobs.Lease) -> None:
    """Let all shards that are not done be ended at once, those too that had no job yet.

    Only a shard's own job ever changes it: one that is being sent ends after its window.
    """
    campaign_id = uuid.UUID(lease.payload["campaign"])
    with transaction() as session:
        campaign = states.hold(session, campaign_id)
        if campaign.state == State.CANCELLED and campaign.frozen_at:
            _give_jobs(session, campaign)
    with transaction() as session:  # the campaign's row is not held: who ends a shard wants it
        jobs.urge(session, [job.id for job in jobs.of_queue(session, queue(campaign_id))])
        lease.finish(session)


def _give_jobs(session: Session, campaign: Campaign) -> None:
    having = {job.payload.get("shard") for job in jobs.of_queue(session, queue(campaign.id))}
    left = Shard.campaign_id == campaign.id, Shard.done_at.is_(None)
    numbers = session.scalars(select(Shard.number).where(*left)).all()
    jobs.enqueue_all(session, [ramp.job(campaign, n) for n in numbers if n not in having])
