"""Taking the steps of limits that are due, each once, however many sweep and whoever is killed.

A step, its notices, its audit entry and the time of the next one commit together.
"""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, load_only

from smartcity.audit import service as audit
from smartcity.core import clock
from smartcity.core.db import transaction
from smartcity.identity.permissions import SYSTEM
from smartcity.notices import service as notices
from smartcity.reports.deadlines.audience import Directory, told
from smartcity.reports.deadlines.policy import Step
from smartcity.reports.deadlines.watching import latest
from smartcity.reports.models import Report
from smartcity.reports.workflow import Status

AT_ONCE = 200  # reports in one transaction
_READ = (
    Report.number,
    Report.prefix,
    Report.submitted_at,
    Report.status,
    Report.agency,
    Report.due_at,
    Report.watch_at,
    Report.watch_step,
)


def sweep(at_once: int = AT_ONCE) -> int:
    """Take every step that is due, so many in a transaction; how many reports there were."""
    taken = 0
    while True:
        with transaction() as session:
            found = take(session, at_once)
        taken += found
        if found < at_once:
            return taken


def take(session: Session, at_once: int) -> int:
    """Take some steps that are due, those that wait longest.

    What another sweep or an officer holds is passed over, and found by the next sweep.
    """
    now = clock.now()
    query = select(Report).where(Report.watch_at <= now).order_by(Report.watch_at).limit(at_once)
    held = query.options(load_only(*_READ)).with_for_update(skip_locked=True)
    due = session.scalars(held).all()
    steps = [(report, step) for report in due if (step := _advance(report, now))]
    if steps:
        directory = Directory(session)
        notices.tell(session, [_told(report, step, directory) for report, step in steps])
        audit.record_each(session, SYSTEM.key, [_deed(report, step) for report, step in steps])
    return len(due)


def _advance(report: Report, now: datetime) -> Step | None:
    """Move a report's watch past the step that is due now; the step, if there is one."""
    assert report.watch_at is not None
    found = report.due_at and latest(
        Status(report.status), report.watch_step, report.watch_at, report.due_at, now
    )
    if not found:
        report.watch_at = None
        return None
    report.watch_step, report.watch_at = found.next_step, found.next_at
    return found.step


def _told(report: Report, step: Step, directory: Directory) -> notices.Told:
    assert report.due_at is not None
    phase = "accept" if report.status == Status.SUBMITTED else "resolve"
    kind = "reminder" if step.reminds else "overdue"
    officers = directory.of(report, step.to)
    key = f"notice.{phase}.{kind}"
    return told(report, officers, key, due=clock.written(report.due_at))


def _deed(report: Report, step: Step) -> tuple[str, tuple[str, uuid.UUID], dict[str, Any]]:
    action = "report.remind" if step.reminds else "report.escalate"
    return action, ("report", report.id), {"to": [audience.value for audience in step.to]}
