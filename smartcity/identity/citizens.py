"""Citizens: found by a keyed index of their number, which lies under the person's own key."""

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.core import clock, vault
from smartcity.core.db import one_at_a_time
from smartcity.core.envelope import blind
from smartcity.core.ids import new_id
from smartcity.identity.models import Citizen

PHONE = "phone"


def find(session: Session, phone: str) -> uuid.UUID | None:
    """The citizen of a number in E.164."""
    return session.scalar(select(Citizen.id).where(Citizen.phone_index == blind(PHONE, phone)))


def enrol(session: Session, phone: str) -> uuid.UUID:
    """The citizen of a number in E.164, made if he is new; of two at once, one is made."""
    index = blind(PHONE, phone)
    one_at_a_time(session, f"enrol:{index}")
    return find(session, phone) or _make(session, phone, index)


def phone_of(session: Session, citizen_id: uuid.UUID) -> str | None:
    """A citizen's number in E.164, None for nobody."""
    sealed = session.scalar(select(Citizen.phone_sealed).where(Citizen.id == citizen_id))
    return vault.reveal(session, citizen_id, PHONE, sealed) if sealed else None


def _make(session: Session, phone: str, index: str) -> uuid.UUID:
    citizen = Citizen(id=new_id(), phone_index=index, assurance="otp", created_at=clock.now())
    vault.give_key(session, citizen.id)
    citizen.phone_sealed = vault.protect(session, citizen.id, PHONE, phone) or ""
    session.add(citizen)
    session.flush()
    return citizen.id
