"""Entries as they are looked for, by officers and by the public."""

import uuid
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from smartcity.areas import service as areas
from smartcity.changes.kept import TAKEN_BACK
from smartcity.core import clock
from smartcity.core.errors import NotFound
from smartcity.core.export import list_lines
from smartcity.core.paging import Page, in_order, newest_first
from smartcity.core.text import fold
from smartcity.core.texts import text
from smartcity.registers.kind import Kind, Order
from smartcity.registers.models import Entry, EntryArea, EntryVersion, State
from smartcity.registers.rendering import page_of_cards

COLUMNS = ("key", "state", "category", "title", "ward", "demo", "version", "changed_at")


def listed(session: Session, kind: Kind, asked: Mapping[str, Any]) -> Page[Entry]:
    """The entries that an officer's filters name, in every state, changed last first."""
    query = select(Entry).where(Entry.kind == kind.name, *wanted(asked))
    if asked.get("state"):
        query = query.where(Entry.state == asked["state"])
    if asked.get("demo") is not None:
        query = query.where(Entry.demo == asked["demo"])
    return newest_first(session, query, (Entry.changed_at, Entry.id), _of(kind, asked))


def lines(kind: Kind, asked: Mapping[str, Any]) -> Iterator[str]:
    """That list as CSV, piece by piece, 100,000 entries at most."""
    headings = [text(f"register.column.{name}") for name in COLUMNS]
    return list_lines(headings, lambda s, page: listed(s, kind, page), asked, _cells)


def found(session: Session, kind: Kind, entry_id: uuid.UUID) -> Entry:
    """An entry in any state; NotFound."""
    entry = session.get(Entry, entry_id)
    if entry is None or entry.kind != kind.name:
        raise NotFound("register.not_found")
    return entry


def versions(
    session: Session, kind: Kind, entry_id: uuid.UUID, asked: Mapping[str, Any]
) -> Page[EntryVersion]:
    """What an entry was, the newest version first."""
    found(session, kind, entry_id)
    query = select(EntryVersion).where(EntryVersion.entry_id == entry_id)
    return newest_first(session, query, (EntryVersion.at, EntryVersion.number), asked)


def public(session: Session, kind: Kind, asked: Mapping[str, Any]) -> bytes:
    """A page of the public's list as JSON: those whose window is past only if asked for."""
    query = select(Entry).where(*is_public(kind), Entry.over.is_(asked.get("over", False)))
    query = query.where(*wanted(asked), *kind.narrow(asked))
    key = getattr(Entry, kind.order.value)
    pages = newest_first if kind.order is Order.NEWEST else in_order
    return page_of_cards(pages(session, query, (key, Entry.id), _of(kind, asked)))


def first_cards(
    session: Session, kind: Kind, most: int, wards: Collection[str] | None = None
) -> list[str]:
    """The first current entries of the public's list as JSON; with `wards`, of those and of all."""
    query = select(Entry.card).where(*is_public(kind), Entry.over.is_(False))
    if wards is not None:
        query = query.where(_meant_for(wards))
    key = getattr(Entry, kind.order.value)
    order = key.desc() if kind.order is Order.NEWEST else key
    return list(session.scalars(query.order_by(order, Entry.id).limit(most)))


def whole(session: Session, kind: Kind, entry_id: uuid.UUID) -> bytes:
    """A published entry as JSON; NotFound."""
    return public_entry(session, kind, entry_id).whole.encode()


def public_entry(session: Session, kind: Kind, entry_id: uuid.UUID) -> Entry:
    """A published entry; NotFound."""
    entry = session.scalar(select(Entry).where(*is_public(kind), Entry.id == entry_id))
    if entry is None:
        raise NotFound("register.not_found", headers=TAKEN_BACK)
    return entry


def for_phones(session: Session, kind: Kind, refs: Collection[str]) -> dict[str, str]:
    """Those of some entries that are public, as JSON by id."""
    ids = Entry.id.in_([uuid.UUID(ref) for ref in refs])
    rows = session.execute(select(Entry.id, Entry.whole).where(*is_public(kind), ids))
    return {str(entry_id): whole for entry_id, whole in rows}


def is_public(kind: Kind) -> tuple[ColumnElement[bool], ...]:
    """That an entry is of a kind and published."""
    return Entry.kind == kind.name, Entry.state == State.PUBLISHED


def wanted(asked: Mapping[str, Any]) -> Iterator[ColumnElement[bool]]:
    """What the filters ask of any entry; each word of `q` is looked for without accents.

    `category` is one, or a list of several.
    """
    if category := asked.get("category"):
        yield Entry.category.in_([category] if isinstance(category, str) else category)
    if asked.get("ward"):
        yield _meant_for([asked["ward"]])
    for word in fold(asked.get("q") or "").split():
        yield Entry.folded.contains(word, autoescape=True)


def _of(kind: Kind, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    """What binds a cursor to the kind too: they share a table, and are not in the same order."""
    return {**asked, "kind": kind.name}


def _meant_for(wards: Collection[str]) -> ColumnElement[bool]:
    """That an entry is for one of some communes, or for the whole province."""
    there = select(EntryArea.area).where(EntryArea.entry_id == Entry.id)
    return or_(exists(there.where(EntryArea.area.in_(wards))), ~exists(there))


def _cells(entry: Entry) -> list[object]:
    shown = {name: getattr(entry, name, None) for name in COLUMNS}
    ward = areas.reference().areas.get(entry.record.get("ward") or "")
    at = entry.changed_at.astimezone(clock.LOCAL).isoformat(timespec="seconds")
    shown |= {"state": text(f"register.state.{entry.state}"), "ward": ward and ward.name_vi}
    return list((shown | {"changed_at": at}).values())
