"""What a citizen keeps at hand: public things by their kind and id, on his account alone."""

import re
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from smartcity.changes import service as changes
from smartcity.core import clock
from smartcity.core.db import insert, one_at_a_time
from smartcity.core.errors import Conflict, NotFound
from smartcity.core.ids import new_id
from smartcity.core.paging import Page, newest_first
from smartcity.home.models import Bookmark
from smartcity.home.sync import SYNCED

MOST = 500  # of one citizen
_WORD = re.compile(r"[0-9A-Za-z_.-]{1,64}", re.ASCII)


def keep(session: Session, citizen_id: uuid.UUID, kind: str, ref: str) -> None:
    """Keep a thing; nothing happens if it is kept already.

    NotFound for what is not public now, Conflict for one more than 500.
    """
    if not _names_a_thing(kind, ref):
        raise NotFound("bookmark.not_public")
    one_at_a_time(session, f"bookmarks:{citizen_id}")
    if session.scalar(select(Bookmark.id).where(*_one(citizen_id, kind, ref))):
        return
    if kind not in SYNCED or not changes.is_public(session, kind, ref):
        raise NotFound("bookmark.not_public")
    own = select(func.count()).select_from(Bookmark).where(Bookmark.citizen_id == citizen_id)
    if session.scalars(own).one() >= MOST:
        raise Conflict("bookmark.too_many", most=MOST)
    named = {"citizen_id": citizen_id, "kind": kind, "ref": ref}
    insert(session, Bookmark, id=new_id(), made_at=clock.now(), **named)


def let_go(session: Session, citizen_id: uuid.UUID, kind: str, ref: str) -> None:
    """Keep a thing no longer; nothing happens if it is not kept."""
    if _names_a_thing(kind, ref):
        session.execute(delete(Bookmark).where(*_one(citizen_id, kind, ref)))


def listed(session: Session, citizen_id: uuid.UUID, asked: Mapping[str, Any]) -> bytes:
    """A page as JSON, kept last first: each thing as it is public now, or gone."""
    query = select(Bookmark).where(Bookmark.citizen_id == citizen_id)
    page = newest_first(session, query, (Bookmark.made_at, Bookmark.id), asked)
    texts = _texts(session, page)
    items = [_item(kept, texts.get((kept.kind, kept.ref))) for kept in page.items]
    return orjson.dumps({"items": items, "next_cursor": page.next_cursor})


def held_bookmarks(session: Session, citizen_id: uuid.UUID) -> Iterator[dict[str, Any]]:
    """All that he keeps, for his archive."""
    query = select(Bookmark).where(Bookmark.citizen_id == citizen_id).order_by(Bookmark.made_at)
    for kept in session.scalars(query):
        yield {"kind": kept.kind, "id": kept.ref, "made_at": kept.made_at}


def erase_bookmarks(session: Session, citizen_id: uuid.UUID) -> None:
    """Nobody is to know what he kept."""
    session.execute(delete(Bookmark).where(Bookmark.citizen_id == citizen_id))


def _names_a_thing(kind: str, ref: str) -> bool:
    """Whether it can be a kind and an id at all: PostgreSQL takes no NUL in a text."""
    return bool(_WORD.fullmatch(kind) and _WORD.fullmatch(ref))


def _one(citizen_id: uuid.UUID, kind: str, ref: str) -> tuple[Any, ...]:
    return Bookmark.citizen_id == citizen_id, Bookmark.kind == kind, Bookmark.ref == ref


def _texts(session: Session, page: Page[Bookmark]) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for kind in {kept.kind for kept in page.items}:
        refs = [kept.ref for kept in page.items if kept.kind == kind]
        found |= {(kind, ref): text for ref, text in SYNCED[kind](session, refs).items()}
    return found


def _item(kept: Bookmark, text: str | None) -> dict[str, Any]:
    at = kept.made_at.isoformat(timespec="milliseconds")
    told = {"kind": kept.kind, "id": kept.ref, "made_at": at, "gone": text is None}
    return {**told, "item": orjson.Fragment(text) if text else None}
