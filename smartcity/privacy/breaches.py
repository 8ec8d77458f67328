"""The register of breaches: what happened, and who was told in time (72 hours)."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from smartcity.audit.service import record
from smartcity.core import clock
from smartcity.core.db import lock_row
from smartcity.core.errors import Invalid, NotFound, PreconditionFailed
from smartcity.core.ids import new_id
from smartcity.core.paging import Page, newest_first
from smartcity.identity.permissions import Principal
from smartcity.privacy.models import NOTICE_WITHIN, Breach

COLUMNS = (
    "id",
    "discovered_at",
    "notify_by",
    "description",
    "data_kinds",
    "people",
    "measures",
    "authority_notified_at",
    "people_notified_at",
    "closed_at",
    "recorded_at",
)
_TIMES = ("authority_notified_at", "people_notified_at", "closed_at")


def enter(session: Session, officer: Principal, told: Mapping[str, Any]) -> Breach:
    """Record a breach; Invalid names a time that cannot be."""
    breach = Breach(id=new_id(), recorded_by=officer.key, recorded_at=clock.now(), **told)
    _check(breach)
    session.add(breach)
    session.flush()
    record(session, officer.key, "breach.record", ("breach", breach.id), after=_noted(breach))
    return breach


def change(
    session: Session, officer: Principal, breach_id: uuid.UUID, version: int, told: dict[str, Any]
) -> Breach:
    """Add what became known or was done; PreconditionFailed when somebody else did meanwhile."""
    breach = lock_row(session, select(Breach), Breach.id == breach_id)
    if breach is None:
        raise NotFound("breach.not_found")
    if breach.version != version:
        raise PreconditionFailed("precondition.failed")
    before = _noted(breach)
    for name, value in told.items():
        setattr(breach, name, value)
    _check(breach)
    session.flush()
    subject = ("breach", breach.id)
    record(session, officer.key, "breach.change", subject, before=before, after=_noted(breach))
    return breach


def find(session: Session, breach_id: uuid.UUID) -> Breach:
    """A breach; NotFound when the register has none of this id."""
    found = session.get(Breach, breach_id)
    if found is None:
        raise NotFound("breach.not_found")
    return found


def listed(session: Session, asked: Mapping[str, Any]) -> Page[Breach]:
    """The register, newest discovery first; `open` keeps what is not closed."""
    query = select(Breach)
    if asked.get("open"):
        query = query.where(Breach.closed_at.is_(None))
    return newest_first(session, query, (Breach.discovered_at, Breach.id), asked)


def past_notice(session: Session) -> Sequence[Breach]:
    """The breaches that the authority should have been told of by now."""
    return session.scalars(select(Breach).where(*_past())).all()


def count_past_notice(session: Session) -> int:
    """How many there are."""
    return session.scalars(select(func.count()).select_from(Breach).where(*_past())).one()


def cells(session: Session) -> Iterator[list[object]]:
    """The whole register as rows, after a row of titles."""
    yield list(COLUMNS)
    for breach in session.scalars(select(Breach).order_by(Breach.discovered_at, Breach.id)):
        yield [_cell(getattr(breach, name)) for name in COLUMNS]


def _past() -> tuple[Any, ...]:
    return Breach.authority_notified_at.is_(None), Breach.discovered_at < _last_moment()


def _last_moment() -> datetime:
    return clock.now() - NOTICE_WITHIN


def _check(breach: Breach) -> None:
    if breach.discovered_at > clock.now():
        raise Invalid(discovered_at="breach.in_the_future")
    for name in _TIMES:
        at = getattr(breach, name)
        if at and at > clock.now():
            raise Invalid(**{name: "breach.in_the_future"})
        if at and at < breach.discovered_at:
            raise Invalid(**{name: "breach.before_discovery"})


def _noted(breach: Breach) -> dict[str, Any]:
    """What the audit record keeps: the figures and times, not the story."""
    times = {name: getattr(breach, name) for name in ("discovered_at", *_TIMES)}
    return {"people": breach.people, **{n: at and at.isoformat() for n, at in times.items()}}


def _cell(value: Any) -> object:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return ", ".join(value) if isinstance(value, list) else value
