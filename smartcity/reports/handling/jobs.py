"""What happens by itself: questions that nobody answers, and results that nobody rates."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from smartcity.core import clock
from smartcity.core.context import settings
from smartcity.core.db import transaction
from smartcity.core.texts import text
from smartcity.identity.permissions import SYSTEM
from smartcity.jobs.service import periodic
from smartcity.reports.handling.moving import move
from smartcity.reports.handling.told import Told
from smartcity.reports.models import Report
from smartcity.reports.workflow import Status

AT_ONCE = 100  # reports in one transaction


@periodic("reports.refuse_unanswered", every=300)
def refuse_unanswered() -> None:
    """Refuse the reports whose question the citizen has not answered in time."""
    told = Told("unclear_content", text("report.unanswered", "vi"))
    waiting = Report.status == Status.NEED_INFO
    _each(
        lambda session, report: move(session, SYSTEM, report.id, "reject", told=told),
        (waiting, Report.answer_due_at < clock.now()),
    )


@periodic("reports.close_resolved", every=300)
def close_resolved() -> None:
    """Close the reports whose result can be rated no more."""
    over = clock.now() - timedelta(days=settings().report_rating_days)
    _each(
        lambda session, report: move(session, SYSTEM, report.id, "close"),
        (Report.status == Status.RESOLVED, Report.resolved_at < over),
    )


def _each(act: Callable[[Session, Report], Report], where: tuple[ColumnElement[bool], ...]) -> None:
    """Act on what is due, a few at a time; another worker's are passed over, so each once."""
    due = select(Report).where(*where).limit(AT_ONCE).with_for_update(skip_locked=True)
    while True:
        with transaction() as session:
            found = session.scalars(due).all()
            for report in found:
                act(session, report)
        if len(found) < AT_ONCE:
            return
