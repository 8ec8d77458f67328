"""A citizen's hold on his own account: correct it, restrict its use, have it erased."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from smartcity.audit.service import record
from smartcity.core import clock, vault
from smartcity.core.context import settings
from smartcity.core.db import lock_row, one_at_a_time
from smartcity.core.envelope import blind
from smartcity.core.errors import Conflict, Invalid, Problem, Unauthenticated
from smartcity.identity import citizens, codes, sessions
from smartcity.identity.models import Citizen, OtpChallenge
from smartcity.identity.permissions import Principal

NAME = "name"
READING_SIZES = ("small", "normal", "large", "huge")


def account(session: Session, citizen_id: uuid.UUID) -> dict[str, Any]:
    """What the account says, opened for its holder."""
    row = session.get_one(Citizen, citizen_id)
    return {
        "id": row.id,
        "phone": vault.reveal(session, row.id, citizens.PHONE, row.phone_sealed),
        "display_name": _name(session, row),
        "assurance": row.assurance,
        "created_at": row.created_at,
        "restricted_at": row.restricted_at,
        "erase_at": row.erase_at,
        "reading_size": row.reading_size,
    }


def rename(session: Session, citizen: Principal, name: str | None) -> None:
    """Call a citizen by another name, or by none."""
    row = _own(session, citizen)
    row.name_sealed = vault.protect(session, row.id, NAME, name) if name else None
    record(session, citizen.key, "account.rename", ("citizen", row.id))


def set_reading_size(session: Session, citizen: Principal, size: str | None) -> None:
    """Let a citizen's phones show letters of a size, or (None) of their own."""
    _own(session, citizen).reading_size = size


def change_number(
    session: Session, citizen: Principal, kept: uuid.UUID, challenge_id: uuid.UUID, code: str
) -> Problem | None:
    """Give the account the number that a code proves, and sign out every session but `kept`.

    The refusal is for the caller to raise once he has committed: a wrong try counts. Invalid for a
    code that is not right, Conflict for a number that has an account.
    """
    phone = codes.proven(session, challenge_id, code)
    if phone is None:
        return Invalid(code="identity.code_wrong")
    index = blind(citizens.PHONE, phone)
    one_at_a_time(session, f"enrol:{index}")
    row = _own(session, citizen)
    if citizens.find(session, phone) not in (None, row.id):
        return Conflict("account.number_taken")
    forget_codes(session, citizens.phone_of(session, row.id))
    row.phone_index = index
    row.phone_sealed = vault.protect(session, row.id, citizens.PHONE, phone) or ""
    record(session, citizen.key, "account.change_number", ("citizen", row.id))
    sessions.revoke_others(session, citizen, kept)
    return None


def restrict(session: Session, citizen: Principal) -> bool:
    """Let a citizen's data serve his open cases only; False when it was so already."""
    return _turn(session, citizen, restricted=True)


def lift_restriction(session: Session, citizen: Principal) -> bool:
    """End a restriction; False when there was none."""
    return _turn(session, citizen, restricted=False)


def is_restricted(session: Session, citizen_id: uuid.UUID) -> bool:
    """Whether a person has restricted the use of his data."""
    return bool(session.scalar(select(Citizen.restricted_at).where(Citizen.id == citizen_id)))


def ask_erasure(session: Session, citizen: Principal) -> tuple[datetime, bool]:
    """When the account is to be erased, and whether that is new; asked again it is no later."""
    row = _own(session, citizen)
    if row.erase_at:
        return row.erase_at, False
    row.erase_at = clock.now() + timedelta(days=settings().erasure_grace_days)
    record(session, citizen.key, "account.ask_erasure", ("citizen", row.id))
    return row.erase_at, True


def cancel_erasure(session: Session, citizen: Principal) -> bool:
    """Keep the account after all; False when no erasure was asked for."""
    row = _own(session, citizen)
    if row.erase_at is None:
        return False
    row.erase_at = None
    record(session, citizen.key, "account.cancel_erasure", ("citizen", row.id))
    return True


def forget_codes(session: Session, phone: str | None) -> None:
    """Drop what was asked for a number."""
    if phone:
        index = blind(citizens.PHONE, phone)
        session.execute(delete(OtpChallenge).where(OtpChallenge.phone_index == index))


def _turn(session: Session, citizen: Principal, *, restricted: bool) -> bool:
    row = _own(session, citizen)
    if bool(row.restricted_at) == restricted:
        return False
    row.restricted_at = clock.now() if restricted else None
    deed = "account.restrict" if restricted else "account.lift_restriction"
    record(session, citizen.key, deed, ("citizen", row.id))
    return True


def _own(session: Session, citizen: Principal) -> Citizen:
    """The citizen's row, held; Unauthenticated when he was erased a moment ago."""
    row = lock_row(session, select(Citizen), Citizen.id == uuid.UUID(citizen.id))
    if row is None:
        raise Unauthenticated("identity.session_over")
    return row


def _name(session: Session, row: Citizen) -> str | None:
    return vault.reveal(session, row.id, NAME, row.name_sealed) if row.name_sealed else None
