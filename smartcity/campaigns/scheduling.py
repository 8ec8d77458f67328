"""When a campaign goes out, and how a person holds it, lets it go on, or ends it."""

import math
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from smartcity.campaigns.models import Campaign, Count, Outcome, State
from smartcity.campaigns.states import hold, step
from smartcity.core import clock
from smartcity.core.context import settings
from smartcity.core.errors import Invalid
from smartcity.identity.permissions import Principal
from smartcity.jobs import service as jobs
from smartcity.push import service as push

LAUNCH = "campaigns.launch"
CANCEL = "campaigns.cancel"
YEARLY = "yearly"
FARTHEST = timedelta(days=2 * 366)
_REACHED = [Outcome.ACCEPTED.name.lower(), Outcome.UNKNOWN.name.lower()]


def queue(campaign_id: uuid.UUID) -> str:
    """The queue of a campaign's jobs."""
    return f"campaign:{campaign_id}"


def is_critical(campaign: Campaign) -> bool:
    """Whether it is an urgent warning, by its category."""
    category = push.categories().get(campaign.category)
    return category is not None and category.critical


def check(campaign: Campaign) -> None:
    """Raise Invalid for what could not go out then, or as that.

    A category that the province has not; a time that is over, years ahead, or in quiet hours that
    it must keep.
    """
    if campaign.category not in push.categories():
        raise Invalid(category="campaign.unknown_category")
    at = campaign.starts_at
    if at is None:
        if campaign.recurs:
            raise Invalid(recurs="campaign.recurs_from_when")
        return
    if at < clock.now():
        raise Invalid(starts_at="campaign.starts_in_past")
    if at > clock.now() + FARTHEST:
        raise Invalid(starts_at="campaign.starts_too_far")
    if is_quiet(campaign, at):
        raise Invalid(starts_at="campaign.starts_in_quiet_hours")


def is_quiet(campaign: Campaign, at: datetime) -> bool:
    """Whether the province's quiet hours hold a campaign back then; critical ones pass."""
    return not is_critical(campaign) and push.province_quiet_ends(at) is not None


def launch(session: Session, campaign: Campaign) -> None:
    """Let the engine launch a campaign at its time, in the place of what waited to."""
    jobs.drop_queue(session, queue(campaign.id))
    starts = campaign.starts_at or clock.now()
    jobs.enqueue(
        session,
        LAUNCH,
        {"campaign": str(campaign.id), "hash": campaign.approved_hash},
        after=max(0.0, (starts - clock.now()).total_seconds()),
        priority=jobs.URGENT if is_critical(campaign) else jobs.NORMAL,
        queue=queue(campaign.id),
    )


def pause(session: Session, who: Principal, campaign_id: uuid.UUID, reason: str) -> Campaign:
    """Hold a campaign until it is resumed; at most a window of messages goes out yet."""
    campaign = hold(session, campaign_id)
    step(session, campaign, "pause", who, reason)
    jobs.pause(session, queue(campaign.id), who.key, reason)
    return campaign


def resume(session: Session, who: Principal, campaign_id: uuid.UUID, reason: str) -> Campaign:
    """Go on where a pause or a halt was; one that had not begun, at its time or at once."""
    campaign = hold(session, campaign_id)
    step(session, campaign, "resume", who, reason, halted=campaign.halted_reason)
    campaign.halted_reason = None
    jobs.resume(session, queue(campaign.id))
    if campaign.state == State.SCHEDULED:  # its job may have come and gone meanwhile
        launch(session, campaign)
    return campaign


def cancel(session: Session, who: Principal, campaign_id: uuid.UUID, reason: str) -> Campaign:
    """End a campaign for good; whose turn had not come gets nothing. A recall corrects the rest."""
    campaign = hold(session, campaign_id)
    step(session, campaign, "cancel", who, reason)
    jobs.resume(session, queue(campaign.id))
    key = {"campaign": str(campaign.id)}
    jobs.enqueue(session, CANCEL, key, priority=jobs.URGENT, queue=queue(campaign.id))
    return campaign


def audience(session: Session, campaign: Campaign) -> push.Counted:
    """Whom a campaign would reach now; of a recall, whom the first message may have reached."""
    if campaign.recall_of is None:
        return push.counted(session, campaign.audience, campaign.category)
    reached = Count.campaign_id == campaign.recall_of, Count.outcome.in_(_REACHED)
    query = select(Count.platform, func.sum(Count.count)).where(*reached).group_by(Count.platform)
    platforms = {platform: int(number) for platform, number in session.execute(query)}
    return push.Counted(sum(platforms.values()), platforms, locales={}, areas={})


def dry_run(session: Session, campaign: Campaign) -> Mapping[str, Any]:
    """Whom a campaign would reach if it began now or at its time, and how long it would take.

    `minutes` at our share of the quota, with ramp and spread; the canary's watch not counted.
    """
    counted = audience(session, campaign)
    minutes = _minutes(campaign, counted.total)
    starts = campaign.starts_at or clock.now()
    quiet = any(is_quiet(campaign, starts + timedelta(minutes=n)) for n in range(minutes + 1))
    return {"audience": counted, "minutes": minutes, "quiet_hours": quiet, "starts_at": starts}


def next_year(at: datetime) -> datetime:
    """The same day and hour of the next year, in local time; of 29 February the 28th."""
    local = at.astimezone(clock.LOCAL)
    year = local.year + 1
    try:
        return local.replace(year=year)
    except ValueError:
        return local.replace(year=year, day=28)


def _minutes(campaign: Campaign, recipients: int) -> int:
    per_minute = settings().fcm_per_minute * settings().fcm_share
    rising = campaign.ramp / 2 / 60  # the rate rises from nothing: half of it is lost
    return math.ceil(max(campaign.spread, recipients / per_minute + rising))
