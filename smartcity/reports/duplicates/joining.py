"""What a citizen does with another's report: he has the same trouble, or wants to hear of it."""

import uuid

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from smartcity.core import clock
from smartcity.core.db import insert_if_absent, lock_row
from smartcity.core.errors import Conflict, NotFound
from smartcity.identity.permissions import Principal
from smartcity.reports.duplicates.face import told_to_strangers
from smartcity.reports.duplicates.following import add_follower, remove_followers
from smartcity.reports.duplicates.models import ReportFollower, ReportSupport
from smartcity.reports.models import Report
from smartcity.reports.workflow import ENDED


def support(session: Session, citizen: Principal, report_id: uuid.UUID) -> Report:
    """Count a citizen among those who have the same trouble; he follows it, too. Once.

    Raises NotFound where `similar` would not tell him of it either, Conflict on his own report and
    on one that is over.
    """
    report = _held(session, citizen, report_id)
    key = {"report_id": report.id, "citizen_id": uuid.UUID(citizen.id)}
    if session.get(ReportSupport, tuple(key.values())) is None:
        _refuse_ended(report)
        report.supporters += insert_if_absent(
            session, ReportSupport, **key, supported_at=clock.now()
        )
        add_follower(session, report, key["citizen_id"])
    return report


def withdraw_support(session: Session, citizen: Principal, report_id: uuid.UUID) -> None:
    """Count him no more; he goes on following. Nothing happens where he did not."""
    report = lock_row(session, select(Report), Report.id == report_id)
    mine = ReportSupport.report_id == report_id, ReportSupport.citizen_id == uuid.UUID(citizen.id)
    gone = session.scalars(delete(ReportSupport).where(*mine).returning(ReportSupport.report_id))
    if report:
        report.supporters -= len(gone.all())


def follow(session: Session, citizen: Principal, report_id: uuid.UUID) -> Report:
    """Let a citizen hear of a report's steps. Once; errors as for support."""
    report = _held(session, citizen, report_id)
    key = ReportFollower.report_id == report.id, ReportFollower.citizen_id == uuid.UUID(citizen.id)
    if session.scalars(select(ReportFollower).where(*key)).first() is None:
        _refuse_ended(report)
        add_follower(session, report, uuid.UUID(citizen.id))
    return report


def unfollow(session: Session, citizen: Principal, report_id: uuid.UUID) -> None:
    """Let him hear of it no more. Nothing happens where he did not."""
    report = lock_row(session, select(Report), Report.id == report_id)
    if report:
        remove_followers(session, report, ReportFollower.citizen_id == uuid.UUID(citizen.id))


def _held(session: Session, citizen: Principal, report_id: uuid.UUID) -> Report:
    """Held, so that the counts stay exact however many come at once."""
    report = lock_row(session, select(Report), Report.id == report_id)
    if report is None or not _open_to(report, uuid.UUID(citizen.id)):
        raise NotFound("report.not_found")
    if report.reporter_id == uuid.UUID(citizen.id):
        raise Conflict("duplicate.own_report")
    return report


def _open_to(report: Report, citizen_id: uuid.UUID) -> bool:
    """Whether he may know of it: it is public or his own, or `similar` could name it."""
    if report.public or report.reporter_id == citizen_id:
        return True
    could_be_named = report.part_of is None and report.status not in ENDED
    return could_be_named and told_to_strangers(report)


def _refuse_ended(report: Report) -> None:
    if report.status in ENDED:
        raise Conflict("duplicate.ended")
