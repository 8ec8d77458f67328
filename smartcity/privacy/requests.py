"""The register of what people ask for under the law, and whether they were answered in time."""

import uuid
from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from smartcity.core import clock
from smartcity.core.calendar import calendar
from smartcity.core.expiry import Over
from smartcity.core.ids import new_id
from smartcity.core.paging import Page, newest_first
from smartcity.privacy.models import DataRequest

ANSWERED_WITHIN = 2  # working days: Decree 356/2025/NĐ-CP
DONE, CANCELLED = OUTCOMES = "done", "cancelled"


class Kind(StrEnum):
    """What may be asked for."""

    EXPORT = "export"
    CORRECTION = "correction"
    ERASURE = "erasure"
    RESTRICTION = "restriction"
    WITHDRAWAL = "withdrawal"  # of a consent


def register(session: Session, citizen_id: uuid.UUID, kind: Kind, *, done: bool = False) -> None:
    """Enter a request; `done`: it was met on the spot."""
    now = clock.now()
    session.add(
        DataRequest(
            id=new_id(),
            citizen_id=citizen_id,
            kind=kind,
            outcome=DONE if done else None,
            asked_at=now,
            due_at=calendar().after(now, ANSWERED_WITHIN),
            answered_at=now if done or kind is Kind.ERASURE else None,  # he is told the day
            done_at=now if done else None,
        )
    )


def settle(session: Session, citizen_id: uuid.UUID, kind: Kind, outcome: str = DONE) -> None:
    """End what a person asked for and still waits for."""
    now = clock.now()
    waiting = DataRequest.citizen_id == citizen_id, DataRequest.kind == kind
    session.execute(
        update(DataRequest)
        .where(*waiting, DataRequest.done_at.is_(None))
        .values(outcome=outcome, done_at=now)
    )
    unanswered = update(DataRequest).where(*waiting, DataRequest.answered_at.is_(None))
    session.execute(unanswered.values(answered_at=now))


def listed(session: Session, asked: Mapping[str, Any]) -> Page[DataRequest]:
    """The register, newest first; `late` keeps what was or is answered after its time."""
    query = select(DataRequest)
    if asked.get("kind"):
        query = query.where(DataRequest.kind == asked["kind"])
    if asked.get("open"):
        query = query.where(DataRequest.done_at.is_(None))
    if asked.get("late"):
        query = query.where(
            or_(
                DataRequest.answered_at > DataRequest.due_at,
                DataRequest.answered_at.is_(None) & (DataRequest.due_at < clock.now()),
            )
        )
    return newest_first(session, query, (DataRequest.asked_at, DataRequest.id), asked)


def held(session: Session, citizen_id: uuid.UUID) -> Iterator[dict[str, Any]]:
    """What a person asked for."""
    told = ("kind", "outcome", "asked_at", "due_at", "answered_at", "done_at")
    for row in session.scalars(select(DataRequest).where(DataRequest.citizen_id == citizen_id)):
        yield {name: getattr(row, name) for name in told}


def erase(session: Session, citizen_id: uuid.UUID) -> None:
    """The last request is met; the register goes on without the person."""
    settle(session, citizen_id, Kind.ERASURE)
    for kind in Kind:
        settle(session, citizen_id, kind, CANCELLED)
    his = update(DataRequest).where(DataRequest.citizen_id == citizen_id)
    session.execute(his.values(citizen_id=None))


def over(before: datetime) -> Over:
    """The requests of a time ago."""
    return Over(DataRequest, (DataRequest.asked_at < before, DataRequest.done_at.is_not(None)))
