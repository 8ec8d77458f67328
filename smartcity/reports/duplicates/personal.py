"""What a citizen supports and follows: told to him, and erased; the counts stay right."""

import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from smartcity.core.expiry import Over
from smartcity.reports.duplicates.models import ReportFollower, ReportSupport
from smartcity.reports.models import Report
from smartcity.reports.workflow import ENDED


def held_supports(session: Session, citizen_id: uuid.UUID) -> Iterator[dict[str, Any]]:
    """The reports that he supports, first to last."""
    query = select(ReportSupport, Report).join(Report, Report.id == ReportSupport.report_id)
    his = query.where(ReportSupport.citizen_id == citizen_id)
    for row, report in session.execute(his.order_by(ReportSupport.supported_at)):
        yield {"report": report.code, "supported_at": row.supported_at}


def held_following(session: Session, citizen_id: uuid.UUID) -> Iterator[dict[str, Any]]:
    """The reports that he follows, first to last."""
    query = select(ReportFollower, Report).join(Report, Report.id == ReportFollower.report_id)
    his = query.where(ReportFollower.citizen_id == citizen_id)
    for row, report in session.execute(his.order_by(ReportFollower.followed_at)):
        yield {"report": report.code, "followed_at": row.followed_at}


def erase_supports(session: Session, citizen_id: uuid.UUID) -> None:
    """He supports nothing any more."""
    his = ReportSupport.citizen_id == citizen_id
    of_his = Report.id.in_(select(ReportSupport.report_id).where(his))
    session.execute(update(Report).where(of_his).values(supporters=Report.supporters - 1))
    session.execute(delete(ReportSupport).where(his))


def erase_following(session: Session, citizen_id: uuid.UUID) -> None:
    """He follows nothing any more."""
    his = ReportFollower.citizen_id == citizen_id
    of_his = Report.id.in_(select(ReportFollower.report_id).where(his))
    session.execute(update(Report).where(of_his).values(followers=Report.followers - 1))
    session.execute(delete(ReportFollower).where(his))


def supports_over(before: datetime) -> Over:
    """Who supported reports that ended so long ago; how many they were stays."""
    return Over(ReportSupport, (ReportSupport.report_id.in_(_ended(before)),))


def followers_over(before: datetime) -> Over:
    """Who followed reports that ended so long ago, or came by way of one."""
    ended = _ended(before)
    return Over(
        ReportFollower, (or_(ReportFollower.report_id.in_(ended), ReportFollower.via.in_(ended)),)
    )


def _ended(before: datetime) -> Any:
    return select(Report.id).where(Report.status.in_(ENDED), Report.updated_at < before)
