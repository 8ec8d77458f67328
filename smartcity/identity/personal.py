"""All that identity holds of a citizen: told to him, and erased."""

import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from smartcity.core import clock, vault
from smartcity.core.db import lock_row
from smartcity.identity import citizens
from smartcity.identity.account import account, forget_codes
from smartcity.identity.consents import Consent, history
from smartcity.identity.models import Citizen, SignedIn

ERASED = "erased"  # stands in records for whoever is gone
SETTLED = timedelta(minutes=2)  # longer than any process remembers a session or a key


def held_account(session: Session, citizen_id: uuid.UUID) -> Iterator[dict[str, Any]]:
    yield account(session, citizen_id)


def held_sessions(session: Session, citizen_id: uuid.UUID) -> Iterator[dict[str, Any]]:
    told = ("id", "device", "created_at", "rotated_at", "expires_at", "revoked_at")
    for row in session.scalars(select(SignedIn).where(*_signed_in(citizen_id))):
        yield {name: getattr(row, name) for name in told}


def held_consents(session: Session, citizen_id: uuid.UUID) -> Iterator[dict[str, Any]]:
    told = ("purpose", "policy_version", "granted", "language", "session_id", "device", "at")
    for row in history(session, citizen_id):
        yield {name: getattr(row, name) for name in told}


def due_for_erasure(session: Session) -> Sequence[uuid.UUID]:
    """Who is to be erased, the longest due first; his sessions ended some minutes ago."""
    due = Citizen.erase_at < clock.now() - SETTLED
    return session.scalars(select(Citizen.id).where(due).order_by(Citizen.erase_at)).all()


def hold_for_erasure(session: Session, citizen_id: uuid.UUID) -> datetime | None:
    """When the person whose row is now held became due; None when he is not (any more)."""
    row = lock_row(session, select(Citizen), Citizen.id == citizen_id)
    return row.erase_at if row and row.erase_at and row.erase_at < clock.now() else None


def erase_sessions(session: Session, citizen_id: uuid.UUID) -> None:
    session.execute(delete(SignedIn).where(*_signed_in(citizen_id)))


def erase_consents(session: Session, citizen_id: uuid.UUID) -> None:
    session.execute(delete(Consent).where(Consent.citizen_id == citizen_id))


def erase_account(session: Session, citizen_id: uuid.UUID) -> None:
    """Last of all: the number's codes, the person's key and row; the number is free again."""
    forget_codes(session, citizens.phone_of(session, citizen_id))
    vault.destroy_key(session, citizen_id)
    session.execute(delete(Citizen).where(Citizen.id == citizen_id))


def _signed_in(citizen_id: uuid.UUID) -> tuple[Any, ...]:
    return SignedIn.kind == "citizen", SignedIn.principal_id == citizen_id
