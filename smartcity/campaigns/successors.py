"""Campaigns made of others: a copy, the correction of one, the same a year later."""

import uuid
from typing import Any

from sqlalchemy.orm import Session

from smartcity.campaigns.drafting import begin
from smartcity.campaigns.models import Campaign
from smartcity.campaigns.scheduling import next_year
from smartcity.campaigns.states import ENDED, hold
from smartcity.core.errors import Conflict
from smartcity.core.texts import text
from smartcity.identity.permissions import SYSTEM, Principal

_MESSAGE = ("name", "category", "content", "link", "template", "audience", "resend")
_PACE = ("spread", "canary", "ramp")
_NO_TIME = {"starts_at": None, "recurs": None}


def copy(session: Session, who: Principal, campaign_id: uuid.UUID) -> Campaign:
    """A draft with the message, audience and pace of another, a tag of its own, and no time."""
    return begin(session, who, "create", **_of(hold(session, campaign_id)), tag="", **_NO_TIME)


def recall(session: Session, who: Principal, campaign_id: uuid.UUID) -> Campaign:
    """The draft of a correction, in the first one's place on every phone that may have got it.

    No canary, since it is late already. Conflict while the first could reach anybody yet, and when
    it reached nobody.
    """
    first = hold(session, campaign_id)
    if first.state not in ENDED or first.finished_at is None:
        raise Conflict("campaign.not_over", state=text(f"campaign.state.{first.state}"))
    message = {**_of(first), "canary": 0, "spread": 0}
    return begin(session, who, "create", **message, tag=first.tag, recall_of=first.id, **_NO_TIME)


def repeat(session: Session, campaign: Campaign) -> None:
    """Of a campaign that recurs and has ended, a draft for the same day of the next year.

    A draft, not a schedule: what was right to say then, and to whom, two people have to say again.
    Whoever submits it may not approve it, so it takes two although the program wrote it.
    """
    if campaign.recurs and campaign.starts_at:
        begin(
            session,
            SYSTEM,
            "recur",
            **_of(campaign),
            tag="",
            starts_at=next_year(campaign.starts_at),
            recurs=campaign.recurs,
            recurrence_of=campaign.id,
        )


def _of(campaign: Campaign) -> dict[str, Any]:
    return {name: getattr(campaign, name) for name in (*_MESSAGE, *_PACE)}
