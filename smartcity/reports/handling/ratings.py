"""The citizen rates a result: satisfied, accepted or dissatisfied; and may have it reopened."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from smartcity.core import clock
from smartcity.core.context import settings
from smartcity.core.db import lock_row
from smartcity.core.errors import Conflict, NotFound
from smartcity.identity.permissions import Action, Principal
from smartcity.reports.handling.models import Rating
from smartcity.reports.handling.moving import move
from smartcity.reports.handling.told import Told
from smartcity.reports.models import Report
from smartcity.reports.visible import visible
from smartcity.reports.workflow import Status


class Verdict(StrEnum):
    """Hài lòng, chấp nhận, không hài lòng."""

    SATISFIED = "satisfied"
    ACCEPTED = "accepted"
    DISSATISFIED = "dissatisfied"


def rate(
    session: Session, citizen: Principal, report_id: uuid.UUID, asked: Mapping[str, Any]
) -> Report:
    """Write a rating down and close the report, or reopen it; a repeat changes nothing.

    Conflict when the result was rated otherwise, is too old, or was reopened before.
    """
    report = lock_row(session, visible(citizen, Action.MOVE_REPORT), Report.id == report_id)
    if report is None:
        raise NotFound("report.not_found")
    rating = Rating(
        report_id=report.id,
        round=report.reopenings,
        verdict=asked["verdict"],
        comment=asked.get("comment"),
        reopened=asked["reopen"],
        at=clock.now(),
    )
    if report.status != Status.RESOLVED and _repeats(session, rating):
        return report
    _refuse_late(report)
    session.add(rating)
    told = Told(public_text=rating.comment if rating.reopened else None, verdict=rating.verdict)
    return move(session, citizen, report.id, "reopen" if rating.reopened else "close", told=told)


def of(session: Session, report: Report) -> Sequence[Rating]:
    """A report's ratings, first to last."""
    query = select(Rating).where(Rating.report_id == report.id)
    return session.scalars(query.order_by(Rating.round)).all()


def forget_comments(session: Session, reports: ColumnElement[bool]) -> None:
    """Take the words from the ratings of some reports; the verdicts stay for the figures."""
    theirs = Rating.report_id.in_(select(Report.id).where(reports))
    wordless = update(Rating).where(theirs).values(comment=None)
    session.execute(wordless, execution_options={"synchronize_session": False})


def _repeats(session: Session, rating: Rating) -> bool:
    """Whether the last rating said the same; Conflict when it said other words of this result."""
    query = select(Rating).where(Rating.report_id == rating.report_id)
    last = session.scalars(query.order_by(Rating.round.desc()).limit(1)).first()
    if last is None:
        return False
    said = ("verdict", "comment", "reopened")
    if all(getattr(last, name) == getattr(rating, name) for name in said):
        return True
    if last.round == rating.round:
        raise Conflict("report.rated_already")
    return False


def _refuse_late(report: Report) -> None:
    term = timedelta(days=settings().report_rating_days)
    if report.status == Status.RESOLVED and _resolved(report) + term < clock.now():
        raise Conflict("report.rating_late", days=term.days)


def _resolved(report: Report) -> Any:
    return report.resolved_at or report.updated_at
