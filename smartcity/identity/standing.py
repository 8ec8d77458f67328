"""Whose a session is and what he is today: looked up at most once a minute in each process."""

import uuid
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import BindParameter, Select, Table, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from smartcity.core import clock
from smartcity.core.cache import Remembered
from smartcity.core.context import per_app, settings
from smartcity.core.db import reading
from smartcity.identity.models import Citizen, Officer, SignedIn
from smartcity.identity.permissions import Principal, Role
from smartcity.settings import Settings

_KEPT = timedelta(seconds=60)
_MOST = 20_000  # sessions; some 10 MB


@per_app
def _recent(_settings: Settings) -> Remembered[uuid.UUID, Principal | None]:
    return Remembered(_KEPT, _MOST)


def standing(session_id: uuid.UUID) -> Principal | None:
    """Who holds a session; None once it is over. At most a minute old."""
    return _recent()(session_id, _look_up)


def forget(session_id: uuid.UUID) -> None:
    """Look a session up anew at its next request to this process."""
    _recent().forget(session_id)


def principal_of(session: Session, session_id: uuid.UUID) -> Principal | None:
    """Who holds a session, as he stands now; None when it is over or its account is gone."""
    asked = {"session_id": session_id, "now": clock.now()}
    found = session.connection().execute(_HOLDER, asked).one_or_none()
    if found is None:
        return None
    kind, principal_id, role, agency, assurance, proved, temporary = found
    if kind == Role.CITIZEN and assurance:
        return Principal(Role.CITIZEN, str(principal_id), assurance=assurance)
    return Principal(_role(role, proved, temporary), str(principal_id), agency) if role else None


def _holder() -> Select[Any]:
    """Built once: it runs at every refresh, and campaigns make all phones refresh at a time."""
    held, officer, citizen = (
        cast(Table, model.__table__).c for model in (SignedIn, Officer, Citizen)
    )
    person = held.principal_id
    now: BindParameter[datetime] = bindparam("now")
    stays = or_(citizen.erase_at.is_(None), citizen.erase_at > now)
    return (
        select(held.kind, person, officer.role, officer.agency, citizen.assurance)
        .add_columns(held.second_factor, officer.password_temporary)
        .outerjoin_from(
            SignedIn.__table__,
            Officer.__table__,
            and_(held.kind == "officer", officer.id == person, officer.active),
        )
        .outerjoin(Citizen.__table__, and_(held.kind == Role.CITIZEN, citizen.id == person, stays))
        .where(held.id == bindparam("session_id"), held.revoked_at.is_(None))
        .where(held.expires_at > now)
    )


_HOLDER = _holder()


def _role(role: str, proved: str | None, temporary: bool) -> Role:
    """What an officer's session is good for: only for securing his account, as long as that has a
    password that somebody gave him, or lacks a second factor that is required."""
    lacking = settings().second_factor == "required" and not proved
    return Role.NEWCOMER if temporary or lacking else Role(role)


def _look_up(session_id: uuid.UUID) -> Principal | None:
    with reading() as session:
        return principal_of(session, session_id)
