"""One message to everybody whom a rule meets: one row, however many read it."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from smartcity.core.db import insert_missing
from smartcity.push import choices
from smartcity.push.audience import meets
from smartcity.push.categories import link_allowed
from smartcity.push.models import Broadcast, BroadcastMark, Device

Phone = tuple[Device, Mapping[str, bool]]  # and what was chosen on it


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

    `id` is the campaign's, `content` holds `{language: {title, body}}`. Raises ValueError for a
    link that may not be: the campaign was to be refused for it before.
    """
    if not link_allowed(link):
        raise ValueError(f"no message may lead to {link}")
    told = {"category": category, "content": content, "link": link, "audience": audience}
    session.add(Broadcast(id=id, sent_at=at, **told))


def recall(session: Session, id: uuid.UUID, at: datetime) -> None:
    """Note that another message has taken a broadcast's place; inboxes show it no longer."""
    stands = Broadcast.id == id, Broadcast.recalled_at.is_(None)
    session.execute(update(Broadcast).where(*stands).values(recalled_at=at))


def meant_for(
    session: Session,
    phones: Sequence[Phone],
    *,
    only: uuid.UUID | None = None,
    until: datetime | None = None,
) -> list[uuid.UUID]:
    """The broadcasts that any of these phones was to get, but for those recalled; by their ids."""
    if not phones:
        return []
    columns = Broadcast.id, Broadcast.category, Broadcast.audience, Broadcast.sent_at
    since = min(device.created_at for device, _ in phones)
    query = select(*columns).where(Broadcast.recalled_at.is_(None), Broadcast.sent_at >= since)
    if only:
        query = query.where(Broadcast.id == only)
    if until:
        query = query.where(Broadcast.sent_at <= until)
    rows = session.execute(query.order_by(Broadcast.id))
    return [id for id, *told in rows if any(_met(phone, *told) for phone in phones)]


def _met(phone: Phone, category: str, audience: dict[str, Any], sent_at: datetime) -> bool:
    device, chosen = phone
    if device.created_at > sent_at or not choices.wants(chosen, category):
        return False
    return meets(device, audience, chosen)


def mark(
    session: Session, reader: uuid.UUID, ids: Collection[uuid.UUID], name: str, at: datetime | None
) -> None:
    """Set a reader's `read_at` or `archived_at` on broadcasts where it is unset, or unset it."""
    held = update(BroadcastMark).where(
        BroadcastMark.reader == reader, BroadcastMark.broadcast_id.in_(ids)
    )
    if at is not None:
        missing = [{"reader": reader, "broadcast_id": id} for id in sorted(ids)]
        insert_missing(session, BroadcastMark, missing)
        held = held.where(getattr(BroadcastMark, name).is_(None))
    session.execute(held.values({name: at}))
