"""Officers' accounts: found, and what one does with one's own."""

import uuid
from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.audit.service import record
from smartcity.identity import second_factor, sessions
from smartcity.identity.models import Officer
from smartcity.identity.permissions import Principal, Role


def find(session: Session, username: str) -> Officer | None:
    """The account of a name, whatever its case."""
    return session.scalar(select(Officer).where(Officer.username == username.casefold()))


def by_id(session: Session, officer_id: uuid.UUID) -> Officer:
    """The account of an id that was found before."""
    return session.get_one(Officer, officer_id)


def active(session: Session, roles: Collection[Role]) -> list[tuple[uuid.UUID, Role, str | None]]:
    """Who works in some roles, oldest account first: id, role, agency."""
    query = select(Officer.id, Officer.role, Officer.agency)
    query = query.where(Officer.active, Officer.role.in_(roles)).order_by(Officer.created_at)
    return [(ident, Role(role), agency) for ident, role, agency in session.execute(query)]


def is_active(session: Session, officer_id: uuid.UUID) -> bool:
    """Whether an account is open."""
    return bool(session.scalar(select(Officer.active).where(Officer.id == officer_id)))


def names(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The display names of officers by id."""
    query = select(Officer.id, Officer.display_name).where(Officer.id.in_(ids))
    return dict(session.execute(query).all())


def of(session: Session, principal: Principal) -> Officer:
    """The account of an officer who is signed in."""
    return by_id(session, uuid.UUID(principal.id))


def shown(session: Session, principal: Principal) -> dict[str, Any]:
    """One's own account, as it is told."""
    officer = of(session, principal)
    return {
        "id": officer.id,
        "username": officer.username,
        "display_name": officer.display_name,
        "role": officer.role,
        "agency": officer.agency,
        "second_factor": officer.totp_confirmed_at is not None,
        "recovery_codes_left": second_factor.recovery_codes_left(session, officer),
    }


def set_password(
    session: Session, principal: Principal, password_hash: str, kept: uuid.UUID
) -> None:
    """Give an officer the password that he chose, as its hash; every session but `kept` ends."""
    officer = of(session, principal)
    officer.password_hash, officer.password_temporary = password_hash, False
    sessions.revoke_others(session, principal, kept)
    record(session, principal.key, "change_password", ("officer", officer.id))
