"""Appeals of a refusal or a duplicate verdict: once for each, decided by a lead."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from smartcity.core import clock
from smartcity.core.context import settings
from smartcity.core.errors import Conflict
from smartcity.identity.permissions import Principal
from smartcity.media import service as media
from smartcity.reports.handling.told import Told
from smartcity.reports.history import last_step
from smartcity.reports.models import Report
from smartcity.reports.visible import subject

VERDICTS = ("reject", "mark_duplicate")


def lodge(
    session: Session, citizen: Principal, report: Report, told: Told
) -> dict[str, Any] | None:
    """Open an appeal of the last verdict; Conflict when it is too old or was appealed before."""
    verdict = last_step(session, report.id, VERDICTS)
    before = last_step(session, report.id, ("lodge_appeal",))
    if verdict and before and before.sequence > verdict.sequence:
        raise Conflict("report.appealed_already")
    term = timedelta(days=settings().report_appeal_days)
    if verdict is None or verdict.at + term < clock.now():
        raise Conflict("report.appeal_late", days=term.days)
    report.appealed_at = clock.now()
    media.attach(session, told.media_ids, citizen.key, subject(report.id))
    return {"media_ids": [str(i) for i in told.media_ids]} if told.media_ids else None


def decide(_session: Session, _actor: Principal, report: Report, _told: Told) -> None:
    """The appeal waits no more, however it was decided."""
    report.appealed_at = None
