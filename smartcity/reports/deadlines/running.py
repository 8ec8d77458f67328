"""By when a report is to be accepted and resolved, as it moves.

One limit runs at a time, `due_at`; none while the citizen is asked, nor once the report has ended.
Everything here is computed from memory.
"""

from datetime import datetime, timedelta
from typing import Any

from smartcity.core import clock
from smartcity.reports.categories import Category, Limit, choices
from smartcity.reports.deadlines.limits import end_of
from smartcity.reports.deadlines.watching import watch
from smartcity.reports.models import Report
from smartcity.reports.workflow import ENDED, Status


def opening(kind: Category, now: datetime) -> dict[str, Any]:
    """The columns of a report that is filed now: its limit of acceptance runs."""
    due = end_of(kind.accept_limit(), now)
    first = watch(Status.SUBMITTED, now, due)
    return {"accept_due_at": due, "due_at": due, "watch_at": first, "extended": False}


def restart(report: Report, came_from: Status) -> None:
    """Set a report's limits after it has changed its state; call before it is flushed.

    Acceptance begins the limit of the result, a reopening a new one. A question to the citizen
    stops the limit, his answer sets it on again, later by the time since `asked_at`.
    """
    status = Status(report.status)
    if status is came_from:
        return
    if status in ENDED or status is Status.NEED_INFO:
        report.due_at = report.watch_at = None  # what ran stays readable in its own column
    elif came_from is Status.NEED_INFO and (stopped := _stopped(report, status)):
        run(report, stopped + _time_asked(report), report.watch_step)
    elif status is Status.SUBMITTED:
        _begin(report, choices().categories[report.category].accept_limit())
    elif came_from is Status.SUBMITTED or report.due_at is None:
        _begin(report, choices().categories[report.category].resolve_limit(report.urgent))


def run(report: Report, due: datetime, step: int = 0) -> None:
    """Let a limit run from now until an instant, with its steps from `step` on."""
    status = Status(report.status)
    if status is Status.SUBMITTED:
        report.accept_due_at = due
    else:
        report.resolve_due_at = due
    report.due_at = due
    report.watch_step, report.watch_at = step, watch(status, clock.now(), due, step)


def is_overdue(report: Report) -> bool:
    """Whether the limit that runs is over."""
    return report.due_at is not None and report.due_at < clock.now()


def _begin(report: Report, limit: Limit) -> None:
    report.extended = False
    run(report, end_of(limit, clock.now()))


def _stopped(report: Report, status: Status) -> datetime | None:
    return report.accept_due_at if status is Status.SUBMITTED else report.resolve_due_at


def _time_asked(report: Report) -> timedelta:
    """How long the citizen was asked; nothing when the clock was set back meanwhile."""
    now = clock.now()
    return max(now - (report.asked_at or now), timedelta(0))
