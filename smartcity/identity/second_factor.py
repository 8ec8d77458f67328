"""An officer's second factor: codes of an authenticator app (TOTP, RFC 6238) and recovery codes.

A code is good once: the time step that it belongs to is kept, and only a later one counts.
"""

import base64
import secrets
import uuid
from dataclasses import dataclass

import pyotp
from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import Session

from smartcity.audit.service import record
from smartcity.core import clock
from smartcity.core.db import insert
from smartcity.core.envelope import blind, seal, unseal
from smartcity.core.errors import Conflict, Invalid
from smartcity.core.signing import same
from smartcity.identity.models import Officer, RecoveryCode

TOTP = "totp"
RECOVERY = "recovery"
ISSUER = "Smart City"
_STEP = 30  # seconds
_DRIFT = 1  # steps that a telephone's clock may be off
_RECOVERY_CODES = 10
_RECOVERY_BYTES = 10  # 16 letters in base32


@dataclass(frozen=True)
class Enrolment:
    """What an authenticator app is given, once: the secret, alone and as an otpauth address."""

    secret: str
    uri: str


def enrol(session: Session, officer: Officer) -> Enrolment:
    """Make a secret that counts once a code confirms it; Conflict when one counts already."""
    secret = pyotp.random_base32()
    changed = session.execute(
        update(Officer)
        .where(Officer.id == officer.id, Officer.totp_confirmed_at.is_(None))
        .values(totp_secret=seal("totp", secret), totp_step=None)
        .returning(Officer.id)
    )
    if changed.first() is None:
        raise Conflict("identity.second_factor_set")
    _record(session, officer, "enrol_second_factor")
    return Enrolment(
        secret, pyotp.TOTP(secret).provisioning_uri(name=officer.username, issuer_name=ISSUER)
    )


def confirm(session: Session, officer: Officer, code: str) -> list[str]:
    """Let the factor count, and give the recovery codes; Invalid when the code is not right."""
    if officer.totp_secret is None or officer.totp_confirmed_at:
        raise Conflict("identity.second_factor_not_begun")
    if not _accept_totp(session, officer, code):
        raise Invalid(code="identity.otp_wrong")
    now = {"totp_confirmed_at": clock.now()}
    session.execute(update(Officer).where(Officer.id == officer.id).values(**now))
    _record(session, officer, "confirm_second_factor")
    return _new_recovery_codes(session, officer)


def accept(session: Session, officer: Officer, code: str) -> str | None:
    """Spend a code: TOTP, RECOVERY, or None when it is not right. Of two at once, one is good."""
    compact = code.replace(" ", "").replace("-", "")
    if compact.isdecimal():
        return TOTP if _accept_totp(session, officer, compact) else None
    return RECOVERY if _accept_recovery(session, officer, compact.upper()) else None


def renew_recovery_codes(session: Session, officer: Officer) -> list[str]:
    """A new set; those of before are worth nothing."""
    _record(session, officer, "renew_recovery_codes")
    return _new_recovery_codes(session, officer)


def recovery_codes_left(session: Session, officer: Officer) -> int:
    """How many recovery codes were not used yet."""
    return len(session.scalars(select(RecoveryCode.digest).where(_theirs(officer))).all())


def reset(session: Session, officer: Officer) -> None:
    """Take a second factor away, by an admin who knows the officer; the caller audits it.

    End the officer's sessions with it: they were begun by the factor that is gone.
    """
    gone = {"totp_secret": None, "totp_confirmed_at": None, "totp_step": None}
    session.execute(update(Officer).where(Officer.id == officer.id).values(**gone))
    session.execute(delete(RecoveryCode).where(_theirs(officer)))


def _accept_totp(session: Session, officer: Officer, code: str) -> bool:
    secret = unseal("totp", officer.totp_secret) if officer.totp_secret else None
    step = step_of(pyotp.TOTP(secret), code) if secret else None
    if step is None:
        return False
    newer = or_(Officer.totp_step.is_(None), Officer.totp_step < step)
    spent = update(Officer).where(Officer.id == officer.id, newer).values(totp_step=step)
    return session.execute(spent.returning(Officer.id)).first() is not None


def step_of(totp: pyotp.TOTP, code: str) -> int | None:
    """The time step that a code belongs to, the clock's own or a neighbour."""
    current = int(clock.now().timestamp()) // _STEP
    steps = range(current - _DRIFT, current + _DRIFT + 1)
    return next((step for step in steps if same(totp.at(step * _STEP), code)), None)


def _accept_recovery(session: Session, officer: Officer, code: str) -> bool:
    spent = delete(RecoveryCode).where(
        _theirs(officer), RecoveryCode.digest == _digest(officer.id, code)
    )
    return session.execute(spent.returning(RecoveryCode.digest)).first() is not None


def _new_recovery_codes(session: Session, officer: Officer) -> list[str]:
    session.execute(delete(RecoveryCode).where(_theirs(officer)))
    codes = [_recovery_code() for _ in range(_RECOVERY_CODES)]
    for code in codes:
        insert(session, RecoveryCode, officer_id=officer.id, digest=_digest(officer.id, code))
    return ["-".join(code[at : at + 4] for at in range(0, len(code), 4)) for code in codes]


def _recovery_code() -> str:
    return base64.b32encode(secrets.token_bytes(_RECOVERY_BYTES)).decode()


def _digest(officer_id: uuid.UUID, code: str) -> str:
    return blind("recovery", f"{officer_id}:{code}")


def _theirs(officer: Officer) -> ColumnElement[bool]:
    return RecoveryCode.officer_id == officer.id


def _record(session: Session, officer: Officer, deed: str) -> None:
    record(session, f"officer:{officer.id}", deed, ("officer", officer.id))
