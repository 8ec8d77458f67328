"""One-time codes: asked for, sent by a job, and spent once."""

import secrets
import uuid
from datetime import timedelta

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from smartcity.core import clock
from smartcity.core.context import settings
from smartcity.core.envelope import blind, seal, unseal
from smartcity.core.errors import Unavailable
from smartcity.core.expiry import Over
from smartcity.core.ids import new_id
from smartcity.core.signing import encrypt, mac, verifies
from smartcity.identity import citizens, code_limits, delivery, sessions
from smartcity.identity.models import OtpChallenge
from smartcity.identity.permissions import Principal, Role
from smartcity.jobs.service import URGENT, enqueue

MOST_TRIES = 5
PURPOSE = "otp"
KEPT = timedelta(days=1)


def challenge(session: Session, phone: str, device: uuid.UUID | None = None) -> OtpChallenge:
    """Send a code to a number in E.164, known or not.

    `device` is the app's installation. TooMany above a limit, Unavailable when no message can be
    afforded any more today.
    """
    code_limits.admit(session, phone, device)
    made, now = new_id(), clock.now()
    code = f"{secrets.randbelow(10**6):06}"
    row = OtpChallenge(
        id=made,
        phone_index=blind(citizens.PHONE, phone),
        phone_sealed=seal(PURPOSE, phone),
        code_mac=mac(PURPOSE, _message(made, code)),
        created_at=now,
        expires_at=now + timedelta(seconds=settings().otp_lifetime),
    )
    session.add(row)
    way = delivery.affordable(session, delivery.way_to(session, row.phone_index))
    if not way:
        raise Unavailable("identity.codes_exhausted", headers={"Retry-After": "3600"})
    sealed = {"challenge": str(made), "code": encrypt(PURPOSE, code), "channels": way}
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
        .returning(OtpChallenge.phone_sealed, OtpChallenge.code_mac)
    ).one_or_none()
    if tried is None or not verifies(PURPOSE, _message(challenge_id, code), tried.code_mac):
        return None
    spent = update(OtpChallenge).where(OtpChallenge.id == challenge_id)
    session.execute(spent.values(consumed_at=now))  # its row is ours since the try was counted
    return unseal(PURPOSE, tried.phone_sealed)


def forget_old(session: Session) -> None:
    """Drop the challenges that no limit counts any more."""
    session.execute(delete(OtpChallenge).where(*over().where))


def over() -> Over:
    """The challenges that no limit counts any more."""
    return Over(OtpChallenge, (OtpChallenge.created_at < clock.now() - KEPT,))


def _message(challenge_id: uuid.UUID, code: str) -> str:
    return f"{challenge_id.hex}:{code}"
