"""The province's own records: YAML files of `config/province`, whose times may be relative.

What an officer has changed, or withdrawn, since it came from there is left as he wants it.
"""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import marshmallow as ma
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from smartcity.core import clock
from smartcity.core.datafile import BadFile, refuse, repeated
from smartcity.core.errors import Invalid, Problem
from smartcity.core.tables.items import Item, yaml_items
from smartcity.core.texts import message
from smartcity.identity.permissions import SYSTEM
from smartcity.registers.bringing import Brought, bring_in
from smartcity.registers.exchange.fitting import Fitting
from smartcity.registers.exchange.loading import flat, load
from smartcity.registers.kind import Kind, Record
from smartcity.registers.models import Entry, EntryVersion

_SEED = "seed:"


def load_records(session: Session, kind: Kind, file: Path) -> Brought:
    """Publish what is new in a file or tells otherwise there. BadFile names every fault.

    Each record has a key. A time may be `2027-05-08T20:00`, of here, or relative to the day on
    which it is loaded: `+6d 08:00`. Nothing is read when this very file was the last of its name.
    """
    named = f"{_SEED}{kind.name}/{file.name}:"
    origin = f"{named}{hashlib.sha256(file.read_bytes()).hexdigest()}"
    newest = select(EntryVersion.origin).where(EntryVersion.origin.startswith(named))
    if session.scalar(newest.order_by(EntryVersion.at.desc()).limit(1)) == origin:
        return Brought(0, 0)
    records = _records(kind, file)
    others = _of_others(session, kind, [record["key"] for record in records])
    ours = [record for record in records if record["key"] not in others]
    try:
        return bring_in(session, kind, SYSTEM, ours, origin=origin)
    except Problem as refused:
        told = {name: found[0] for name, found in refused.errors.items()}
        raise BadFile(file, _told(told) if told else [message(refused.code, "en")]) from None


def _records(kind: Kind, file: Path) -> list[Record]:
    found: list[Record] = []
    faults: list[str] = []
    fitting = Fitting(loaded=clock.now())
    for item in yaml_items(file):
        try:
            found.append(_record(kind, item, fitting))
        except Invalid as refused:
            told = {name: messages[0] for name, messages in refused.errors.items()}
            key = (item.fields or {}).get("key", "")
            faults += [f"line {item.line}, {key}: {fault}" for fault in _told(told)]
    refuse(file, [*faults, *repeated(record["key"] for record in found)])
    return found


def _record(kind: Kind, item: Item, fitting: Fitting) -> Record:
    if item.fields is None:
        raise Invalid(item=item.fault)
    try:
        record = load(kind, fitting.fit(item.fields, kind.schema()))
    except ma.ValidationError as error:
        raise Invalid(**dict(flat(error.messages))) from None
    if not record["key"]:
        raise Invalid(key="field.required")
    return record


def _told(faults: dict[str, str]) -> Iterator[str]:
    return (f"{name}: {message(fault, 'en')}" for name, fault in faults.items())


def _of_others(session: Session, kind: Kind, keys: Sequence[str]) -> set[str]:
    """Those of some keys whose newest version is not a seed's."""
    last = select(EntryVersion.entry_id, func.max(EntryVersion.number).label("number"))
    newest = last.group_by(EntryVersion.entry_id).subquery()
    own = Entry.id == EntryVersion.entry_id
    latest = (newest.c.entry_id == EntryVersion.entry_id) & (newest.c.number == EntryVersion.number)
    query = select(Entry.key, EntryVersion.origin).join(EntryVersion, own).join(newest, latest)
    standing = session.execute(query.where(Entry.kind == kind.name, Entry.key.in_(keys)))
    return {str(key) for key, origin in standing if not (origin or "").startswith(_SEED)}
