"""A citizen's reports: told to him, and taken from his name. The case goes on without him."""

import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from smartcity.core.db import transaction
from smartcity.core.expiry import AT_ONCE, Over
from smartcity.identity.permissions import ERASED
from smartcity.media import service as media
from smartcity.reports.handling import ratings
from smartcity.reports.handling.models import Rating
from smartcity.reports.history import events_of
from smartcity.reports.models import SHOWN, Report, ReportEvent
from smartcity.reports.workflow import Status

_ENDED = (Status.CLOSED, Status.WITHDRAWN, Status.REJECTED, Status.DUPLICATE, Status.RESOLVED)
_STEP = ("sequence", "move", "from_status", "to_status", "agency", "reason", "public_text", "at")


def held_reports(session: Session, citizen_id: uuid.UUID) -> Iterator[dict[str, Any]]:
    """His reports with every step and answer, first to last."""
    query = select(Report).where(Report.reporter_id == citizen_id).order_by(Report.submitted_at)
    for report in session.scalars(query.execution_options(yield_per=200)):
        steps = events_of(session, report.id)
        yield {
            **{name: getattr(report, name) for name in SHOWN},
            "timeline": [_step(event) for event in steps],
            "ratings": [_rating(rating) for rating in ratings.of(session, report)],
        }


def erase_reporter(session: Session, citizen_id: uuid.UUID) -> None:
    """Take his name from his reports and from every step that he made."""
    _forget_reporters(session, Report.reporter_id == citizen_id)


def reporters_over(before: datetime) -> Over:
    """The reports that ended so long ago that nobody is to know any more who sent them."""
    ended = Report.status.in_(_ENDED), Report.updated_at < before
    return Over(Report, (Report.reporter_id.is_not(None), *ended))


def forget_reporters(over: Over) -> None:
    """Take the senders from reports, each batch in a transaction of its own."""
    batch = select(Report.id).where(*over.where).limit(AT_ONCE)
    while True:
        with transaction() as session:
            found = session.scalars(batch).all()
            _forget_reporters(session, Report.id.in_(found))
            media.disown(session, [f"report:{ident}" for ident in found])
        if len(found) < AT_ONCE:
            return


def _forget_reporters(session: Session, condition: Any) -> None:
    his = select(Report.id).where(condition)
    steps = update(ReportEvent).where(ReportEvent.report_id.in_(his))
    options = {"synchronize_session": False}
    by_citizen = ReportEvent.actor.startswith("citizen:")
    session.execute(steps.where(by_citizen).values(actor=ERASED), execution_options=options)
    ratings.forget_comments(session, condition)
    session.execute(
        update(Report).where(condition).values(reporter_id=None), execution_options=options
    )


def _rating(rating: Rating) -> dict[str, Any]:
    return {name: getattr(rating, name) for name in ("verdict", "comment", "reopened", "at")}


def _step(event: ReportEvent) -> dict[str, Any]:
    return {**{name: getattr(event, name) for name in _STEP}, "by": event.actor.partition(":")[0]}
