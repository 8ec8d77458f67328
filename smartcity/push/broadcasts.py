"""One message to everybody whom a rule meets: one row, however many read it."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from smartcity.push.models import Broadcast


def broadcast(
    session: Session,
    *,
    id: uuid.UUID,
    category: str,
    content: dict[str, Any],
    link: str,
    audience: dict[str, Any],
    at: datetime,
) -> None:
    """Put a campaign's message into the inbox of everybody whom its audience rule meets.

    `id` is the campaign's, `content` holds `{language: {title, body}}`.
    """
    told = {"category": category, "content": content, "link": link, "audience": audience}
    session.add(Broadcast(id=id, sent_at=at, **told))


def recall(session: Session, id: uuid.UUID, at: datetime) -> None:
    """Note that another message has taken a broadcast's place; inboxes show it no longer."""
    held = Broadcast.id == id, Broadcast.recalled_at.is_(None)
    session.execute(update(Broadcast).where(*held).values(recalled_at=at))
