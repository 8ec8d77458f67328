"""One-time codes by SMS: asked for, sent by a job, and spent once."""

import secrets
import uuid
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from smartcity.core import clock
from smartcity.core.context import settings
from smartcity.core.db import one_at_a_time
from smartcity.core.expiry import Over
from smartcity.core.ids import new_id
from smartcity.core.signing import encrypt, mac, verifies
from smartcity.core.web import too_many
from smartcity.identity import citizens, sessions
from smartcity.identity.models import OtpChallenge
from smartcity.identity.permissions import Principal, Role
from smartcity.jobs.service import URGENT, enqueue

MOST_TRIES = 5
_HOUR = timedelta(hours=1)
KEPT = timedelta(days=1)


def challenge(session: Session, phone: str) -> OtpChallenge:
    """Send a code to a number in E.164, known or not; TooMany above its number's limits."""
    one_at_a_time(session, f"codes:{phone}")  # else two at once would be miscounted
    wait = _wait(session, phone)
    if wait > 0:
        raise too_many(int(wait) + 1)
    made, now = new_id(), clock.now()
    code = f"{secrets.randbelow(10**6):06}"
    row = OtpChallenge(
        id=made,
        phone=phone,
        code_mac=_mac(made, code),
        created_at=now,
        expires_at=now + timedelta(seconds=settings().otp_lifetime),
    )
    session.add(row)
    sealed = {"challenge": str(made), "code": encrypt("otp", code)}
    enqueue(session, "identity.send_code", sealed, priority=URGENT)
    return row


def redeem(
    session: Session, challenge_id: uuid.UUID, code: str, device: str
) -> sessions.Tokens | None:
    """Sign the holder of a code in, as a new citizen if need be; None when it is not right.

    Wrong, expired, spent and unknown are one. The caller commits in both cases: a try counts.
    """
    phone = proven(session, challenge_id, code)
    if phone is None:
        return None
    citizen = Principal(Role.CITIZEN, str(citizens.enrol(session, phone)))
    return sessions.begin(session, citizen, device)


def proven(session: Session, challenge_id: uuid.UUID, code: str) -> str | None:
    """The number that a code proves the holding of, and the code is spent; None when not right.

    The caller commits in both cases: a try counts.
    """
    now = clock.now()
    tried = session.execute(
        update(OtpChallenge)
        .where(OtpChallenge.id == challenge_id, OtpChallenge.tries < MOST_TRIES)
        .where(OtpChallenge.consumed_at.is_(None), OtpChallenge.expires_at > now)
        .values(tries=OtpChallenge.tries + 1)
        .returning(OtpChallenge.phone, OtpChallenge.code_mac)
    ).one_or_none()
    if tried is None or not _is_code(challenge_id, code, tried.code_mac):
        return None
    spent = update(OtpChallenge).where(OtpChallenge.id == challenge_id)
    session.execute(spent.values(consumed_at=now))  # its row is ours since the try was counted
    phone: str = tried.phone
    return phone


def forget_old(session: Session) -> None:
    """Drop the challenges that no limit counts any more."""
    session.execute(delete(OtpChallenge).where(*over().where))


def over() -> Over:
    """The challenges that no limit counts any more."""
    return Over(OtpChallenge, (OtpChallenge.created_at < clock.now() - KEPT,))


def _wait(session: Session, phone: str) -> float:
    """Seconds until the number may have another code; counted in the database, Redis or not."""
    now, most = clock.now(), settings().otp_hourly
    recent = session.scalars(
        select(OtpChallenge.created_at)
        .where(OtpChallenge.phone == phone, OtpChallenge.created_at > now - _HOUR)
        .order_by(OtpChallenge.created_at.desc())
        .limit(most)
    ).all()
    free = [at + timedelta(seconds=settings().otp_gap) for at in recent[:1]]
    free += [at + _HOUR for at in recent[most - 1 :]]
    return max(((at - now).total_seconds() for at in free), default=0.0)


def _mac(challenge_id: uuid.UUID, code: str) -> str:
    return mac("otp", f"{challenge_id.hex}:{code}")


def _is_code(challenge_id: uuid.UUID, code: str, kept: str) -> bool:
    return verifies("otp", f"{challenge_id.hex}:{code}", kept)
