"""From an approved campaign to its first shards' jobs."""

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.adapters.fcm import sdk
from smartcity.adapters.fcm.answers import Answer
from smartcity.audit.service import record
from smartcity.campaigns import finishing, freezing, ramp, shards, states
from smartcity.campaigns.approval import fingerprint
from smartcity.campaigns.drafting import notification
from smartcity.campaigns.models import Campaign, Shard, State
from smartcity.campaigns.scheduling import is_critical
from smartcity.core import clock
from smartcity.core.db import reading, transaction
from smartcity.core.errors import Permanent
from smartcity.core.texts import LANGUAGES, text
from smartcity.identity.permissions import SYSTEM
from smartcity.jobs import service as jobs
from smartcity.push import service as push


def launch(lease: jobs.Lease) -> None:
    """Freeze the audience of a campaign that is due, let FCM look at its message, and begin.

    A run that follows one that died goes on where that one was.
    """
    with transaction() as session:
        campaign = states.hold(session, uuid.UUID(lease.payload["campaign"]))
        lease.hold(session)
        if not _is_due(session, lease, campaign):
            return
    if campaign.frozen_at is None:
        try:
            freezing.freeze(lease, campaign)
        except freezing.Stopped:
            with transaction() as session:
                lease.postpone(session, 0.0)  # then what was written is forgotten
            return
    refused = _refused(campaign)
    with transaction() as session:
        lease.hold(session)
        campaign = states.hold(session, campaign.id)
        if campaign.state == State.FREEZING and refused:
            _halt(session, lease, campaign, refused)
        elif campaign.state == State.FREEZING:
            _begin(session, campaign)


def _is_due(session: Session, lease: jobs.Lease, campaign: Campaign) -> bool:
    """Whether it may be frozen now; else it waits, or is halted, or was ended before its time."""
    now = clock.now()
    if campaign.state not in (State.SCHEDULED, State.FREEZING):
        if campaign.frozen_at is None:
            freezing.clear(session, campaign.id)
        return False
    if campaign.approved_hash != fingerprint(campaign):
        _halt(session, lease, campaign, text("campaign.halted_changed", LANGUAGES[0]))
        return False
    quiet = None if is_critical(campaign) else push.province_quiet_ends(now)
    due = max(campaign.starts_at or now, quiet or now)
    if due > now:
        lease.postpone(session, (due - now).total_seconds())
        return False
    if campaign.state == State.SCHEDULED:
        states.step(session, campaign, "launch", SYSTEM)
    return True


def _halt(session: Session, lease: jobs.Lease, campaign: Campaign, reason: str) -> None:
    """The job stays in the queue, which is paused: who lets the campaign go on lets it begin."""
    finishing.halt(session, campaign, reason)
    lease.postpone(session, 0.0)


def _refused(campaign: Campaign) -> str | None:
    """What FCM says against the message itself; that it is away is for the canary to find out."""
    device = _first_device(campaign)
    if device is None:
        return None
    try:
        shown = notification(campaign, device.locale)
        reply = sdk.push().validate(shown, (device.kind, device.value), f"{campaign.id}.0.0")
    except Permanent:
        return text("campaign.halted_no_push", LANGUAGES[0])
    if reply.answer is not Answer.REFUSED:
        return None
    return text("campaign.halted_refused", LANGUAGES[0], said=reply.detail)


def _first_device(campaign: Campaign) -> push.Address | None:
    first = Shard.campaign_id == campaign.id, Shard.number == 0
    with reading() as session:
        devices = session.scalar(select(Shard.devices).where(*first))
        numbers = shards.numbers(devices or b"")
        found = push.devices_of(session, numbers[:100], campaign.category)
    return next(iter(found.values()), None)


def _begin(session: Session, campaign: Campaign) -> None:
    """Everybody whom it is meant for finds it in his inbox from now on."""
    now = campaign.launched_at = clock.now()
    push.broadcast(
        session,
        id=campaign.id,
        category=campaign.category,
        content=campaign.content,
        link=campaign.link,
        audience=campaign.audience,
        at=now,
    )
    if campaign.recall_of:
        push.recall(session, campaign.recall_of, now)
    if is_critical(campaign) and (until := push.province_quiet_ends(now)):
        subject = ("campaign", campaign.id)
        record(session, SYSTEM.key, "campaign.pass_quiet_hours", subject, until=until.isoformat())
    if not campaign.recipients:
        finishing.finish(session, campaign)
    elif campaign.canary:
        states.step(session, campaign, "begin_canary", SYSTEM)
        jobs.enqueue_all(session, [ramp.job(campaign, 0)])
    else:
        states.step(session, campaign, "run", SYSTEM)
        ramp.enqueue(session, campaign, first=0)
