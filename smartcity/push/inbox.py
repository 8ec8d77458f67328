"""What a reader was told: his own messages, and the broadcasts that were meant for his phones."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Row,
    Select,
    String,
    Subquery,
    and_,
    cast,
    func,
    null,
    select,
    union_all,
    update,
)
from sqlalchemy.orm import Session

from smartcity.core import clock
from smartcity.core.errors import NotFound
from smartcity.core.paging import Page, newest_rows
from smartcity.core.text import fold
from smartcity.core.texts import LANGUAGES, language, text
from smartcity.identity.permissions import Principal
from smartcity.push import broadcasts, choices
from smartcity.push.broadcasts import Phone
from smartcity.push.models import Broadcast, BroadcastMark, Device, InboxMessage

Entry = Row[Any]


@dataclass(frozen=True)
class Reader:
    """A citizen and his phones, or a phone in which nobody signed in.

    `id` is that under which his marks on broadcasts are kept. Without a citizen there are no
    messages of his own: an installation's id is the app's choice, and could be anybody's.
    """

    id: uuid.UUID
    citizen: uuid.UUID | None
    phones: tuple[Phone, ...]


def citizen_reader(session: Session, citizen: Principal) -> Reader:
    """The reader who signed in."""
    ident = uuid.UUID(citizen.id)
    devices = session.scalars(select(Device).where(Device.citizen_id == ident)).all()
    return Reader(ident, ident, tuple((each, choices.of(session, each)) for each in devices))


def device_reader(session: Session, device: Device) -> Reader:
    """Whoever holds a phone."""
    return Reader(device.installation_id, None, ((device, choices.of(session, device)),))


def inbox(session: Session, reader: Reader, asked: Mapping[str, Any]) -> Page[Entry]:
    """What a reader was told, newest first; of what he archived nothing, or that alone.

    `q`: every word of it occurs in title or body as he reads them, whatever its case and accents.
    """
    told = _told(reader, broadcasts.meant_for(session, reader.phones))
    query = _filtered(told, asked)
    if words := fold(asked.get("q", "")).split():
        query = query.where(told.c.id.in_(_holding(session, query, words)))
    return newest_rows(session, query, (told.c.created_at, told.c.id), asked)


def unread(session: Session, reader: Reader) -> int:
    """How many messages a reader has neither read nor archived."""
    told = _told(reader, broadcasts.meant_for(session, reader.phones))
    counted = _filtered(told, {"unread": True}).with_only_columns(func.count())
    return session.scalars(counted).one()


def mark(session: Session, reader: Reader, message_id: uuid.UUID, name: str) -> Entry:
    """Note that a message was read (`read_at`) or put away (`archived_at`); the first time counts.

    NotFound for what is not in this inbox.
    """
    return _marked(session, reader, message_id, name, clock.now())


def restore(session: Session, reader: Reader, message_id: uuid.UUID) -> Entry:
    """Take a message out of the archive."""
    return _marked(session, reader, message_id, "archived_at", None)


def mark_until(session: Session, reader: Reader, until: datetime) -> int:
    """Note that all messages up to a time were read; how many are left."""
    now = clock.now()
    own = InboxMessage.citizen_id == reader.citizen, InboxMessage.created_at <= until
    unread_own = update(InboxMessage).where(*own, InboxMessage.read_at.is_(None))
    session.execute(unread_own.values(read_at=now))
    shared = broadcasts.meant_for(session, reader.phones, until=until)
    broadcasts.mark(session, reader.id, shared, "read_at", now)
    return unread(session, reader)


def words(entry: Any, part: str) -> str:
    """Title or body of a message in the reader's language."""
    if entry.content is None:
        return text(f"{entry.text}.{part}", **entry.filled).strip()
    told: dict[str, str] = entry.content.get(language()) or entry.content[LANGUAGES[0]]
    return told[part]


def _told(reader: Reader, shared: list[uuid.UUID]) -> Subquery:
    """Both sources as one list."""
    own = select(
        InboxMessage.id,
        InboxMessage.created_at,
        InboxMessage.category,
        InboxMessage.link,
        InboxMessage.text,
        InboxMessage.values.label("filled"),
        cast(null(), JSON).label("content"),
        InboxMessage.read_at,
        InboxMessage.archived_at,
    ).where(InboxMessage.citizen_id == reader.citizen)
    marked = and_(BroadcastMark.broadcast_id == Broadcast.id, BroadcastMark.reader == reader.id)
    everybodys = (
        select(
            Broadcast.id,
            Broadcast.sent_at,
            Broadcast.category,
            Broadcast.link,
            cast(null(), String),
            cast(null(), JSON),
            Broadcast.content,
            BroadcastMark.read_at,
            BroadcastMark.archived_at,
        )
        .outerjoin(BroadcastMark, marked)
        .where(Broadcast.id.in_(shared))
    )
    return union_all(own, everybodys).subquery("inbox")


def _filtered(told: Subquery, asked: Mapping[str, Any]) -> Select[Any]:
    archived = told.c.archived_at
    query = select(told).where(
        archived.is_not(None) if asked.get("archived") else archived.is_(None)
    )
    if asked.get("unread"):
        query = query.where(told.c.read_at.is_(None))
    if asked.get("category"):
        query = query.where(told.c.category == asked["category"])
    return query


def _holding(session: Session, query: Select[Any], wanted: list[str]) -> list[uuid.UUID]:
    """The ids of what holds every word: the texts of the catalogue are in no database."""
    found = []
    for entry in session.execute(query):
        told = fold(f"{words(entry, 'title')} {words(entry, 'body')}")
        if all(word in told for word in wanted):
            found.append(entry.id)
    return found


def _marked(
    session: Session, reader: Reader, message_id: uuid.UUID, name: str, at: datetime | None
) -> Entry:
    entry = _found(session, reader, message_id)
    if (getattr(entry, name) is None) == (at is None):
        return entry
    if entry.content is None:
        own = update(InboxMessage).where(InboxMessage.id == message_id)
        session.execute(own.values({name: at}))
    else:
        broadcasts.mark(session, reader.id, [message_id], name, at)
    return _found(session, reader, message_id)


def _found(session: Session, reader: Reader, message_id: uuid.UUID) -> Entry:
    told = _told(reader, broadcasts.meant_for(session, reader.phones, only=message_id))
    entry = session.execute(select(told).where(told.c.id == message_id)).one_or_none()
    if entry is None:
        raise NotFound("push.message_not_found")
    return entry
