"""Campaigns as officers look for them: the newest first."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from smartcity.campaigns.models import Campaign, Step
from smartcity.core import clock
from smartcity.core.errors import NotFound
from smartcity.core.export import list_lines
from smartcity.core.paging import Page, newest_first
from smartcity.core.text import fold
from smartcity.core.texts import text

_FACTS = ("id", "name", "category", "link", "tag", "recipients", "emergency")
_PEOPLE = ("made_by", "approved_by", "reviewed_by")
_TIMES = ("made_at", "approved_at", "starts_at", "launched_at", "finished_at")
COLUMNS = ("state", *_FACTS, *_PEOPLE, *_TIMES)


def find(session: Session, campaign_id: uuid.UUID) -> Campaign:
    """A campaign; NotFound."""
    campaign = session.get(Campaign, campaign_id)
    if campaign is None:
        raise NotFound("campaign.not_found")
    return campaign


def steps(session: Session, campaign_id: uuid.UUID) -> Sequence[Step]:
    """Who moved a campaign, first to last."""
    find(session, campaign_id)
    query = select(Step).where(Step.campaign_id == campaign_id)
    return session.scalars(query.order_by(Step.number)).all()


def listed(session: Session, asked: Mapping[str, Any]) -> Page[Campaign]:
    """The campaigns that the filters name; `q` is looked for in names, without accents."""
    query = select(Campaign).where(*_wanted(asked))
    return newest_first(session, query, (Campaign.made_at, Campaign.id), asked)


def lines(asked: Mapping[str, Any]) -> Iterator[str]:
    """The list as CSV, piece by piece, 100,000 campaigns at most."""
    headings = [text(f"campaign.column.{name}") for name in COLUMNS]
    return list_lines(headings, listed, asked, _cells)


def _wanted(asked: Mapping[str, Any]) -> Iterator[ColumnElement[bool]]:
    if asked.get("state"):
        yield Campaign.state.in_(asked["state"])
    if asked.get("category"):
        yield Campaign.category == asked["category"]
    if asked.get("made_by"):
        yield Campaign.made_by == f"officer:{asked['made_by']}"
    if asked.get("unreviewed"):
        yield Campaign.emergency.is_(True)
        yield Campaign.reviewed_at.is_(None)
    if asked.get("q"):
        yield Campaign.folded.contains(fold(asked["q"]), autoescape=True)
    if asked.get("since"):
        yield Campaign.made_at >= asked["since"]
    if asked.get("until"):
        yield Campaign.made_at < asked["until"]


def _cells(campaign: Campaign) -> list[object]:
    facts = [getattr(campaign, name) for name in (*_FACTS, *_PEOPLE)]
    times = (getattr(campaign, name) for name in _TIMES)
    when = [at and at.astimezone(clock.LOCAL).isoformat(timespec="seconds") for at in times]
    return [text(f"campaign.state.{campaign.state}"), *facts, *when]
