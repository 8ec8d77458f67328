"""Whose a session is and what he is today: looked up at most once a minute in each process."""

import uuid
from datetime import datetime, timedelta
from threading import Lock

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from smartcity.core import clock
from smartcity.core.context import per_app
from smartcity.core.db import reading
from smartcity.identity.models import Officer, SignedIn
from smartcity.identity.permissions import Principal, Role
from smartcity.settings import Settings

_KEPT = timedelta(seconds=60)
_MOST = 20_000  # sessions; some 10 MB


class _Recent:
    """What was looked up, oldest first; the oldest goes when there is no more room."""

    def __init__(self) -> None:
        self._found: dict[uuid.UUID, tuple[datetime, Principal | None]] = {}
        self._lock = Lock()

    def look_up(self, session_id: uuid.UUID) -> Principal | None:
        now = clock.now()
        at, principal = self._found.get(session_id, (None, None))
        # A clock set back makes an age negative: better look again.
        if at is not None and timedelta(0) <= now - at < _KEPT:
            return principal
        with reading() as session:
            principal = principal_of(session, session_id)
        with self._lock:
            self._found.pop(session_id, None)
            self._found[session_id] = (now, principal)
            if len(self._found) > _MOST:
                del self._found[next(iter(self._found))]
        return principal

    def forget(self, session_id: uuid.UUID) -> None:
        with self._lock:
            self._found.pop(session_id, None)


@per_app
def _recent(_settings: Settings) -> _Recent:
    return _Recent()


def standing(session_id: uuid.UUID) -> Principal | None:
    """Who holds a session; None once it is over. At most a minute old."""
    return _recent().look_up(session_id)


def forget(session_id: uuid.UUID) -> None:
    """Look a session up anew at its next request to this process."""
    _recent().forget(session_id)


def principal_of(session: Session, session_id: uuid.UUID) -> Principal | None:
    """Who holds a session, with the role and agency he has now; None when it is over."""
    account = and_(SignedIn.kind == "officer", Officer.id == SignedIn.principal_id)
    found = session.execute(
        select(SignedIn.kind, SignedIn.principal_id, Officer.role, Officer.agency)
        .outerjoin(Officer, and_(account, Officer.active))
        .where(SignedIn.id == session_id, SignedIn.revoked_at.is_(None))
        .where(SignedIn.expires_at > clock.now())
    ).one_or_none()
    if found is None:
        return None
    kind, principal_id, role, agency = found
    if kind == Role.CITIZEN:
        return Principal(Role.CITIZEN, str(principal_id))
    return Principal(Role(role), str(principal_id), agency) if role else None
