"""An officer's browser signed in at the console: a row of `sessions` found by its cookie.

The cookie is 256 random bits, of which only the SHA-256 is kept. Every sign-in and every raise of
privilege begins a new session, so an id that somebody planted or saw before is worth nothing.
"""

import hashlib
import secrets
import uuid
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from smartcity.audit.service import record
from smartcity.core import clock
from smartcity.core.cache import Remembered
from smartcity.core.context import per_app
from smartcity.core.db import reading, transaction
from smartcity.identity import sessions
from smartcity.identity.models import SignedIn
from smartcity.identity.permissions import Principal
from smartcity.settings import Settings

IDLE = timedelta(minutes=30)
_KEPT = timedelta(seconds=60)  # in a process; how exactly `seen_at` is known
_MOST = 5_000  # browsers


def begin(session: Session, principal: Principal, device: str, second_factor: str | None) -> str:
    """Sign a browser in; the cookie that it keeps. `second_factor` is what the officer proved."""
    cookie, row = _new(session, principal, device, second_factor)
    record(session, principal.key, "sign_in", ("session", row.id))
    return cookie


def renew(
    session: Session,
    principal: Principal,
    device: str,
    old: uuid.UUID,
    second_factor: str | None = None,
) -> str:
    """A new session in the place of an old one; its proof of a second factor goes on with it."""
    proved = second_factor or session.get_one(SignedIn, old).second_factor
    sessions.end(session, old, principal, "renew_session")
    cookie, _ = _new(session, principal, device, proved)
    return cookie


def session_of(cookie: str) -> uuid.UUID | None:
    """The session of a cookie, unless it was idle for 30 minutes; asking keeps it awake."""
    return _recent()(_hash(cookie), _look_up)


def _new(
    session: Session, principal: Principal, device: str, second_factor: str | None
) -> tuple[str, SignedIn]:
    cookie = secrets.token_urlsafe(32)
    values = {"cookie_hash": _hash(cookie), "seen_at": clock.now(), "second_factor": second_factor}
    return cookie, sessions.enter(session, principal, device, **values)


def _look_up(cookie_hash: str) -> uuid.UUID | None:
    now = clock.now()
    with reading() as session:
        found = session.execute(
            select(SignedIn.id, SignedIn.seen_at).where(
                SignedIn.cookie_hash == cookie_hash, SignedIn.seen_at > now - IDLE
            )
        ).one_or_none()
    if found is None:
        return None
    if found.seen_at <= now - _KEPT:
        _see(found.id)
    session_id: uuid.UUID = found.id
    return session_id


def _see(session_id: uuid.UUID) -> None:
    """Note that a browser is at work; at most once a minute, however many processes it meets."""
    now = clock.now()
    with transaction() as session:
        session.execute(
            update(SignedIn)
            .where(SignedIn.id == session_id, SignedIn.seen_at <= now - _KEPT)
            .values(seen_at=now)
        )


@per_app
def _recent(_settings: Settings) -> Remembered[str, uuid.UUID | None]:
    return Remembered(_KEPT, _MOST)


def _hash(cookie: str) -> str:
    return hashlib.sha256(cookie.encode()).hexdigest()
