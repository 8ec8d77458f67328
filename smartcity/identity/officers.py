"""Officers' accounts: found by name, and asked for their password."""

import pyotp
from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.core import clock
from smartcity.core.errors import Invalid, Unauthenticated
from smartcity.core.signing import decrypt
from smartcity.identity.models import Officer
from smartcity.identity.passwords import matches
from smartcity.identity.permissions import Principal, Role

_DRIFT = 1  # steps of 30 s that a telephone's clock may be off


def find(session: Session, username: str) -> Officer | None:
    """The account of a name, whatever its case."""
    return session.scalar(select(Officer).where(Officer.username == username.casefold()))


def admit(officer: Officer | None, password: str, otp: str | None) -> Principal:
    """Who it is, by password and, where set up, a code (TOTP, RFC 6238).

    Raises Unauthenticated, one answer for every fault of name and password; Invalid for the code;
    Unavailable in a crowd. Called outside a transaction, since hashing takes long.
    """
    right = matches(password, officer.password_hash if officer else None)
    if officer is None or not officer.active or not right:
        raise Unauthenticated("identity.password_wrong")
    if officer.totp_secret:
        _check_code(officer.totp_secret, otp)
    return Principal(Role(officer.role), str(officer.id), officer.agency)


def _check_code(encrypted: str, otp: str | None) -> None:
    if otp is None:
        raise Invalid(otp="identity.otp_needed")
    secret = decrypt("totp", encrypted)
    if not (secret and pyotp.TOTP(secret).verify(otp, for_time=clock.now(), valid_window=_DRIFT)):
        raise Invalid(otp="identity.otp_wrong")
