"""Campaigns as officers write them: in their own words, or those of a template."""

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from smartcity.adapters.fcm.envelope import Notification
from smartcity.campaigns import scheduling, templates
from smartcity.campaigns.models import Campaign, State
from smartcity.campaigns.states import check, hold, step
from smartcity.core import clock
from smartcity.core.errors import Invalid
from smartcity.core.ids import new_id
from smartcity.core.text import fold
from smartcity.core.texts import LANGUAGES
from smartcity.identity.permissions import Principal
from smartcity.push import service as push

LIFETIME = 86_400  # seconds that a message waits for a phone that is off
WRITTEN = (
    *("name", "category", "content", "link", "tag", "template", "audience", "resend"),
    *("starts_at", "spread", "recurs", "canary", "ramp"),
)
_FOLDED = 150  # characters


def content_of(campaign: Campaign, locale: str) -> dict[str, str]:
    """The title and body that a phone of this language shows; Vietnamese where it has no other."""
    found: dict[str, str] = campaign.content.get(locale) or campaign.content[LANGUAGES[0]]
    return found


def notification(campaign: Campaign, locale: str) -> Notification:
    """What a phone of this language is sent."""
    return Notification(
        **content_of(campaign, locale),
        link=campaign.link,
        tag=campaign.tag,
        category=campaign.category,
        ttl=LIFETIME,
        critical=scheduling.is_critical(campaign),
    )


def create(session: Session, who: Principal, asked: Mapping[str, Any]) -> Campaign:
    """A draft of what an officer wrote; Invalid for what could never be sent, field by field."""
    campaign = begin(session, who, "create", **_worded(session, asked))
    scheduling.check(campaign)
    return campaign


def change(
    session: Session, who: Principal, campaign_id: uuid.UUID, version: int, asked: Mapping[str, Any]
) -> Campaign:
    """Write a draft anew; Conflict once it was submitted.

    A recall keeps its audience and its tag: it is for those whom the first message reached.
    """
    campaign = hold(session, campaign_id, version)
    check(campaign, "edit", who)
    before = told(campaign)
    written = _worded(session, asked)
    if campaign.recall_of and written["audience"] != campaign.audience:
        raise Invalid(audience="campaign.recall_is_for")
    if campaign.recall_of and written["tag"] not in ("", campaign.tag):
        raise Invalid(tag="campaign.recall_is_for")
    _write(campaign, {**written, "tag": written["tag"] or campaign.tag})
    scheduling.check(campaign)
    after = told(campaign)
    changes = {name: [was, after[name]] for name, was in before.items() if was != after[name]}
    step(session, campaign, "edit", who, changes=changes)
    return campaign


def discard(session: Session, who: Principal, campaign_id: uuid.UUID, version: int) -> Campaign:
    """Give a draft up; a copy brings it back."""
    campaign = hold(session, campaign_id, version)
    step(session, campaign, "discard", who)
    return campaign


def begin(session: Session, who: Principal, action: str, **written: Any) -> Campaign:
    """A new draft, `action` being its first step; without a tag it gets its own."""
    campaign = Campaign(
        id=new_id(),
        state=State.DRAFT,
        version=0,
        made_by=who.key,
        made_at=clock.now(),
        emergency=False,
    )
    _write(campaign, {**written, "tag": written["tag"] or str(campaign.id)})
    session.add(campaign)
    session.flush()  # its first step points to it
    step(session, campaign, action, who, written=told(campaign))
    return campaign


def told(campaign: Campaign) -> dict[str, Any]:
    """What the audit keeps of a draft: all but the values of a template, which its words hold."""
    kept = {name: getattr(campaign, name) for name in WRITTEN if name != "template"}
    return {**kept, "starts_at": campaign.starts_at and campaign.starts_at.isoformat()}


def _write(campaign: Campaign, written: Mapping[str, Any]) -> None:
    for name, value in written.items():
        setattr(campaign, name, value)
    campaign.folded = fold(campaign.name)[:_FOLDED]
    category = push.categories().get(campaign.category)
    if campaign.resend is None:
        campaign.resend = category is not None and category.resend


def _worded(session: Session, asked: Mapping[str, Any]) -> dict[str, Any]:
    """What was asked, with a template's words in its place; its link where no other was given."""
    if asked["template"] is None:
        return dict(asked)
    template, content = templates.rendered(session, **asked["template"])
    used = {**asked["template"], "version": template.version}
    return {**asked, "template": used, "content": content, "link": asked["link"] or template.link}
