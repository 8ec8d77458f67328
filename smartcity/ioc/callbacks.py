"""What an operations centre tells us: a move on a report, once, in its order."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from smartcity.core import clock
from smartcity.core.db import one_at_a_time
from smartcity.core.errors import Conflict, Invalid
from smartcity.core.expiry import Over
from smartcity.identity.permissions import Principal
from smartcity.ioc.acknowledging import acknowledge
from smartcity.ioc.models import Callback, Delivery
from smartcity.ioc.schemas import APPLIED, LATE, REFUSED
from smartcity.reports import service as reports


@dataclass(frozen=True)
class Told:
    """A callback's body (contracts.md); `report` is an id or a code."""

    id: str
    report: str
    sequence: int
    move: str
    at: datetime
    reason: str | None = None
    public_text: str | None = None
    agency: str | None = None


def callbacks_over(before: datetime) -> Over:
    """The callbacks of a time ago, but for the last one applied: it tells a report's order.

    A centre that repeats one that is gone hears `late`.
    """
    other = aliased(Callback)
    later = exists().where(
        other.report_id == Callback.report_id,
        other.source == Callback.source,
        other.outcome == APPLIED,
        other.sequence > Callback.sequence,
    )
    return Over(Callback, (Callback.received_at < before, or_(Callback.outcome != APPLIED, later)))


def take(session: Session, centre: Principal, told: Told) -> dict[str, Any]:
    """Apply a callback once and remember it; a repeat gets the first outcome again.

    `late`: its sequence is not above the last applied one, so it moves nothing. `refused`: the
    workflow table has no such step; nothing moved. Invalid and NotFound leave no trace, since the
    centre may mend the body and send the same id again.
    """
    one_at_a_time(session, f"callback:{centre.id}:{told.id}")
    report_id = reports.identify(session, centre, told.report)
    # Not by holding the report: who links it to another takes that turn before any report.
    one_at_a_time(session, f"callbacks:{centre.id}:{report_id}")
    known = session.get(Callback, (centre.id, told.id))
    if known and not _is_repeat(known, report_id, told):
        raise Invalid(id="ioc.id_of_another")
    if known:
        outcome, report = known.outcome, None
    else:
        outcome, report = _apply(session, centre, report_id, told)
        _remember(session, centre, report_id, told, outcome)
        acknowledge(session, centre.id, Delivery.report_id == report_id)
    report = report or session.get_one(reports.Report, report_id)
    return {
        "id": told.id,
        "outcome": outcome,
        "repeated": known is not None,
        "status": report.status,
    }


def _is_repeat(known: Callback, report_id: uuid.UUID, told: Told) -> bool:
    """Not another step under a used id: answered as a repeat, it would be lost."""
    before = known.report_id, known.sequence, known.move
    return before == (report_id, told.sequence, told.move)


def _remember(
    session: Session, centre: Principal, report_id: uuid.UUID, told: Told, outcome: str
) -> None:
    session.add(
        Callback(
            source=centre.id,
            id=told.id,
            report_id=report_id,
            sequence=told.sequence,
            move=told.move,
            outcome=outcome,
            sent_at=told.at,
            received_at=clock.now(),
        )
    )


def _apply(
    session: Session, centre: Principal, report_id: uuid.UUID, told: Told
) -> tuple[str, reports.Report | None]:
    """What came of it, and the report when it moved."""
    if told.sequence <= _last_applied(session, centre, report_id):
        return LATE, None
    words = reports.Told(told.reason, told.public_text, told.agency)
    try:
        return APPLIED, reports.move(session, centre, report_id, told.move, told=words)
    except Conflict:
        return REFUSED, None


def _last_applied(session: Session, centre: Principal, report_id: uuid.UUID) -> int:
    query = select(func.max(Callback.sequence)).where(
        Callback.report_id == report_id, Callback.source == centre.id, Callback.outcome == APPLIED
    )
    return session.scalar(query) or 0
