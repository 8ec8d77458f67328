"""A second person's word for exactly one message to exactly one audience.

In an emergency it is one person's word, reviewed afterwards.
"""

import hashlib
import json
import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.campaigns import lint, scheduling
from smartcity.campaigns.models import Campaign, Step
from smartcity.campaigns.states import check, hold, step
from smartcity.core import clock
from smartcity.core.errors import Conflict, Forbidden, Invalid
from smartcity.identity.permissions import Principal
from smartcity.jobs import service as jobs

_BOUND = ("content", "link", "tag", "category", "audience", "resend")
_WRITING = ("create", "edit", "submit")


def fingerprint(campaign: Campaign) -> str:
    """SHA-256, in hexadecimal, of what an approval binds: the message, to whom, and how often.

    Over canonical JSON: keys in order, no spaces, UTF-8.
    """
    bound = {name: getattr(campaign, name) for name in _BOUND}
    bound["recall_of"] = str(campaign.recall_of) if campaign.recall_of else None
    written = json.dumps(bound, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def submit(session: Session, who: Principal, campaign_id: uuid.UUID, version: int) -> Campaign:
    """Ask for approval; Invalid while lint finds errors, for a bad time, for an audience of 0."""
    campaign = hold(session, campaign_id, version)
    check(campaign, "submit", who)
    _check_ready(session, campaign)
    step(session, campaign, "submit", who, hash=fingerprint(campaign))
    return campaign


def withdraw(session: Session, who: Principal, campaign_id: uuid.UUID, version: int) -> Campaign:
    """Take a campaign back out of review, to write on."""
    campaign = hold(session, campaign_id, version)
    step(session, campaign, "withdraw", who)
    return campaign


def approve(
    session: Session, who: Principal, campaign_id: uuid.UUID, version: int, hash: str
) -> Campaign:
    """Let a campaign go out while its `fingerprint` is the `hash` that its approver saw.

    Forbidden to whoever wrote any of it or submitted it. Conflict when it is not what was seen.
    """
    campaign = hold(session, campaign_id, version)
    check(campaign, "approve", who)
    if _did(session, campaign, who, *_WRITING):
        raise Forbidden("campaign.own_work")
    if hash != fingerprint(campaign):
        raise Conflict("campaign.not_what_was_seen")
    scheduling.check(campaign)
    campaign.approved_by, campaign.approved_at = who.key, clock.now()
    campaign.approved_hash = hash
    step(session, campaign, "approve", who, hash=hash)
    scheduling.launch(session, campaign)
    return campaign


def send_back(
    session: Session, who: Principal, campaign_id: uuid.UUID, version: int, reason: str
) -> Campaign:
    """Give a campaign back to be written on; one that was approved loses its approval."""
    campaign = hold(session, campaign_id, version)
    step(session, campaign, "send_back", who, reason)
    campaign.approved_by = campaign.approved_at = campaign.approved_hash = None
    campaign.emergency = False
    jobs.drop_queue(session, scheduling.queue(campaign.id))
    return campaign


def break_glass(
    session: Session, who: Principal, campaign_id: uuid.UUID, version: int, reason: str
) -> Campaign:
    """Send an urgent warning at once on one person's word, whatever time was planned."""
    campaign = hold(session, campaign_id, version)
    check(campaign, "break_glass", who)
    if not scheduling.is_critical(campaign):
        raise Invalid(category="campaign.not_critical")
    planned, campaign.starts_at, campaign.recurs = campaign.starts_at, None, None
    _check_ready(session, campaign)
    campaign.emergency, campaign.approved_hash = True, fingerprint(campaign)
    told = {"hash": campaign.approved_hash, "planned": planned and planned.isoformat()}
    step(session, campaign, "break_glass", who, reason, **told)
    scheduling.launch(session, campaign)
    return campaign


def review(session: Session, who: Principal, campaign_id: uuid.UUID, finding: str) -> Campaign:
    """Note what another person finds of an emergency's sending, once it was sent."""
    campaign = hold(session, campaign_id)
    check(campaign, "review", who)
    if not campaign.emergency or campaign.reviewed_at:
        raise Conflict("campaign.nothing_to_review")
    if _did(session, campaign, who, *_WRITING, "break_glass"):
        raise Forbidden("campaign.own_work")
    campaign.reviewed_by, campaign.reviewed_at = who.key, clock.now()
    step(session, campaign, "review", who, finding)
    return campaign


def _check_ready(session: Session, campaign: Campaign) -> None:
    """Raise Invalid for what must not go out."""
    scheduling.check(campaign)
    faults = [found for found in lint.findings(campaign) if found.severity == lint.ERROR]
    if faults:
        raise Invalid(**{found.field: found.message for found in reversed(faults)})
    if not scheduling.audience(session, campaign).total:
        raise Invalid(audience="campaign.nobody")


def _did(session: Session, campaign: Campaign, who: Principal, *actions: str) -> bool:
    mine = Step.campaign_id == campaign.id, Step.actor == who.key, Step.action.in_(actions)
    return session.scalar(select(Step.number).where(*mine).limit(1)) is not None
