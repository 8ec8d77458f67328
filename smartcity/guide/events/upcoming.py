"""Which events a calendar holds: by what is public alone, never by the hour of who asks."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, defer

from smartcity.guide.events.event import EVENT
from smartcity.registers.service import Entry, State, wanted

KEPT = timedelta(days=30)
MOST = 500  # events
_UNUSED = [defer(text) for text in (Entry.card, Entry.whole, Entry.folded)]


def upcoming(session: Session, asked: Mapping[str, Any]) -> Sequence[Entry]:
    """Those of a commune or category, soonest first: not long past, and those called off lately.

    Until 30 days after its end or its withdrawal, an event is there; the days are counted up to
    the register's last change, so that equal requests have equal answers until the next one.
    """
    public = (Entry.kind == EVENT.name, Entry.state.in_((State.PUBLISHED, State.WITHDRAWN)))
    changed = session.scalar(select(func.max(Entry.changed_at)).where(*public))
    if changed is None:
        return ()
    since = changed - KEPT
    shown = or_(
        and_(Entry.state == State.PUBLISHED, Entry.closes_at >= since),
        and_(Entry.state == State.WITHDRAWN, Entry.changed_at >= since),
    )
    query = select(Entry).where(*public, shown, *wanted(asked)).options(*_UNUSED)
    return session.scalars(query.order_by(Entry.opens_at, Entry.id).limit(MOST)).all()
