"""What other packages ask: note a change, and read what changed since."""

from collections.abc import Collection, Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from smartcity.changes.models import Change
from smartcity.core import clock
from smartcity.core.db import insert_all, one_at_a_time

_REFS = 500  # in one statement


def appeared(session: Session, kind: str, ref: str) -> None:
    """Note that a thing became public, or is public in another form."""
    _note(session, kind, ref, gone=False)


def appeared_all(session: Session, kind: str, refs: Sequence[str]) -> None:
    """Note that many things of a kind became public, each once, in the order given.

    Others who note something wait from here to the end of the transaction: call it last.
    """
    one_at_a_time(session, "public_changes")
    at, first = clock.now(), head(session) + 1
    rows = [
        {"kind": kind, "ref": ref, "position": place, "gone": False, "at": at}
        for place, ref in enumerate(refs, first)
    ]
    for begins in range(0, len(rows), _REFS):
        noted = Change.ref.in_(refs[begins : begins + _REFS])
        session.execute(delete(Change).where(Change.kind == kind, noted))
        insert_all(session, Change, rows[begins : begins + _REFS])


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
