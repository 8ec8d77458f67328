"""Officers' accounts as an admin keeps them.

A change of role or agency holds within a minute everywhere. There is always an admin left: only one
who is an admin at that moment changes accounts, and nobody takes his own rights away.
"""

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.areas import service as areas
from smartcity.audit.service import record
from smartcity.core import clock
from smartcity.core.db import lock_row, one_at_a_time
from smartcity.core.errors import Conflict, Forbidden, Invalid, NotFound, PreconditionFailed
from smartcity.core.ids import new_id
from smartcity.core.paging import Page, newest_first
from smartcity.core.text import fold
from smartcity.identity import officers, second_factor, sessions
from smartcity.identity.models import Officer
from smartcity.identity.permissions import Principal, Role

_IN_UNITS = {Role.UNIT_OFFICER, Role.UNIT_LEADER}


def create(
    session: Session, admin: Principal, password_hash: str, asked: Mapping[str, Any]
) -> Officer:
    """An account with a temporary password; Invalid when the name is taken."""
    _be_admin(session, admin)
    if officers.find(session, asked["username"]):
        raise Invalid(username="officer.name_taken")
    officer = Officer(
        id=new_id(),
        username=asked["username"].casefold(),
        password_hash=password_hash,
        password_temporary=True,
        version=1,
        active=True,
        created_at=clock.now(),
    )
    _place(officer, asked)
    session.add(officer)
    session.flush()
    _audit(session, admin, "create", officer, None)
    return officer


def listed(session: Session, asked: Mapping[str, Any]) -> Page[Officer]:
    """Accounts, newest first, by role, agency, `active`, and words of the two names."""
    query = select(Officer)
    for column in ("role", "agency", "active"):
        if asked.get(column) is not None:
            query = query.where(getattr(Officer, column) == asked[column])
    if asked.get("q"):
        query = query.where(Officer.id.in_(_named(session, fold(asked["q"]))))
    return newest_first(session, query, (Officer.created_at, Officer.id), asked)


def change(
    session: Session,
    admin: Principal,
    officer_id: uuid.UUID,
    version: int,
    asked: Mapping[str, Any],
) -> Officer:
    """Give an officer another role, agency or name to show; Conflict for one's own role."""
    officer = _held(session, admin, officer_id)
    if officer.version != version:
        raise PreconditionFailed("precondition.failed")
    if asked.get("role", officer.role) != officer.role:
        _not_oneself(admin, officer)
    before = _state(officer)
    _place(officer, asked)
    _changed(session, admin, "change", officer, before)
    return officer


def deactivate(session: Session, admin: Principal, officer_id: uuid.UUID, reason: str) -> Officer:
    """Close an account and end its sessions; Conflict for one's own."""
    officer = _held(session, admin, officer_id)
    _not_oneself(admin, officer)
    if officer.active:
        before = _state(officer)
        officer.active = False
        sessions.end_all(session, officer.id)
        _changed(session, admin, "deactivate", officer, before, reason=reason)
    return officer


def reactivate(session: Session, admin: Principal, officer_id: uuid.UUID) -> Officer:
    """Open an account again; its sessions stay ended."""
    officer = _held(session, admin, officer_id)
    if not officer.active:
        before = _state(officer)
        officer.active = True
        _changed(session, admin, "reactivate", officer, before)
    return officer


def reset_second_factor(
    session: Session, admin: Principal, officer_id: uuid.UUID, reason: str
) -> Officer:
    """Take a second factor away and end the sessions begun by it; Conflict for one's own."""
    officer = _held(session, admin, officer_id)
    _not_oneself(admin, officer)
    second_factor.reset(session, officer)
    sessions.end_all(session, officer.id)
    record(
        session, admin.key, "officer.reset_second_factor", ("officer", officer.id), reason=reason
    )
    return officer


def _held(session: Session, admin: Principal, officer_id: uuid.UUID) -> Officer:
    _be_admin(session, admin)
    officer = lock_row(session, select(Officer), Officer.id == officer_id)
    if officer is None:
        raise NotFound("officer.not_found")
    return officer


def _be_admin(session: Session, admin: Principal) -> None:
    """Let one admin at a time change accounts, and only who is one now: his session may be old."""
    one_at_a_time(session, "officers")
    here = Officer.id == uuid.UUID(admin.id), Officer.role == Role.ADMIN, Officer.active
    if session.scalar(select(Officer.id).where(*here)) is None:
        raise Forbidden("identity.forbidden")


def _not_oneself(admin: Principal, officer: Officer) -> None:
    if admin.id == str(officer.id):
        raise Conflict("officer.yourself")


def _place(officer: Officer, asked: Mapping[str, Any]) -> None:
    """Set what was asked; who works in a unit needs one."""
    for name in ("role", "agency", "display_name"):
        if name in asked:
            setattr(officer, name, asked[name])
    if officer.agency and "agency" in asked:
        officer.agency = areas.agency(officer.agency).code
    if officer.role in _IN_UNITS and not officer.agency:
        raise Invalid(agency="field.required")


def _named(session: Session, words: str) -> list[uuid.UUID]:
    """Accounts with these folded words in a name.

    A province has some thousand accounts: a column to search would have to be kept right by every
    sign-in that brings a new name.
    """
    names = session.execute(select(Officer.id, Officer.display_name, Officer.username))
    return [found for found, shown, username in names if words in fold(f"{shown} {username}")]


def _changed(
    session: Session,
    admin: Principal,
    deed: str,
    officer: Officer,
    before: dict[str, Any],
    **told: Any,
) -> None:
    officer.version += 1
    session.flush()
    _audit(session, admin, deed, officer, before, **told)


def _audit(
    session: Session,
    admin: Principal,
    deed: str,
    officer: Officer,
    before: dict[str, Any] | None,
    **told: Any,
) -> None:
    subject, after = ("officer", officer.id), _state(officer)
    record(session, admin.key, f"officer.{deed}", subject, before=before, after=after, **told)


def _state(officer: Officer) -> dict[str, Any]:
    return {name: getattr(officer, name) for name in ("role", "agency", "display_name", "active")}
