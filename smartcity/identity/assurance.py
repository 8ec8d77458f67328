"""How surely we know a citizen: by a number that receives codes, or by an official identity."""

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.audit.service import record
from smartcity.core import clock
from smartcity.core.db import lock_row, one_at_a_time
from smartcity.core.envelope import blind
from smartcity.core.errors import Conflict, Unauthenticated
from smartcity.identity.federation import Identity
from smartcity.identity.models import Citizen
from smartcity.identity.permissions import Principal

VERIFIED = "verified"


def verify(session: Session, principal: Principal, identity: Identity) -> None:
    """Raise a citizen's assurance to `verified`. Of the identity only a keyed index is kept.

    Conflict when the identity verifies another account, or the account has another identity.
    """
    index = blind("identity", f"{identity.issuer}\n{identity.subject}")
    one_at_a_time(session, f"identity:{index}")
    if _holder(session, index) not in (None, uuid.UUID(principal.id)):
        raise Conflict("federation.identity_taken")
    citizen = lock_row(session, select(Citizen), Citizen.id == uuid.UUID(principal.id))
    if citizen is None:
        raise Unauthenticated("identity.session_over")
    if citizen.identity_index not in (None, index):
        raise Conflict("federation.other_identity")
    citizen.assurance, citizen.verified_at = VERIFIED, clock.now()
    citizen.identity_index = index
    subject = ("citizen", citizen.id)
    record(session, principal.key, "verify_identity", subject, issuer=identity.issuer)


def _holder(session: Session, index: str) -> uuid.UUID | None:
    return session.scalar(select(Citizen.id).where(Citizen.identity_index == index))
