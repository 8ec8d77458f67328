"""The consent ledger: who agreed to what, in which words, when and from which device.

Append-only: the newest row of a purpose is the state. Nothing is granted beforehand.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, Select, String, exists, select, tuple_
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from smartcity.audit.service import record
from smartcity.core import clock
from smartcity.core.db import Base, lock_row
from smartcity.core.errors import Conflict, NotFound
from smartcity.core.expiry import Over
from smartcity.core.ids import new_id
from smartcity.identity.models import Citizen
from smartcity.identity.permissions import Principal
from smartcity.identity.policy import CONSENT, Purpose, policy


class Consent(Base):
    """One answer of a citizen to one purpose; never changed."""

    __tablename__ = "consents"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    citizen_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("citizens.id"))
    purpose: Mapped[str] = mapped_column(String(40))
    policy_version: Mapped[int]
    granted: Mapped[bool]
    language: Mapped[str] = mapped_column(String(5))  # that the texts were shown in
    session_id: Mapped[uuid.UUID]  # the device it came from
    device: Mapped[str] = mapped_column(String(120))  # its User-Agent, shortened
    at: Mapped[datetime] = mapped_column(index=True)

    __table_args__ = (Index("ix_consents_citizen", "citizen_id", "purpose", "at", "id"),)


def has_consent(session: Session, citizen_id: uuid.UUID, purpose: str) -> bool:
    """Whether a person's data may be used for a purpose that rests on consent, at this moment.

    No for whoever never agreed, agreed to words that have changed too much, withdrew, or had the
    use of his data restricted. KeyError for a purpose that the policy does not know.
    """
    asked = policy().purposes[purpose]
    newest = _rows(session, citizen_id, purpose, most=1)
    restricted = session.scalar(select(Citizen.restricted_at).where(Citizen.id == citizen_id))
    return restricted is None and bool(newest) and counts(newest[0], asked)


def consenting(purpose: str) -> Select[uuid.UUID]:
    """The citizens of whom `has_consent` is true, each once."""
    agreed = Consent.granted, Consent.policy_version >= policy().purposes[purpose].renewed_in
    newest = select(Consent.citizen_id).where(Consent.purpose == purpose, *agreed, ~_replaced())
    return newest.join(Citizen, Citizen.id == Consent.citizen_id).where(
        Citizen.restricted_at.is_(None)
    )


def counts(consent: Consent, purpose: Purpose) -> bool:
    """Whether an answer is a consent to the purpose as it stands in the policy of today."""
    return consent.granted and consent.policy_version >= purpose.renewed_in


def answer(
    session: Session,
    citizen: Principal,
    purpose: str,
    *,
    granted: bool,
    policy_version: int,
    source: tuple[uuid.UUID, str, str],
) -> bool:
    """Write down what a citizen answers; whether that withdrew a consent.

    `source` is his session, its device, and the language he read. The same answer again adds
    nothing. Raises NotFound for a purpose that asks for no consent, and Conflict for a grant to
    another version than today's; a withdrawal is never refused for its version.
    """
    _check(purpose, granted, policy_version)
    citizen_id = uuid.UUID(citizen.id)
    lock_row(session, select(Citizen), Citizen.id == citizen_id)
    before = next(iter(_rows(session, citizen_id, purpose, most=1)), None)
    if before is None and not granted:
        return False
    if before and before.granted == granted and (not granted or _is_newest(before)):
        return False
    session_id, device, language = source
    row = Consent(
        id=new_id(),
        citizen_id=citizen_id,
        purpose=purpose,
        policy_version=policy_version,
        granted=granted,
        language=language,
        session_id=session_id,
        device=device,
        at=clock.now(),
    )
    session.add(row)
    session.flush()
    deed = "consent.grant" if granted else "consent.withdraw"
    record(session, citizen.key, deed, ("consent", row.id), purpose=purpose, version=policy_version)
    return not granted


def state_of(session: Session, citizen_id: uuid.UUID) -> list[dict[str, Any]]:
    """Each purpose that asks for consent: whether it is granted now, and all answers to it."""
    rows = history(session, citizen_id)
    asked = [purpose for purpose in policy().purposes.values() if purpose.basis == CONSENT]
    return [_state(purpose, [r for r in rows if r.purpose == purpose.code]) for purpose in asked]


def _state(purpose: Purpose, rows: list[Consent]) -> dict[str, Any]:
    granted = bool(rows) and counts(rows[0], purpose)
    return {"purpose": purpose.code, "granted": granted, "history": rows}


def consents_over(before: datetime) -> Over:
    """The answers of a time ago that a later one has replaced."""
    return Over(Consent, (Consent.at < before, _replaced()))


def history(session: Session, citizen_id: uuid.UUID) -> Sequence[Consent]:
    """All that a citizen answered, newest first."""
    return _rows(session, citizen_id)


def _check(code: str, granted: bool, version: int) -> None:
    known = policy().purposes.get(code)
    if known is None or known.basis != CONSENT:
        raise NotFound("consent.no_such_purpose")
    if granted and version != policy().version:
        raise Conflict("consent.other_version", version=policy().version)


def _replaced() -> ColumnElement[bool]:
    """That the same person answered the same question later."""
    later = aliased(Consent)
    return exists().where(
        later.citizen_id == Consent.citizen_id,
        later.purpose == Consent.purpose,
        tuple_(later.at, later.id) > tuple_(Consent.at, Consent.id),
    )


def _is_newest(consent: Consent) -> bool:
    return consent.policy_version == policy().version


def _rows(
    session: Session, citizen_id: uuid.UUID, purpose: str | None = None, most: int | None = None
) -> Sequence[Consent]:
    query = select(Consent).where(Consent.citizen_id == citizen_id)
    if purpose:
        query = query.where(Consent.purpose == purpose)
    return session.scalars(query.order_by(Consent.at.desc(), Consent.id.desc()).limit(most)).all()
