"""Questions to the citizen: a unit proposes one, the centre asks it, the citizen answers."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from smartcity.core import clock
from smartcity.core.context import settings
from smartcity.core.errors import Invalid
from smartcity.identity.permissions import Principal
from smartcity.media import service as media
from smartcity.reports.handling.told import Told
from smartcity.reports.models import Report
from smartcity.reports.visible import subject

Details = dict[str, Any]


def propose(_session: Session, _actor: Principal, report: Report, told: Told) -> None:
    """Keep a unit's question until the centre asks it, or the report goes on without."""
    report.proposed_question = told.public_text


def ask(_session: Session, _actor: Principal, report: Report, told: Told) -> Details:
    """Set the time by which the citizen answers: `days` or else the province's, from now."""
    report.asked_at = clock.now()
    days = told.days or settings().report_answer_days
    report.answer_due_at = report.asked_at + timedelta(days=days)
    return {"answer_due_at": report.answer_due_at.isoformat(timespec="milliseconds")}


def answer(session: Session, citizen: Principal, report: Report, told: Told) -> Details | None:
    """Take words, photos or both; the photos become the report's."""
    if not (told.public_text or told.media_ids):
        raise Invalid(public_text="report.answer_empty")
    return add_photos(session, citizen, report, told)


def add_photos(session: Session, citizen: Principal, report: Report, told: Told) -> Details | None:
    """Make photos of the citizen the report's."""
    media.attach(session, told.media_ids, citizen.key, subject(report.id))
    return {"media_ids": [str(i) for i in told.media_ids]} if told.media_ids else None
