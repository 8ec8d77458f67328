"""What other packages ask: note a change, and read what changed since."""

from collections.abc import Collection, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from smartcity.changes.models import Change
from smartcity.core import clock
from smartcity.core.db import one_at_a_time


def appeared(session: Session, kind: str, ref: str) -> None:
    """Note that a thing became public, or is public in another form."""
    _note(session, kind, ref, gone=False)


def vanished(session: Session, kind: str, ref: str) -> None:
    """Note that a thing is public no more; nothing happens if it never was."""
    if is_public(session, kind, ref):
        _note(session, kind, ref, gone=True)


def is_public(session: Session, kind: str, ref: str) -> bool:
    """Whether a thing is public now."""
    change = session.get(Change, (kind, ref))
    return change is not None and not change.gone


def was_public(session: Session, kind: str, ref: str) -> bool:
    """Whether a thing was public and is no more."""
    change = session.get(Change, (kind, ref))
    return change is not None and change.gone


def head(session: Session) -> int:
    """The position of the newest change; 0 before the first."""
    return session.scalar(select(func.max(Change.position))) or 0


def since(session: Session, position: int, most: int, kinds: Collection[str]) -> Sequence[Change]:
    """At most `most` changes of these kinds after a position, in their order."""
    query = select(Change).where(Change.position > position, Change.kind.in_(kinds))
    return session.scalars(query.order_by(Change.position).limit(most)).all()


def _note(session: Session, kind: str, ref: str, *, gone: bool) -> None:
    # Held until the commit, so that no reader sees 7 before 6 (decision 0018 tells why).
    one_at_a_time(session, "public_changes")
    at, position = clock.now(), head(session) + 1
    session.merge(Change(kind=kind, ref=ref, position=position, gone=gone, at=at))
    session.flush()
