"""Check-in codes that change every half minute (TOTP, RFC 6238): the phone makes them offline.

A QR shows `SCIN1.<registration id>.<code>`.
"""

import uuid
from datetime import UTC, datetime
from typing import Any

import pyotp
from sqlalchemy.orm import Session

from smartcity.core import clock, vault
from smartcity.core.errors import Conflict, Invalid
from smartcity.identity import service as identity
from smartcity.participation.models import Registration

VERSION = "SCIN1"
STEP = 30  # seconds
DIGITS = 6
_PURPOSE = "check_in"


def new_secret() -> str:
    """160 bits in base32, as authenticator apps take it."""
    return pyotp.random_base32()


def sealed(session: Session, citizen_id: uuid.UUID, secret: str) -> str:
    """The secret under its citizen's key; Conflict for one who is being erased."""
    kept = vault.protect(session, citizen_id, _PURPOSE, secret)
    if kept is None:
        raise Conflict("participation.not_registered")
    return kept


def secret_of(session: Session, registration: Registration) -> str:
    """The secret; Conflict for one who is being erased."""
    opened = vault.reveal(session, registration.citizen_id, _PURPOSE, registration.secret)
    if opened is None:
        raise Conflict("participation.not_registered")
    return opened


def key_of(registration: Registration, secret: str) -> dict[str, Any]:
    """All that a phone needs to show the QR without a network."""
    return {"prefix": _prefix(registration), "secret": secret, "seconds": STEP, "digits": DIGITS}


def now_of(session: Session, registration: Registration) -> dict[str, Any]:
    """What the QR shows at this moment by the server's clock, and until when it does."""
    step = int(clock.now().timestamp()) // STEP
    code = pyotp.TOTP(secret_of(session, registration)).at(step * STEP)
    until = datetime.fromtimestamp((step + 1) * STEP, UTC)
    return {"content": _prefix(registration) + code, "until": until}


def read(content: str) -> tuple[uuid.UUID, str]:
    """The registration and the code of a QR; Invalid names `code` for what is none of ours."""
    version, _, rest = content.strip().partition(".")
    ident, _, code = rest.partition(".")
    try:
        registration_id = uuid.UUID(ident)
    except ValueError:
        raise Invalid(code="participation.code_unreadable") from None
    if version != VERSION or not (code.isascii() and code.isdecimal() and len(code) == DIGITS):
        raise Invalid(code="participation.code_unreadable")
    return registration_id, code


def spend(session: Session, registration: Registration, code: str) -> None:
    """Let a code count, once; Conflict for a wrong one, an old one, and one of before an undoing.

    The present step counts and each neighbour, so a photograph is worthless after 60 to 90 s.
    """
    totp = pyotp.TOTP(secret_of(session, registration))
    step = identity.second_factor.step_of(totp, code)
    if step is None or (registration.step is not None and step <= registration.step):
        raise Conflict("participation.code_old")
    registration.step = step


def _prefix(registration: Registration) -> str:
    return f"{VERSION}.{registration.id}."
