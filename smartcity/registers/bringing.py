"""Records of files come in by the hundred: published, where they are new or differ."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.core import clock
from smartcity.core.db import one_at_a_time
from smartcity.core.ids import new_id
from smartcity.identity.permissions import Principal
from smartcity.registers.keeping import differing, fill, note
from smartcity.registers.kind import Kind, Record
from smartcity.registers.listing import is_public
from smartcity.registers.models import Entry, State
from smartcity.registers.placing import placed
from smartcity.registers.rendering import render
from smartcity.registers.showing import show

_BATCH = 500


@dataclass(frozen=True)
class Brought:
    """How many records came in that were not there, and how many in another way than before."""

    entered: int
    changed: int


def bring_in(
    session: Session,
    kind: Kind,
    who: Principal,
    records: Iterable[Record],
    *,
    origin: str,
    reason: str | None = None,
) -> Brought:
    """Publish records that are new or differ from what stands under their keys.

    Each has a key, and comes once. What was withdrawn or discarded is changed and stays so. Whoever
    calls audits: one deed may bring thousands. Raises what `placed` and the kind's check raise.
    """
    one_at_a_time(session, f"register:{kind.name}")
    why = {"who": who, "reason": reason, "origin": origin}
    shown: list[uuid.UUID] = []
    entered = changed = 0
    left = iter(records)
    while batch := list(islice(left, _BATCH)):
        touched = _bring(session, kind, batch, why)
        entered += sum(deed == "entered" for _, deed, _ in touched)
        changed += sum(deed == "changed" for _, deed, _ in touched)
        shown += [entry.id for entry, _, _ in touched if entry.state == State.PUBLISHED]
    for begins in range(0, len(shown), _BATCH):  # last: whoever publishes waits from here on
        ids = shown[begins : begins + _BATCH]
        show(session, kind, session.scalars(select(Entry).where(Entry.id.in_(ids))).all())
    return Brought(entered, changed)


def render_anew(session: Session, kind: Kind) -> int:
    """Write the public texts again where they would read otherwise now; how many did.

    After an upgrade, whose texts may differ from those that an earlier release wrote.
    """
    one_at_a_time(session, f"register:{kind.name}")
    ids = session.scalars(select(Entry.id).where(*is_public(kind)).order_by(Entry.id)).all()
    changed = 0
    for begins in range(0, len(ids), _BATCH):
        batch = Entry.id.in_(ids[begins : begins + _BATCH])
        entries = session.scalars(select(Entry).where(batch).with_for_update()).all()
        before = {entry.id: (entry.card, entry.whole) for entry in entries}
        for entry in entries:
            render(session, kind, entry)
        other = [entry for entry in entries if before[entry.id] != (entry.card, entry.whole)]
        show(session, kind, other)
        changed += len(other)
    return changed


def _bring(
    session: Session, kind: Kind, records: Sequence[Record], why: dict[str, Any]
) -> list[tuple[Entry, str, Sequence[str]]]:
    keys = Entry.key.in_([record["key"] for record in records])
    query = select(Entry).where(Entry.kind == kind.name, keys).with_for_update()
    standing = {entry.key: entry for entry in session.scalars(query)}
    touched: list[tuple[Entry, str, Sequence[str]]] = []
    for record in records:
        after = placed(dict(record))
        entry = standing.get(record["key"])
        fields = differing(entry.record, after) if entry else []
        if entry and not fields:
            continue
        deed = "changed" if entry else "entered"
        entry = entry or new_entry(kind)
        kind.check(session, entry, after)
        fill(entry, kind, after, why["who"], clock.now())
        session.add(entry)
        touched.append((entry, deed, fields))
    session.flush()
    note(session, touched, **why)
    return touched


def new_entry(kind: Kind) -> Entry:
    """An entry that is to be filled, and is public then."""
    state = State.PUBLISHED
    return Entry(id=new_id(), kind=kind.name, state=state, version=0, card="", whole="")
