"""Whether a report's sender gives reason to look twice. His reports are taken in all the same.

A false alarm costs an officer a look; a refusal would cost a report.
"""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from smartcity.core import clock
from smartcity.core.context import settings
from smartcity.reports.intake.models import BlockedDevice, ReportDevice
from smartcity.reports.models import Report, ReportEvent
from smartcity.reports.workflow import Status

ABUSE = ("spam", "abusive_language", "bad_evidence")  # reasons of refusals that count
MOST_REFUSALS = 3
COUNTED = timedelta(days=90)
_AN_HOUR = timedelta(hours=1)


def watched(session: Session, report: Report, device: str | None) -> bool:
    """Whether the sender sends very much, was often refused for abuse, or uses a blocked device."""
    return (
        (device is not None and _blocked(session, device))
        or _sent(session, report, device) > settings().report_soft_limit
        or _refused(session, report) >= MOST_REFUSALS
    )


def _blocked(session: Session, device: str) -> bool:
    query = select(BlockedDevice.id).where(BlockedDevice.device_index == device)
    return session.scalar(query.where(BlockedDevice.until > clock.now())) is not None


def _sent(session: Session, report: Report, device: str | None) -> int:
    """How many reports came from the citizen, or the device, in the hour up to this one."""
    since, until = report.submitted_at - _AN_HOUR, report.submitted_at
    return max(_by_citizen(session, report, since), _by_device(session, device, since, until))


def _by_citizen(session: Session, report: Report, since: datetime) -> int:
    if report.reporter_id is None:
        return 0
    his = Report.reporter_id == report.reporter_id, Report.channel == "app"
    lately = Report.submitted_at > since, Report.submitted_at <= report.submitted_at
    return session.scalar(select(func.count()).select_from(Report).where(*his, *lately)) or 0


def _by_device(session: Session, device: str | None, since: datetime, until: datetime) -> int:
    if device is None:
        return 0
    its = ReportDevice.device_index == device, ReportDevice.at > since, ReportDevice.at < until
    return 1 + (session.scalar(select(func.count()).select_from(ReportDevice).where(*its)) or 0)


def _refused(session: Session, report: Report) -> int:
    """How many of the citizen's reports stand refused for abuse."""
    if report.reporter_id is None:
        return 0
    his = select(Report.id).where(
        Report.reporter_id == report.reporter_id, Report.status == Status.REJECTED
    )
    refusals = select(func.count(ReportEvent.report_id.distinct())).where(
        ReportEvent.report_id.in_(his),
        ReportEvent.move == "reject",
        ReportEvent.reason.in_(ABUSE),
        ReportEvent.at > clock.now() - COUNTED,
    )
    return session.scalar(refusals) or 0
