"""Filing for a caller: the report is his at once, and in the app when he first signs in there."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from smartcity.audit import service as audit
from smartcity.core.errors import Invalid
from smartcity.identity import service as identity
from smartcity.identity.permissions import Principal
from smartcity.media import service as media
from smartcity.reports.intake.filing import Source, submit
from smartcity.reports.models import Report

HOTLINE = "hotline"


def file_for_caller(
    session: Session, officer: Principal, asked: Mapping[str, Any]
) -> tuple[Report, list[media.Photo]]:
    """File a caller's report under the citizen of his number, who is enrolled if he is new.

    Only an anonymous caller, where the category allows it, may leave no number. Invalid names the
    field that does not fit, `consent` when he did not give it.
    """
    phone = asked.get("phone")
    if phone is None and not asked["anonymous"]:
        raise Invalid(phone="field.required")
    if phone and not asked["consent"]:
        raise Invalid(consent="behalf.consent_needed")
    reporter_id = identity.enrol(session, phone) if phone else None
    details = {"consent": True} if phone else None
    report, photos = submit(session, officer, asked, Source(reporter_id, HOTLINE, details=details))
    if phone:
        audit.record(session, officer.key, "report.note_consent", ("report", report.id))
    return report, photos
