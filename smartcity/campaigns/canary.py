"""The first shard goes alone; how it fared decides whether the others follow."""

import uuid
from collections import Counter
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.campaigns import finishing, ramp, states
from smartcity.campaigns.models import Campaign, Outcome, Shard, State
from smartcity.campaigns.scheduling import queue
from smartcity.core.db import transaction
from smartcity.core.texts import LANGUAGES, text
from smartcity.identity.permissions import SYSTEM
from smartcity.jobs import service as jobs

PROCEED = "campaigns.proceed"
FEWEST = 20  # of fewer phones a share says nothing
_NOT_SENT_TO = {Outcome.PENDING, Outcome.LEFT, Outcome.QUIET, Outcome.CANCELLED}


class Limit(NamedTuple):
    """More than this share of the canary with one of these outcomes halts the campaign."""

    share: float
    outcomes: frozenset[Outcome]
    reason: str


# Addresses of another Firebase project are a mistake in the app's build, never chance; a message
# that FCM refuses is refused for everybody; a fifth of failures is four times the dead addresses
# that 30 days leave behind.
_FAILURES = {Outcome.UNKNOWN, Outcome.PRUNED, Outcome.QUARANTINED, Outcome.FAILED}
LIMITS = (
    Limit(0.0, frozenset({Outcome.FAILED}), "campaign.halted_refused_some"),
    Limit(0.01, frozenset({Outcome.QUARANTINED}), "campaign.halted_other_sender"),
    Limit(0.20, frozenset(_FAILURES), "campaign.halted_failures"),
)


def end(session: Session, campaign: Campaign) -> None:
    """Let a job look how the first ones fared, where there was a canary."""
    if campaign.canary:
        _enqueue(session, campaign, judged=False)


def proceed(lease: jobs.Lease) -> None:
    """Let the others follow, or halt: then a person's word lets them follow all the same."""
    with transaction() as session:
        campaign = states.hold(session, uuid.UUID(lease.payload["campaign"]))
        reason = None if lease.payload["judged"] else verdict(session, campaign)
        if campaign.state != State.CANARY:
            pass
        elif reason:
            finishing.halt(session, campaign, reason)
            _enqueue(session, campaign, judged=True)
        else:
            states.step(session, campaign, "run", SYSTEM)
            ramp.enqueue(session, campaign, first=1)
            finishing.finish_if_done(session, campaign)
        lease.finish(session)


def verdict(session: Session, campaign: Campaign) -> str | None:
    """Why the others must not follow, in words; None when they may."""
    first = Shard.campaign_id == campaign.id, Shard.number == 0
    found = Counter(map(Outcome, session.scalars(select(Shard.outcomes).where(*first)).one()))
    sent = found.total() - sum(found[outcome] for outcome in _NOT_SENT_TO)
    for limit in LIMITS:
        struck = sum(found[outcome] for outcome in limit.outcomes)
        counts = sent >= FEWEST or not limit.share
        if counts and struck > limit.share * sent:
            return text(limit.reason, LANGUAGES[0], struck=struck, sent=sent)
    return None


def _enqueue(session: Session, campaign: Campaign, *, judged: bool) -> None:
    payload = {"campaign": str(campaign.id), "judged": judged}
    own = queue(campaign.id)
    jobs.enqueue(session, PROCEED, payload, queue=own, priority=jobs.URGENT)
