"""The one way into a register and out of it: entered, changed, published, withdrawn, taken back.

Each leaves a version behind with who, when and why; the public's side follows in `showing`.
"""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from smartcity.audit import service as audit
from smartcity.core import clock
from smartcity.core.db import insert_all, lock_row
from smartcity.core.errors import Conflict, Invalid, NotFound, PreconditionFailed
from smartcity.core.ids import new_id
from smartcity.core.text import fold
from smartcity.identity.permissions import Principal
from smartcity.media import service as media
from smartcity.registers.kind import Kind, Record
from smartcity.registers.models import Entry, EntryArea, EntryVersion, State
from smartcity.registers.placing import placed
from smartcity.registers.rendering import subject
from smartcity.registers.showing import hide, show
from smartcity.registers.states import Deed

_LONGEST = 2_000  # letters of `folded`


def enter(session: Session, kind: Kind, who: Principal, record: Record) -> Entry:
    """A draft of a record; Conflict for a key that another entry of the kind has. Audited."""
    entry = Entry(id=new_id(), kind=kind.name, state=State.DRAFT, version=0, card="", whole="")
    kind.check(session, entry, record)
    _refuse_taken(session, kind, entry, record)
    fill(entry, kind, placed(dict(record)), who, clock.now())
    session.add(entry)
    session.flush()
    _tie(session, entry, who)
    note(session, [(entry, "entered", [])], who)
    audit.record(session, who.key, f"{kind.name}.enter", (kind.name, entry.id))
    return entry


def change(
    session: Session,
    kind: Kind,
    who: Principal,
    entry_id: uuid.UUID,
    version: int,
    record: Record,
    reason: str,
) -> Entry:
    """Put another record in the place of an entry's; a published one changes in public.

    The same record again does nothing. PreconditionFailed for another version. Audited.
    """
    entry = locked(session, kind, entry_id, version)
    if entry.state == State.DISCARDED:
        raise Conflict("register.discarded")
    after = placed(dict(record))
    fields = differing(entry.record, after)
    if not fields:
        return entry
    kind.check(session, entry, after)
    _refuse_taken(session, kind, entry, after)
    fill(entry, kind, after, who, clock.now())
    session.flush()
    _tie(session, entry, who)
    note(session, [(entry, "changed", fields)], who, reason)
    deed = f"{kind.name}.change"
    audit.record(session, who.key, deed, (kind.name, entry.id), fields=fields, reason=reason)
    if entry.state == State.PUBLISHED:
        show(session, kind, [entry])
    return entry


def move(
    session: Session,
    kind: Kind,
    who: Principal,
    entry_id: uuid.UUID,
    version: int,
    deed: Deed,
    reason: str | None = None,
) -> Entry:
    """Publish, withdraw or discard an entry. Conflict from a state that it does not lead from."""
    entry = locked(session, kind, entry_id, version)
    if entry.state not in deed.sources:
        raise Conflict("register.impossible_deed")
    if deed.target is State.PUBLISHED:
        kind.check(session, entry, None)
    entry.state, entry.version = deed.target, entry.version + 1
    entry.changed_by, entry.changed_at = who.key, clock.now()
    session.flush()
    note(session, [(entry, deed.past, [])], who, reason)
    told = f"{kind.name}.{deed.name}"
    audit.record(session, who.key, told, (kind.name, entry.id), reason=reason)
    if deed.target is State.PUBLISHED:
        show(session, kind, [entry])
    else:
        hide(session, kind, entry)
    return entry


def revert(
    session: Session,
    kind: Kind,
    who: Principal,
    entry_id: uuid.UUID,
    version: int,
    number: int,
    reason: str,
) -> Entry:
    """Put the record of an earlier version back; NotFound for one that there never was."""
    earlier = session.get(EntryVersion, (entry_id, number))
    if earlier is None:
        raise NotFound("register.no_such_version")
    return change(session, kind, who, entry_id, version, earlier.record, reason)


def locked(session: Session, kind: Kind, entry_id: uuid.UUID, version: int) -> Entry:
    """An entry, held against other writers; NotFound, PreconditionFailed for another version."""
    entry = lock_row(session, select(Entry), Entry.id == entry_id, Entry.kind == kind.name)
    if entry is None:
        raise NotFound("register.not_found")
    if entry.version != version:
        raise PreconditionFailed("precondition.failed")
    return entry


def differing(before: Record, after: Record) -> list[str]:
    """The fields in which two records are not the same; empty and absent are."""
    named = dict.fromkeys((*after, *before))
    return [name for name in named if (before.get(name) or None) != (after.get(name) or None)]


def fill(entry: Entry, kind: Kind, record: Record, who: Principal, at: datetime) -> None:
    """Give an entry its next version: the record, and the columns that follow from it."""
    entry.version += 1
    entry.record = dict(record)
    entry.key, entry.category = record.get("key"), record.get("category")
    entry.title = record["title"]
    entry.sorting = fold(entry.title)[:100]
    texts = (entry.title, record.get("title_en"), record.get("address"), record.get("key"))
    entry.folded = fold(" ".join(text for text in texts if text))[:_LONGEST]
    entry.opens_at, entry.closes_at = _window(kind, record)
    entry.over = entry.closes_at is not None and entry.closes_at <= at
    entry.demo = record.get("source") is None
    entry.changed_by, entry.changed_at = who.key, at


def note(
    session: Session,
    changed: Sequence[tuple[Entry, str, Sequence[str]]],
    who: Principal,
    reason: str | None = None,
    origin: str | None = None,
) -> None:
    """Keep versions of entries, each with its deed and the fields that differ; and their areas."""
    why = {"made_by": who.key, "reason": reason, "origin": origin}
    versions = [
        {
            "entry_id": entry.id,
            "number": entry.version,
            "deed": deed,
            "record": entry.record,
            "fields": list(fields),
            "at": entry.changed_at,
            **why,
        }
        for entry, deed, fields in changed
    ]
    insert_all(session, EntryVersion, versions)
    ids = [entry.id for entry, _, _ in changed]
    session.execute(delete(EntryArea).where(EntryArea.entry_id.in_(ids)))
    areas = [{"entry_id": e.id, "area": area} for e, _, _ in changed for area in _areas(e.record)]
    insert_all(session, EntryArea, areas)


def _areas(record: Record) -> list[str]:
    """The communes that a record is for: those it names, or the one where it is."""
    ward = record.get("ward")
    return sorted({*(record.get("areas") or ([ward] if ward else []))})


def _window(kind: Kind, record: Record) -> tuple[datetime | None, datetime | None]:
    if kind.window is None:
        return None, None
    opens, closes = (record.get(name) for name in kind.window)
    if opens and closes and _at(opens) >= _at(closes):
        raise Invalid(**{kind.window[1]: "register.ends_before_it_begins"})
    return opens and _at(opens), closes and _at(closes)


def _at(written: str) -> datetime:
    return datetime.fromisoformat(written)


def _refuse_taken(session: Session, kind: Kind, entry: Entry, record: Mapping[str, Any]) -> None:
    query = select(Entry.id).where(Entry.kind == kind.name, Entry.key == record.get("key"))
    if record.get("key") and session.scalar(query.where(Entry.id != entry.id)):
        raise Invalid(key="register.key_taken")


def _tie(session: Session, entry: Entry, who: Principal) -> None:
    """Tie new photos to the entry; Invalid names `photos` for another's."""
    wanted = [uuid.UUID(photo["media_id"]) for photo in entry.record["photos"]]
    if not wanted:
        return
    tied = {photo["id"] for photo in media.of_thing(session, [subject(entry)])}
    try:
        media.attach(session, [i for i in wanted if i not in tied], who.key, subject(entry))
    except Invalid as refused:
        raise Invalid(photos=refused.errors["media_ids"][0]) from None
