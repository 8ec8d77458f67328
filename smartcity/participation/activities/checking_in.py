"""Officers check in those who came: by the code on the phone, or by hand; and take it back."""

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.audit import service as audit
from smartcity.core import clock
from smartcity.core.db import lock_row
from smartcity.core.errors import Conflict, NotFound
from smartcity.identity.permissions import Action, Principal, Scope
from smartcity.participation.activities import codes
from smartcity.participation.activities.rolls import RollLine, lines_of
from smartcity.participation.activities.seats import NAME, turns
from smartcity.participation.models import Registration, Seat
from smartcity.registers.service import Entry


def reachable(session: Session, who: Principal, activity_id: uuid.UUID) -> Entry:
    """An activity that an officer may check in at: a unit's only its own. NotFound otherwise."""
    entry = session.get(Entry, activity_id)
    if entry is None or entry.kind != NAME:
        raise NotFound("register.not_found")
    own = entry.record["agency"] is not None and entry.record["agency"] == who.agency
    if who.scope(Action.CHECK_IN) is not Scope.ALL and not own:
        raise NotFound("register.not_found")
    return entry


def check_in(session: Session, who: Principal, activity_id: uuid.UUID, content: str) -> RollLine:
    """Note that the holder of a QR came.

    Invalid for what is no code of ours; Conflict for an old one, one of another activity, and for
    who came already or has no place. Audited.
    """
    registration_id, code = codes.read(content)
    reachable(session, who, activity_id)
    found = lock_row(session, select(Registration), Registration.id == registration_id)
    if found is None:
        raise NotFound("participation.not_registered")
    if found.activity_id != activity_id:
        raise Conflict("participation.other_activity", title=_title(session, found))
    _refuse_unfit(session, found)
    codes.spend(session, found, code)
    return _came(session, who, found)


def check_in_by_hand(
    session: Session, who: Principal, activity_id: uuid.UUID, ident: uuid.UUID, reason: str
) -> RollLine:
    """The same without a code, for a reason. Audited."""
    found = _held(session, who, activity_id, ident)
    _refuse_unfit(session, found)
    return _came(session, who, found, reason=reason)


def undo(
    session: Session, who: Principal, activity_id: uuid.UUID, ident: uuid.UUID, reason: str
) -> RollLine:
    """Take a check-in back; the code that it came by does not count again. Audited."""
    found = _held(session, who, activity_id, ident)
    if found.checked_in_at is None:
        raise Conflict("participation.not_checked_in")
    found.checked_in_at = found.checked_in_by = None
    return _noted(session, who, "activity.undo_check_in", found, reason)


def _held(
    session: Session, who: Principal, activity_id: uuid.UUID, ident: uuid.UUID
) -> Registration:
    reachable(session, who, activity_id)
    there = Registration.id == ident, Registration.activity_id == activity_id
    found = lock_row(session, select(Registration), *there)
    if found is None:
        raise NotFound("participation.not_registered")
    return found


def _refuse_unfit(session: Session, found: Registration) -> None:
    if found.checked_in_at:
        raise Conflict("participation.checked_in", at=clock.written(found.checked_in_at))
    if found.state == Seat.WAITING:
        raise Conflict("participation.waits", turn=turns(session, [found])[found.id])
    if found.state == Seat.CANCELLED:
        raise Conflict("participation.gave_up")


def _came(
    session: Session, who: Principal, found: Registration, reason: str | None = None
) -> RollLine:
    found.checked_in_at, found.checked_in_by = clock.now(), who.key
    return _noted(session, who, "activity.check_in", found, reason)


def _noted(
    session: Session, who: Principal, deed: str, found: Registration, reason: str | None
) -> RollLine:
    subject = ("activity", found.activity_id)
    audit.record(session, who.key, deed, subject, registration=str(found.id), reason=reason)
    (line,) = lines_of(session, [found])
    return line


def _title(session: Session, found: Registration) -> str:
    return session.get_one(Entry, found.activity_id).title
