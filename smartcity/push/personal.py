"""What push holds of a citizen: told to him, and erased."""

import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from smartcity.core.expiry import Over
from smartcity.core.texts import LANGUAGES, text
from smartcity.jobs.service import forget_about
from smartcity.push import choices
from smartcity.push.models import Broadcast, BroadcastMark, Device, InboxMessage

_TIMES = "created_at", "read_at", "archived_at"


def held_inbox(session: Session, citizen_id: uuid.UUID) -> Iterator[dict[str, Any]]:
    """What he was told, first to last."""
    query = select(InboxMessage).where(InboxMessage.citizen_id == citizen_id)
    rows = session.scalars(query.order_by(InboxMessage.created_at, InboxMessage.id))
    for row in rows.yield_per(200):
        words = {part: text(f"{row.text}.{part}", **row.values) for part in ("title", "body")}
        told = {name: getattr(row, name) for name in ("id", "category", "link", *_TIMES)}
        yield told | words


def held_marks(session: Session, citizen_id: uuid.UUID) -> Iterator[dict[str, Any]]:
    """What of the messages to everybody he read or put away."""
    query = select(BroadcastMark, Broadcast).join(Broadcast)
    found = query.where(BroadcastMark.reader == citizen_id).order_by(Broadcast.sent_at)
    for mark, told in session.execute(found):
        times = {"read_at": mark.read_at, "archived_at": mark.archived_at}
        yield {"id": told.id, "sent_at": told.sent_at, **told.content[LANGUAGES[0]], **times}


def held_devices(session: Session, citizen_id: uuid.UUID) -> Iterator[dict[str, Any]]:
    """Where his phones are reached, and what he chose on them."""
    told = {c.key for c in Device.__table__.columns} - {"citizen_id", "key_hash"}
    for row in session.scalars(select(Device).where(Device.citizen_id == citizen_id)):
        yield {name: getattr(row, name) for name in sorted(told)} | {
            "choices": choices.of(session, row)
        }


def erase_inbox(session: Session, citizen_id: uuid.UUID) -> None:
    """His messages, and those that were on their way to him."""
    forget_about(session, [str(citizen_id)])
    session.execute(delete(InboxMessage).where(InboxMessage.citizen_id == citizen_id))


def erase_marks(session: Session, citizen_id: uuid.UUID) -> None:
    """What he read and put away."""
    session.execute(delete(BroadcastMark).where(BroadcastMark.reader == citizen_id))


def erase_devices(session: Session, citizen_id: uuid.UUID) -> None:
    """His phones, what was on its way to them, and what was read on them before he signed in."""
    gone = delete(Device).where(Device.citizen_id == citizen_id)
    phones = session.scalars(gone.returning(Device.installation_id)).all()
    if phones:
        forget_about(session, map(str, phones))
        session.execute(delete(BroadcastMark).where(BroadcastMark.reader.in_(phones)))


def inbox_over(before: datetime) -> Over:
    """The messages of a time ago."""
    return Over(InboxMessage, (InboxMessage.created_at < before,))


def marks_over(before: datetime) -> Over:
    """The marks on broadcasts of a time ago: a million of them go in batches, and first."""
    sent = select(Broadcast.id).where(Broadcast.sent_at < before)
    return Over(BroadcastMark, (BroadcastMark.broadcast_id.in_(sent),))


def broadcasts_over(before: datetime) -> Over:
    """The broadcasts of a time ago."""
    return Over(Broadcast, (Broadcast.sent_at < before,))
