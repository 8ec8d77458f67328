"""What cards and contacts share: versions, deeds on record, withdrawal and restoration."""

import uuid
from collections.abc import Mapping
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.audit.service import record
from smartcity.core import clock
from smartcity.core.db import lock_row
from smartcity.core.errors import Conflict, NotFound, PreconditionFailed
from smartcity.core.ids import new_id
from smartcity.home.models import Card, Contact
from smartcity.identity.permissions import Principal

Entry = TypeVar("Entry", Card, Contact)
_NAMES = {Card: "card", Contact: "contact"}


def find(session: Session, table: type[Entry], ident: uuid.UUID) -> Entry:
    """An entry; NotFound."""
    found = session.get(table, ident)
    if found is None:
        raise NotFound(f"{_NAMES[table]}.not_found")
    return found


def begin(session: Session, table: type[Entry], who: Principal, values: Mapping[str, Any]) -> Entry:
    """A new entry of what an officer wrote."""
    made = {"id": new_id(), "version": 1, "made_by": who.key, "made_at": clock.now()}
    entry = table(**made, **values)
    session.add(entry)
    session.flush()
    _record(session, who, "create", entry, after=_told(values))
    return entry


def hold(session: Session, table: type[Entry], ident: uuid.UUID, version: int) -> Entry:
    """An entry, held until the transaction ends; 412 when it is at another version."""
    entry = lock_row(session, select(table), table.id == ident)
    if entry is None:
        raise NotFound(f"{_NAMES[table]}.not_found")
    if entry.version != version:
        raise PreconditionFailed("precondition.failed")
    return entry


def change(
    session: Session, who: Principal, entry: Card | Contact, asked: Mapping[str, Any]
) -> None:
    """Write what was asked into an entry that the caller holds."""
    before = {name: getattr(entry, name) for name in asked}
    changed = {name: value for name, value in asked.items() if value != before[name]}
    for name, value in changed.items():
        setattr(entry, name, value)
    entry.version += 1
    was = {name: before[name] for name in changed}
    _record(session, who, "change", entry, before=_told(was), after=_told(changed))


def withdraw(session: Session, who: Principal, entry: Card | Contact, reason: str) -> None:
    """Take an entry away from the public; Conflict when it is."""
    if entry.withdrawn_at is not None:
        raise Conflict("home.withdrawn")
    entry.withdrawn_at = clock.now()
    entry.version += 1
    _record(session, who, "withdraw", entry, reason=reason)


def restore(session: Session, who: Principal, entry: Card | Contact) -> None:
    """Give a withdrawn entry back; Conflict when it was not withdrawn."""
    if entry.withdrawn_at is None:
        raise Conflict("home.not_withdrawn")
    entry.withdrawn_at = None
    entry.version += 1
    _record(session, who, "restore", entry)


def two(vi: str | None, en: str | None) -> dict[str, str | None] | None:
    """Words in both languages; None without Vietnamese ones."""
    return None if vi is None else {"vi": vi, "en": en}


def _record(
    session: Session, who: Principal, deed: str, entry: Card | Contact, **told: Any
) -> None:
    name = _NAMES[type(entry)]
    record(session, who.key, f"{name}.{deed}", (name, entry.id), **told)


def _told(values: Mapping[str, Any]) -> dict[str, Any]:
    """What an officer wrote, as JSON holds it."""
    plain = (str, int, list, type(None))
    return {k: v if isinstance(v, plain) else str(v) for k, v in values.items() if k != "folded"}
