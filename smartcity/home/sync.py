"""What a phone keeps to read without a network, and what has changed of it since."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

import orjson
from sqlalchemy.orm import Session

from smartcity.catalogue import service as catalogue
from smartcity.changes import service as changes
from smartcity.changes.models import Change
from smartcity.core.errors import Conflict
from smartcity.guide import service as guide
from smartcity.home import app_config, card_views, contacts
from smartcity.news import service as news
from smartcity.participation import service as participation
from smartcity.registers import service as registers

Read = Callable[[Session, Collection[str]], Mapping[str, str]]


def _of_register(kind: registers.Kind) -> Read:
    return lambda session, refs: registers.for_phones(session, kind, refs)


# How a public thing of each kind reads: JSON by its ref. What is not public is left out.
SYNCED: dict[str, Read] = {
    "app_config": app_config.for_phones,
    "card": card_views.for_phones,
    "contact": contacts.for_phones,
    "document": news.documents_for_phones,
    "news": news.for_phones,
    participation.QUESTION: participation.questions_for_phones,
    "service": catalogue.services_for_phones,
    **{kind.name: _of_register(kind) for kind in (*guide.KINDS, *participation.KINDS)},
}
# Of thousands of procedures and places a person needs a few: a phone that wants them names them.
UNASKED = ("app_config", "card", "contact", "document", "news")


def delta(session: Session, since: int, most: int, kinds: Collection[str]) -> bytes:
    """JSON of the first `most` changes after a position, in their order; of procedures if asked.

    A thing stands there once, as it is now, or as gone. Conflict for a position that was never
    given out: then the phone's copy is of another database, and it begins anew.
    """
    found = changes.since(session, since, most + 1, kinds or UNASKED)
    if not found and since > changes.head(session):
        raise Conflict("sync.unknown_position")
    shown = found[:most]
    last = shown[-1].position if shown else since
    body = {"items": _items(session, shown), "next": last, "more": len(found) > most}
    return orjson.dumps(body)


def _items(session: Session, found: Collection[Change]) -> list[dict[str, Any]]:
    texts: dict[tuple[str, str], str] = {}
    for kind in dict.fromkeys(change.kind for change in found):
        refs = [change.ref for change in found if change.kind == kind and not change.gone]
        texts |= {(kind, ref): text for ref, text in SYNCED[kind](session, refs).items()}
    return [_item(change, texts.get((change.kind, change.ref))) for change in found]


def _item(change: Change, text: str | None) -> dict[str, Any]:
    """Without a text it has gone since the changes were read; its tombstone is yet to come."""
    told = {"kind": change.kind, "id": change.ref, "position": change.position}
    return {**told, "gone": text is None, "item": text and orjson.Fragment(text)}
