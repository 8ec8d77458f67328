"""The phone's first screen in one answer: composed from cards, contacts, news and procedures."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import orjson
from sqlalchemy.orm import Session

from smartcity.catalogue import service as catalogue
from smartcity.guide import service as guide
from smartcity.home import card_views, contacts
from smartcity.home.cards import Kind, Level
from smartcity.home.models import Card, Contact
from smartcity.news import service as news
from smartcity.participation import service as participation
from smartcity.push import service as push
from smartcity.registers import service as registers

_PINNED, _LATEST, _SERVICES = 5, 20, 6
_OF_A_REGISTER = 3
# What there is to do, wherever one lives; notices are for those who live there.
_TO_DO = {
    "events": guide.EVENT,
    "activities": participation.ACTIVITY,
    "contests": participation.CONTEST,
    "surveys": participation.SURVEY,
}


def screen(session: Session, asked: Mapping[str, Any]) -> bytes:
    """JSON of what a phone shows first, by the areas, topics, platform and version that it names.

    What is meant for some is shown to whoever says that he is one of them.
    """
    meant = [card for card in card_views.showing(session) if _meant(card, asked)]
    cards = card_views.public(session, meant).values()
    calm = [card for card in cards if card["level"] != Level.WARNING]
    return orjson.dumps(
        {
            "warnings": [card for card in cards if card["level"] == Level.WARNING],
            "banners": [card for card in calm if card["kind"] == Kind.BANNER],
            "announcements": [card for card in calm if card["kind"] == Kind.ANNOUNCEMENT],
            **_news(session, asked.get("topic", [])),
            "services": _texts(catalogue.popular(session, _SERVICES)),
            **_registers(session, asked.get("area", ())),
            "contacts": [contacts.public(c) for c in contacts.showing(session) if _near(c, asked)],
        }
    )


def _meant(card: Card, asked: Mapping[str, Any]) -> bool:
    if card.platforms and asked.get("platform") not in card.platforms:
        return False
    if card.app_from and push.app_number(asked.get("app", "")) < push.app_number(card.app_from):
        return False
    return _near(card, asked)


def _near(entry: Card | Contact, asked: Mapping[str, Any]) -> bool:
    return not entry.areas or not set(entry.areas).isdisjoint(asked.get("area", ()))


def _news(session: Session, topics: list[str]) -> dict[str, list[Any]]:
    """What is pinned, whatever its topic, and the newest of the chosen topics."""
    newest = news.latest(session, topics=(), areas=(), limit=_LATEST + _PINNED)
    chosen = newest
    if topics:
        chosen = news.latest(session, topics=topics, areas=(), limit=_LATEST + _PINNED)
    latest = [card for card in chosen if not _pinned(card)]
    pinned = [card for card in newest if _pinned(card)]
    return {"pinned": _texts(pinned[:_PINNED]), "latest": _texts(latest[:_LATEST])}


def _registers(session: Session, areas: Collection[str]) -> dict[str, list[Any]]:
    notices = registers.first_cards(session, guide.NOTICE, _OF_A_REGISTER, areas)
    found = {
        name: _texts(registers.first_cards(session, kind, _OF_A_REGISTER))
        for name, kind in _TO_DO.items()
    }
    return {"city_notices": _texts(notices), **found}


def _pinned(card: str) -> bool:
    found: bool = orjson.loads(card)["pinned"]
    return found


def _texts(cards: Iterable[str]) -> list[orjson.Fragment]:
    return [orjson.Fragment(card) for card in cards]
