"""What push holds of a citizen: told to him, and erased."""

import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from smartcity.core.expiry import Over
from smartcity.core.texts import text
from smartcity.jobs.service import forget_about
from smartcity.push import choices
from smartcity.push.models import Device, InboxMessage


def held_inbox(session: Session, citizen_id: uuid.UUID) -> Iterator[dict[str, Any]]:
    """What he was told, first to last."""
    query = select(InboxMessage).where(InboxMessage.citizen_id == citizen_id)
    rows = session.scalars(query.order_by(InboxMessage.created_at, InboxMessage.id))
    for row in rows.yield_per(200):
        words = {part: text(f"{row.text}.{part}", **row.values) for part in ("title", "body")}
        times = {"created_at": row.created_at, "read_at": row.read_at}
        yield {"id": row.id, **words, "link": row.link, **times}


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


def erase_devices(session: Session, citizen_id: uuid.UUID) -> None:
    """His phones, and what was on its way to them."""
    gone = delete(Device).where(Device.citizen_id == citizen_id)
    phones = session.scalars(gone.returning(Device.installation_id)).all()
    if phones:
        forget_about(session, map(str, phones))


def inbox_over(before: datetime) -> Over:
    """The messages of a time ago."""
    return Over(InboxMessage, (InboxMessage.created_at < before,))
