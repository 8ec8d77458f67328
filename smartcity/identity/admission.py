"""How an officer comes in: by password, then by a code where his account has a second factor.

The steps hold transactions of their own: a guess is counted, and that committed, before it is
judged, and hashing takes too long to hold one open.
"""

import uuid
from typing import Any

from sqlalchemy.orm import Session

from smartcity.audit.service import record
from smartcity.core import quota
from smartcity.core.db import transaction
from smartcity.core.errors import Invalid, Unauthenticated, Unavailable
from smartcity.identity import lockout, officers, second_factor
from smartcity.identity.lockout import Knock, Lanes
from smartcity.identity.models import Officer
from smartcity.identity.passwords import hash_anew, matches
from smartcity.identity.permissions import Principal, Role

_UNKNOWN_NAMES = (60, 3600)  # entries of the audit record in seconds


def admit(knock: Knock, password: str, code: str | None) -> tuple[Officer, str | None]:
    """The account of who shows all that it asks for at once, and which factor the code proved.

    Raises what `by_password` and `by_code` do, and Invalid where a code is missing.
    """
    officer = by_password(knock, password)
    if officer.totp_confirmed_at is None:
        return officer, None
    if code is None:
        raise Invalid(otp="identity.otp_needed")
    return officer, by_code(officer.id, knock, code, field="otp")


def by_password(knock: Knock, password: str) -> Officer:
    """The account of a right name and password.

    Raises Unauthenticated, one answer for every fault of the two; TooMany; Unavailable in a crowd.
    """
    with transaction() as session:
        lanes = lockout.take(session, knock)
        officer = officers.find(session, knock.username)
    kept = officer.password_hash if officer else None
    right = _judged(lanes, password, kept)
    if not right or officer is None or not officer.active:
        _note_failure(officer)
        raise Unauthenticated("identity.password_wrong")
    renewed = hash_anew(password, officer.password_hash)
    with transaction() as session:
        lockout.give_back(session, lanes)
        if renewed:
            session.get_one(Officer, officer.id).password_hash = renewed
    return officer


def password_again(principal: Principal, password: str) -> Officer:
    """The account of an officer who is signed in, once he proves his password anew.

    Raises Invalid when it is wrong; TooMany; Unavailable in a crowd.
    """
    with transaction() as session:
        lanes = lockout.take(session, principal)
        officer = officers.of(session, principal)
    right = _judged(lanes, password, officer.password_hash)
    if not right:
        _note_failure(officer)
        raise Invalid(current="identity.password_not_yours")
    with transaction() as session:
        lockout.give_back(session, lanes)
    return officer


def by_code(officer_id: uuid.UUID, who: Knock | Principal, code: str, field: str = "code") -> str:
    """Which factor a code of an account proves, `totp` or `recovery`, and spend it.

    Raises Invalid when it is not right, TooMany.
    """
    with transaction() as session:
        lanes = lockout.take(session, who)
        officer = session.get_one(Officer, officer_id)
        proved = second_factor.accept(session, officer, code)
        if proved:
            lockout.give_back(session, lanes)
        _note_code(session, officer, proved)
    if proved is None:  # after the commit: a wrong try counts
        raise Invalid(**{field: "identity.otp_wrong"})
    return proved


def principal_of(officer: Officer) -> Principal:
    """The officer as one who acts."""
    return Principal(Role(officer.role), str(officer.id), officer.agency)


def _note_code(session: Session, officer: Officer, proved: str | None) -> None:
    """Audit what matters of a code: that it was wrong, or that a recovery code is gone."""
    if proved is None:
        _record(session, officer, "sign_in_failed", step="code")
    elif proved == second_factor.RECOVERY:
        _record(session, officer, "use_recovery_code")


def _judged(lanes: Lanes, password: str, kept: str | None) -> bool:
    try:
        return matches(password, kept)
    except Unavailable:  # nobody judged it
        with transaction() as session:
            lockout.give_back(session, lanes)
        raise


def _note_failure(officer: Officer | None) -> None:
    """Audit a wrong password; guesses at names that nobody has fill the record only so far."""
    with transaction() as session:
        if officer:
            _record(session, officer, "sign_in_failed", step="password")
        elif not quota.take(session, "unknown_names", *_UNKNOWN_NAMES):
            record(session, "anyone:", "sign_in_failed", ("officer", None), step="name")


def _record(session: Session, officer: Officer, deed: str, **detail: Any) -> None:
    record(session, f"officer:{officer.id}", deed, ("officer", officer.id), **detail)
