"""A device signed in: begun, refreshed, ended.

A refresh token is `rt_<session>.<generation>.<mac>`: verified without a query, and nothing secret
is stored. Each refresh raises the generation. The generation before is answered with the same
successor for 30 seconds, for a phone that lost the answer; later, or an older one, means that two
hold the family, and it ends (RFC 9700 §4.14.2).
"""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, Update, bindparam, case, delete, select, update
from sqlalchemy.orm import Session

from smartcity.audit.service import record
from smartcity.core import clock
from smartcity.core.context import settings
from smartcity.core.errors import NotFound
from smartcity.core.expiry import Over
from smartcity.core.ids import new_id
from smartcity.core.paging import Page, newest_first
from smartcity.core.signing import mac, verifies
from smartcity.identity import standing, tokens
from smartcity.identity.models import SignedIn
from smartcity.identity.permissions import Principal, Role

LONGEST_TOKEN = 120  # characters
_REPLAYED_WITHIN = timedelta(seconds=30)
_FORM = re.compile(r"rt_([0-9a-f]{32})\.([1-9][0-9]{0,8})\.([\w-]{43})", re.ASCII)


@dataclass(frozen=True)
class Tokens:
    """What a device keeps; `expires_in` is the access token's, in seconds."""

    access_token: str
    refresh_token: str
    expires_in: int
    token_type: str = "Bearer"  # noqa: S105


def begin(
    session: Session, principal: Principal, device: str, second_factor: str | None = None
) -> Tokens:
    """Sign a device in; `device` is its User-Agent, `second_factor` what an officer proved."""
    row = enter(session, principal, device, second_factor=second_factor)
    record(session, principal.key, "sign_in", ("session", row.id))
    now_holds = standing.principal_of(session, row.id) or principal
    return _tokens(now_holds, row.id, row.generation)


def enter(session: Session, principal: Principal, device: str, **values: Any) -> SignedIn:
    """The row of a device signed in, with what else is known of it."""
    now = clock.now()
    kind, _, _ = principal.key.partition(":")
    citizen = kind == Role.CITIZEN
    lifetime = settings().refresh_lifetime if citizen else settings().officer_session_lifetime
    row = SignedIn(
        id=new_id(),
        kind=kind,
        principal_id=uuid.UUID(principal.id),
        generation=1,
        device=device,
        created_at=now,
        rotated_at=now,
        expires_at=now + timedelta(seconds=lifetime),
        **values,
    )
    session.add(row)
    session.flush()
    return row


def refresh(session: Session, refresh_token: str) -> Tokens | None:
    """The next tokens of a device; None when it has to sign in again.

    The caller commits in both cases: a token used twice ends its family.
    """
    read = _read(refresh_token)
    if read is None:
        return None
    session_id, shown = read
    principal = standing.principal_of(session, session_id)
    if principal is None:
        return None
    if _rotated(session, session_id, shown) or _just_replayed(session, session_id, shown):
        return _tokens(principal, session_id, shown + 1)
    end(session, session_id, principal, "end_reused_session")
    return None


def end(session: Session, session_id: uuid.UUID, principal: Principal, why: str) -> None:
    """Revoke a session; its access tokens are refused everywhere within a minute."""
    session.execute(
        update(SignedIn).where(SignedIn.id == session_id).values(revoked_at=clock.now())
    )
    record(session, principal.key, why, ("session", session_id))


def held(session: Session, principal: Principal, asked: Mapping[str, Any]) -> Page[SignedIn]:
    """The devices that a person is signed in on, newest first."""
    query = select(SignedIn).where(*_alive(principal))
    return newest_first(session, query, (SignedIn.created_at, SignedIn.id), asked)


def revoke(session: Session, principal: Principal, session_id: uuid.UUID) -> None:
    """Sign one of a person's own devices out; NotFound when he has no such session."""
    mine = SignedIn.id == session_id, *_alive(principal)
    if session.scalar(select(SignedIn.id).where(*mine)) is None:
        raise NotFound("identity.session_not_found")
    end(session, session_id, principal, "revoke_session")


def revoke_others(session: Session, principal: Principal, kept: uuid.UUID) -> None:
    """Sign a person out on every device but the one he is using."""
    others = select(SignedIn.id).where(SignedIn.id != kept, *_alive(principal))
    for session_id in session.scalars(others).all():
        end(session, session_id, principal, "revoke_session")


def end_all(session: Session, officer_id: uuid.UUID) -> None:
    """Sign an officer out everywhere; whoever does it audits why."""
    theirs = SignedIn.kind == "officer", SignedIn.principal_id == officer_id
    alive = SignedIn.revoked_at.is_(None)
    session.execute(update(SignedIn).where(*theirs, alive).values(revoked_at=clock.now()))


def prove(session: Session, session_id: uuid.UUID, second_factor: str) -> None:
    """Remember what an officer proved after he signed in."""
    row = update(SignedIn).where(SignedIn.id == session_id)
    session.execute(row.values(second_factor=second_factor))


def forget_over(session: Session) -> None:
    """Drop the sessions whose time is over."""
    session.execute(delete(SignedIn).where(*over().where))


def over() -> Over:
    """The sessions whose time is over."""
    return Over(SignedIn, (SignedIn.expires_at < clock.now(),))


def _alive(principal: Principal) -> tuple[ColumnElement[bool], ...]:
    """A principal's sessions that still open something."""
    kind, _, _ = principal.key.partition(":")
    return (
        SignedIn.kind == kind,
        SignedIn.principal_id == uuid.UUID(principal.id),
        SignedIn.revoked_at.is_(None),
        SignedIn.expires_at > clock.now(),
    )


def _rotated(session: Session, session_id: uuid.UUID, shown: int) -> bool:
    """Raise the generation if `shown` is the newest; of two at once, one does."""
    now = clock.now()
    asked = {
        "session_id": session_id,
        "shown": shown,
        "next": shown + 1,
        "now": now,
        "prolonged": now + timedelta(seconds=settings().refresh_lifetime),
    }
    return session.connection().execute(_ROTATION, asked).first() is not None


def _rotation() -> Update:
    """Built once, since it runs at every refresh."""
    table = cast(Table, SignedIn.__table__)
    held = table.c
    return (
        table.update()
        .where(held.id == bindparam("session_id"), held.generation == bindparam("shown"))
        .where(held.revoked_at.is_(None))
        .values(
            generation=bindparam("next"),
            rotated_at=bindparam("now"),
            # An officer signs in anew when his time is over (NIST SP 800-63B §4.2.3).
            expires_at=case(
                (held.kind == Role.CITIZEN, bindparam("prolonged", type_=held.expires_at.type)),
                else_=held.expires_at,
            ),
        )
        .returning(held.id)
    )


_ROTATION = _rotation()


def _just_replayed(session: Session, session_id: uuid.UUID, shown: int) -> bool:
    """Whether `shown` was the newest until moments ago."""
    found = session.scalar(
        select(SignedIn.id)
        .where(SignedIn.id == session_id, SignedIn.generation == shown + 1)
        .where(SignedIn.revoked_at.is_(None))
        .where(SignedIn.rotated_at >= clock.now() - _REPLAYED_WITHIN)
    )
    return found is not None


def _tokens(principal: Principal, session_id: uuid.UUID, generation: int) -> Tokens:
    signed = mac("refresh", f"{session_id.hex}:{generation}")
    return Tokens(
        access_token=tokens.issue(principal, session_id),
        refresh_token=f"rt_{session_id.hex}.{generation}.{signed}",
        expires_in=settings().access_lifetime,
    )


def _read(refresh_token: str) -> tuple[uuid.UUID, int] | None:
    """The session and generation of a token that we signed."""
    found = _FORM.fullmatch(refresh_token)
    if found is None:
        return None
    session_id, generation, signed = found.groups()
    if not verifies("refresh", f"{session_id}:{generation}", signed):
        return None
    return uuid.UUID(session_id), int(generation)
