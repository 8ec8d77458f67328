"""A citizen names the team that helped him to begin: once an account."""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from smartcity.audit.service import record
from smartcity.core import clock
from smartcity.core.context import settings
from smartcity.core.db import insert_if_absent
from smartcity.core.errors import Conflict, Invalid, NotFound
from smartcity.identity import service as identity
from smartcity.identity.permissions import Principal
from smartcity.participation.models import Activation, ReferralCode
from smartcity.participation.teams import codes, flagging

UNDONE_WITHIN = timedelta(hours=24)


def activate(session: Session, citizen: Principal, typed: str, network: str) -> dict[str, Any]:
    """Count an account for the commune of a team's code; the same code again changes nothing.

    Invalid tells a slip from a code that nobody gave out. Conflict for a closed code, an account
    past its first days, and one that has named a team.
    """
    code = _open(session, typed)
    ident, now = uuid.UUID(citizen.id), clock.now()
    known = session.get(Activation, ident)
    if known is not None and known.code == code.code:
        return told(session, ident)
    _refuse_old(session, ident)
    day = now.astimezone(clock.LOCAL).date()
    values = {"citizen_id": ident, "code": code.code, "ward": code.ward, "day": day, "at": now}
    if not insert_if_absent(session, Activation, **values):
        raise Conflict("referral.named_before")
    record(session, citizen.key, "referral.name", ("citizen", ident), referral=code.code)
    flagging.look(session, code, network)
    return told(session, ident)


def told(session: Session, citizen_id: uuid.UUID) -> dict[str, Any]:
    """Which code an account named, and until when it may take that back; NotFound."""
    named = session.get(Activation, citizen_id)
    if named is None:
        raise NotFound("referral.none")
    until = named.at + UNDONE_WITHIN
    return {
        "code": codes.shown(named.code),
        "ward": named.ward,
        "at": named.at,
        "undone_until": until,
    }


def undo(session: Session, citizen: Principal) -> None:
    """Take it back within 24 hours, to name another; Conflict later, NotFound without any."""
    ident = uuid.UUID(citizen.id)
    if told(session, ident)["undone_until"] < clock.now():
        raise Conflict("referral.settled")
    named = session.get_one(Activation, ident)
    record(session, citizen.key, "referral.undo", ("citizen", ident), referral=named.code)
    session.delete(named)
    session.flush()


def held_referral(session: Session, citizen_id: uuid.UUID) -> Iterator[dict[str, Any]]:
    """Which team he named, for his archive."""
    named = session.get(Activation, citizen_id)
    if named is not None:
        yield {name: getattr(named, name) for name in ("code", "ward", "at")}


def erase_referral(session: Session, citizen_id: uuid.UUID) -> None:
    """He is counted no more."""
    session.execute(delete(Activation).where(Activation.citizen_id == citizen_id))


def _open(session: Session, typed: str) -> ReferralCode:
    code = codes.read(typed)
    if code is None:
        raise Invalid(code="referral.slip")
    found = session.get(ReferralCode, code)
    if found is None:
        raise Invalid(code="referral.unknown")
    if found.closed_at is not None:
        raise Conflict("referral.closed")
    return found


def _refuse_old(session: Session, citizen_id: uuid.UUID) -> None:
    days = settings().referral_days
    began: Any = identity.account(session, citizen_id)["created_at"]
    if began + timedelta(days=days) < clock.now():
        raise Conflict("referral.too_late", days=days)
