"""What a reader was told: his own messages, and the broadcasts that were meant for his phones."""

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.core import clock
from smartcity.core.errors import NotFound
from smartcity.core.paging import Page, newest_first
from smartcity.identity.permissions import Principal
from smartcity.push.models import InboxMessage


def inbox(session: Session, citizen: Principal, asked: Mapping[str, Any]) -> Page[InboxMessage]:
    """What a citizen was told, newest first; `unread` leaves out what he has read."""
    query = select(InboxMessage).where(InboxMessage.citizen_id == uuid.UUID(citizen.id))
    if asked.get("unread"):
        query = query.where(InboxMessage.read_at.is_(None))
    return newest_first(session, query, (InboxMessage.created_at, InboxMessage.id), asked)


def mark_read(session: Session, citizen: Principal, message_id: uuid.UUID) -> InboxMessage:
    """Note that a citizen has read a message; a second time changes nothing."""
    found = session.get(InboxMessage, message_id)
    if found is None or found.citizen_id != uuid.UUID(citizen.id):
        raise NotFound("push.message_not_found")
    found.read_at = found.read_at or clock.now()
    return found
