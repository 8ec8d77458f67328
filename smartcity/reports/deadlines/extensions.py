"""More time for a unit: asked for with a reason and a date, decided by the lead of the centre."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.core import clock
from smartcity.core.errors import Conflict, Invalid
from smartcity.core.ids import new_id
from smartcity.identity.permissions import Principal
from smartcity.reports.deadlines.audience import tell
from smartcity.reports.deadlines.limits import end_of
from smartcity.reports.deadlines.models import Extension, Verdict
from smartcity.reports.deadlines.policy import Audience, policy
from smartcity.reports.deadlines.running import run
from smartcity.reports.handling.told import Told
from smartcity.reports.models import Report
from smartcity.reports.workflow import Status

Details = dict[str, Any]
_UNIT = (Audience.HOLDER, Audience.HOLDER_LEAD)
_WITH_UNITS = frozenset({Status.ASSIGNED, Status.IN_PROGRESS, Status.NEED_INFO})


def request(session: Session, unit: Principal, report: Report, told: Told) -> Details:
    """Ask for more time; Invalid for a date that may not be."""
    due, until = _running(report), told.until
    if until is None or until <= max(due, clock.now()):
        raise Invalid(until="extension.too_early")
    if until > end_of(policy().longest_extension, due):
        raise Invalid(until="extension.too_late")
    session.add(
        Extension(
            id=new_id(),
            report_id=report.id,
            agency=report.agency,
            reason=told.public_text or "",
            due_before=due,
            until=until,
            asked_by=unit.key,
            asked_at=clock.now(),
        )
    )
    report.extension_until = until
    return _told(session, report, until, "requested", Audience.IOC_LEAD)


def grant(session: Session, lead: Principal, report: Report, _words: Told) -> Details:
    """Set the report's limit to the date that was asked for; Conflict when that came too close."""
    until = _decide(session, lead, report, Verdict.GRANTED)
    if until <= max(_running(report), clock.now()):
        raise Conflict("extension.over")
    run(report, until)
    report.extended = True
    return _told(session, report, until, "granted", *_UNIT)


def deny(session: Session, lead: Principal, report: Report, _words: Told) -> Details:
    """Leave the limit as it is."""
    until = _decide(session, lead, report, Verdict.DENIED)
    return _told(session, report, until, "denied", *_UNIT)


def lapse(session: Session, report: Report) -> None:
    """Let an open request end when the report has left the unit that asked."""
    if report.extension_until is None or Status(report.status) in _WITH_UNITS:
        return
    asked = _open(session, report)
    asked.verdict, asked.decided_at = Verdict.LAPSED, clock.now()
    report.extension_until = None


def last(session: Session, report: Report) -> Extension | None:
    """The newest request for a report, whatever became of it."""
    query = select(Extension).where(Extension.report_id == report.id)
    return session.scalars(query.order_by(Extension.asked_at.desc()).limit(1)).first()


def _running(report: Report) -> datetime:
    if report.due_at is None:
        raise Conflict("extension.no_limit")
    return report.due_at


def _open(session: Session, report: Report) -> Extension:
    waiting = Extension.report_id == report.id, Extension.decided_at.is_(None)
    return session.scalars(select(Extension).where(*waiting)).one()


def _decide(session: Session, lead: Principal, report: Report, verdict: Verdict) -> datetime:
    asked = _open(session, report)
    asked.verdict, asked.decided_by, asked.decided_at = verdict, lead.key, clock.now()
    report.extension_until = None
    return asked.until


def _told(
    session: Session, report: Report, until: datetime, key: str, *audiences: Audience
) -> Details:
    """Tell the other side; what the event tells."""
    tell(session, report, f"notice.extension.{key}", audiences, until=clock.written(until))
    return {"until": until.isoformat(timespec="milliseconds")}
