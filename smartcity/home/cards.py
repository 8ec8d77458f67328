"""Banners and announcements: what editors show on the phone's first screen, and for how long."""

import uuid
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from smartcity.changes import service as changes
from smartcity.core import clock
from smartcity.core.errors import Invalid
from smartcity.core.text import fold
from smartcity.home import entries
from smartcity.home.models import Card
from smartcity.identity.permissions import Principal
from smartcity.jobs.service import enqueue
from smartcity.media import service as media
from smartcity.push import service as push

CHANGED = "card"  # in the log of public changes
TURN = "home.turn"
_FARTHEST = timedelta(days=3_660)
_LONGEST = 2_500  # characters of `folded`
_NOT_SAID: dict[str, Any] = {
    **dict.fromkeys(("title_en", "text_vi", "text_en", "media_id", "alt_vi", "alt_en", "link")),
    **{"level": "info", "areas": [], "platforms": [], "app_from": None, "ends_at": None, "rank": 0},
}


class Kind(StrEnum):
    """A banner has a picture, an announcement words."""

    BANNER = "banner"
    ANNOUNCEMENT = "announcement"


class Level(StrEnum):
    """How urgent an announcement is."""

    INFO = "info"
    WARNING = "warning"


class State(StrEnum):
    """Where a card is in its life."""

    SCHEDULED = "scheduled"
    SHOWING = "showing"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"


def create(session: Session, who: Principal, asked: Mapping[str, Any]) -> Card:
    """A card that shows itself within its window; Invalid, field by field, for what may not be."""
    values = {"starts_at": clock.now(), **_NOT_SAID, **asked}
    folded = {"folded": "", "showing": False, "withdrawn_at": None}
    card = entries.begin(session, Card, who, {**values, **folded})
    _use_picture(session, who, card)
    _written(session, card, asked)
    return card


def change(
    session: Session, who: Principal, card_id: uuid.UUID, version: int, asked: Mapping[str, Any]
) -> Card:
    """Write what was asked into a card; its window is watched anew."""
    card = entries.hold(session, Card, card_id, version)
    had = card.media_id
    entries.change(session, who, card, asked)
    if card.media_id != had:
        media.hand_over(session, subject(card), None)
        _use_picture(session, who, card)
    _written(session, card, asked)
    return card


def withdraw(
    session: Session, who: Principal, card_id: uuid.UUID, version: int, reason: str
) -> Card:
    """Hide a card, whatever its window says."""
    card = entries.hold(session, Card, card_id, version)
    entries.withdraw(session, who, card, reason)
    settle(session, card, edited=True)
    return card


def restore(session: Session, who: Principal, card_id: uuid.UUID, version: int) -> Card:
    """Let a withdrawn card's window hold again."""
    card = entries.hold(session, Card, card_id, version)
    entries.restore(session, who, card)
    settle(session, card, edited=True)
    return card


def settle(session: Session, card: Card, *, edited: bool) -> None:
    """Show or hide a card as its window says now, and look again when the window turns next.

    May come early, late or twice; nothing is told that did not change.
    """
    was, card.showing = card.showing, state(card) == State.SHOWING
    if card.showing != was or (edited and card.showing):
        pictures = [card.media_id] if card.showing and card.media_id else []
        media.show(session, [subject(card)], pictures)
        note = changes.appeared if card.showing else changes.vanished
        note(session, CHANGED, str(card.id))
    _look_again(session, card)


def subject(card: Card) -> str:
    """The name under which a card's picture is attached to it."""
    return f"card:{card.id}"


def state(card: Card) -> State:
    """Where a card is in its life now."""
    now = clock.now()
    if card.withdrawn_at is not None:
        return State.WITHDRAWN
    if now < card.starts_at:
        return State.SCHEDULED
    return State.SHOWING if card.ends_at is None or now < card.ends_at else State.ENDED


def _written(session: Session, card: Card, asked: Mapping[str, Any]) -> None:
    _check(card)
    if asked.get("ends_at") and asked["ends_at"] <= clock.now():
        raise Invalid(ends_at="home.ends_in_past")
    for name in ("starts_at", "ends_at"):
        if asked.get(name) and asked[name] > clock.now() + _FARTHEST:
            raise Invalid(**{name: "home.too_far"})
    words = (card.title_vi, card.title_en, card.text_vi, card.text_en)
    card.folded = fold(" ".join(filter(None, words)))[:_LONGEST]
    settle(session, card, edited=True)


def _check(card: Card) -> None:
    if card.kind == Kind.BANNER and card.media_id is None:
        raise Invalid(media_id="home.banner_without_picture")
    if card.kind == Kind.ANNOUNCEMENT and card.text_vi is None:
        raise Invalid(text_vi="field.required")
    if card.media_id is not None and card.alt_vi is None:
        raise Invalid(alt_vi="home.picture_without_words")
    if card.link is not None and not push.link_allowed(card.link):
        raise Invalid(link="home.link_not_allowed")
    if card.ends_at is not None and card.ends_at <= card.starts_at:
        raise Invalid(ends_at="home.ends_before_start")


def _use_picture(session: Session, who: Principal, card: Card) -> None:
    """Tie the picture to its card: the officer's own, unused, and made already."""
    if card.media_id is None:
        return
    try:
        (photo,) = media.attach(session, [card.media_id], who.key, subject(card))
    except Invalid as fault:
        raise Invalid(media_id=fault.errors["media_ids"][0]) from None
    if photo["status"] != "ready":
        raise Invalid(media_id="home.picture_not_ready")


def _look_again(session: Session, card: Card) -> None:
    now = clock.now()
    turns = [at for at in (card.starts_at, card.ends_at) if at is not None and at > now]
    if turns and card.withdrawn_at is None:
        wait = (min(turns) - now).total_seconds()
        enqueue(session, TURN, {"card": str(card.id), "version": card.version}, after=wait)
