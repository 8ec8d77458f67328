"""Whose a session is and what he is today: looked up at most once a minute in each process."""

import uuid
from datetime import timedelta

from sqlalchemy import and_, or_, select
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
    person = SignedIn.principal_id
    stays = or_(Citizen.erase_at.is_(None), Citizen.erase_at > clock.now())
    secured = SignedIn.second_factor, Officer.password_temporary
    found = session.execute(
        select(SignedIn.kind, person, Officer.role, Officer.agency, Citizen.assurance, *secured)
        .outerjoin(Officer, and_(SignedIn.kind == "officer", Officer.id == person, Officer.active))
        .outerjoin(Citizen, and_(SignedIn.kind == Role.CITIZEN, Citizen.id == person, stays))
        .where(SignedIn.id == session_id, SignedIn.revoked_at.is_(None))
        .where(SignedIn.expires_at > clock.now())
    ).one_or_none()
    if found is None:
        return None
    kind, principal_id, role, agency, assurance, proved, temporary = found
    if kind == Role.CITIZEN and assurance:
        return Principal(Role.CITIZEN, str(principal_id), assurance=assurance)
    return Principal(_role(role, proved, temporary), str(principal_id), agency) if role else None


def _role(role: str, proved: str | None, temporary: bool) -> Role:
    """What an officer's session is good for: only for securing his account, as long as that has a
    password that somebody gave him, or lacks a second factor that is required."""
    lacking = settings().second_factor == "required" and not proved
    return Role.NEWCOMER if temporary or lacking else Role(role)


def _look_up(session_id: uuid.UUID) -> Principal | None:
    with reading() as session:
        return principal_of(session, session_id)
