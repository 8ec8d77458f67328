"""Cards as the public reads them, and their pictures as officers see them."""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.home.cards import state, subject
from smartcity.home.entries import two
from smartcity.home.models import Card
from smartcity.media import service as media


def showing(session: Session) -> Sequence[Card]:
    """The cards that are public, in the order of the screen."""
    query = select(Card).where(Card.showing).order_by(Card.rank, Card.id)
    return session.scalars(query).all()


def public(session: Session, found: Collection[Card]) -> dict[str, dict[str, Any]]:
    """Cards as the public reads them, by id."""
    pictures = media.shown_of(session, [subject(card) for card in found])
    return {str(card.id): _public(card, pictures.get(subject(card), [])) for card in found}


def for_phones(session: Session, refs: Collection[str]) -> dict[str, str]:
    """Public cards as JSON, by id."""
    wanted = Card.showing, Card.id.in_([uuid.UUID(ref) for ref in refs])
    found = public(session, session.scalars(select(Card).where(*wanted)).all())
    return {ref: orjson.dumps(card).decode() for ref, card in found.items()}


def for_officers(session: Session, found: Sequence[Card]) -> list[dict[str, Any]]:
    """Cards with their state, and their pictures by links of an hour."""
    photos = media.of_subjects(session, [subject(card) for card in found])
    return [_for_officer(card, photos.get(subject(card), [])) for card in found]


def _for_officer(card: Card, photos: Sequence[media.Photo]) -> dict[str, Any]:
    columns = {column.key: getattr(card, column.key) for column in Card.__mapper__.column_attrs}
    return {**columns, "state": state(card), "picture": photos[0] if photos else None}


def _public(card: Card, photos: Sequence[media.PublicPhoto]) -> dict[str, Any]:
    return {
        "id": str(card.id),
        "kind": card.kind,
        "level": card.level,
        "title": two(card.title_vi, card.title_en),
        "text": two(card.text_vi, card.text_en),
        "picture": _picture(card, photos[0]) if photos else None,
        "link": card.link,
        "areas": card.areas,
        "platforms": card.platforms,
        "app_from": card.app_from,
        "starts_at": _time(card.starts_at),
        "ends_at": _time(card.ends_at),
    }


def _picture(card: Card, photo: media.PublicPhoto) -> dict[str, Any]:
    size = {"width": photo["width"], "height": photo["height"]}
    return {"alt": two(card.alt_vi, card.alt_en), **size, "links": photo["links"]}


def _time(at: datetime | None) -> str | None:
    return at.isoformat(timespec="milliseconds") if at else None
