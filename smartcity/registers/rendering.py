"""An entry as the public reads it: JSON texts, written when its record changes."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy.orm import Session

from smartcity.core.errors import Invalid
from smartcity.core.paging import Page
from smartcity.media import service as media
from smartcity.registers.kind import Kind
from smartcity.registers.models import Entry

Photos = Sequence[Mapping[str, Any]]


def subject(entry: Entry) -> str:
    """What the photos of an entry are tied to."""
    return f"register:{entry.id}"


def render(session: Session, kind: Kind, entry: Entry) -> None:
    """Write an entry's public texts; its photos are shown, and no other of its.

    Raises Invalid naming `photos` while one of them is not ready.
    """
    photos = _photos(session, entry)
    more = {**kind.more(entry.record), **kind.beside(session, entry)}
    told = {**_standing(entry), **entry.record, **more, "photos": photos}
    entry.card = _json(told, (*_STANDING, *kind.in_card, *kind.more_in_card))
    entry.whole = _json(told, kind.whole_schema._declared_fields)


def page_of_cards(page: Page[Entry]) -> bytes:
    """A list's answer: its cards as they are."""
    cards = ",".join(entry.card for entry in page.items)
    cursor = orjson.dumps(page.next_cursor).decode()
    return f'{{"items":[{cards}],"next_cursor":{cursor}}}'.encode()


_STANDING = ("id", "version", "published_at", "changed_at", "demo")


def _standing(entry: Entry) -> dict[str, Any]:
    assert entry.published_at
    return {
        "id": str(entry.id),
        "version": entry.version,
        "published_at": entry.published_at.isoformat(timespec="milliseconds"),
        "changed_at": entry.changed_at.isoformat(timespec="milliseconds"),
        "demo": entry.demo,
    }


def _photos(session: Session, entry: Entry) -> Photos:
    wanted = entry.record["photos"]
    if not (wanted or entry.version > 1):
        return ()
    media.show(session, [subject(entry)], [uuid.UUID(photo["media_id"]) for photo in wanted])
    session.flush()
    found = media.shown_of(session, [subject(entry)]).get(subject(entry), ())
    shown = {str(photo["id"]): photo for photo in found}
    if any(photo["media_id"] not in shown for photo in wanted):
        raise Invalid(photos="register.photo_not_ready")
    return [{"alt": photo["alt"], "photo": shown[photo["media_id"]]} for photo in wanted]


def _json(told: Mapping[str, Any], names: Iterable[str]) -> str:
    return orjson.dumps({name: told.get(name) for name in names}).decode()
