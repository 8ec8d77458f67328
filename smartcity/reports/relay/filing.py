"""Filing what partners relay: at once where it has coordinates, else by an officer who places it.

Nobody here knows the citizen: whoever relays keeps his name and answers him.
"""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.audit import service as audit
from smartcity.core import clock
from smartcity.core.db import lock_row
from smartcity.core.errors import Conflict, NotFound
from smartcity.core.expiry import Over
from smartcity.core.ids import new_id
from smartcity.core.paging import Page, oldest_first
from smartcity.identity.permissions import Principal, Role
from smartcity.media import service as media
from smartcity.reports.categories import category
from smartcity.reports.intake.filing import Source, submit
from smartcity.reports.intake.hints import MISSING_PHOTO
from smartcity.reports.models import Report
from smartcity.reports.relay.models import UnplacedReport
from smartcity.reports.visible import subject

Filed = Report | UnplacedReport
_MISSING = "missing_photo"


def relay(
    session: Session,
    partner: Principal,
    channel: str,
    asked: Mapping[str, Any],
    details: dict[str, Any] | None = None,
) -> Report:
    """File a partner's report; `asked` is as of `submit`, without `urgent` and `anonymous`."""
    whole = {**asked, "urgent": False, "anonymous": False}
    source = Source(None, channel, details=details)
    return submit(session, partner, whole, source)[0]


def leave_unplaced(
    session: Session,
    partner: Principal,
    channel: str,
    asked: Mapping[str, Any],
    details: dict[str, Any] | None = None,
) -> UnplacedReport:
    """Keep a report without coordinates for an officer; its photos wait with it."""
    waiting = UnplacedReport(
        id=new_id(),
        filed_by=partner.key,
        channel=channel,
        category=category(asked["category"]).code,
        description=asked["description"],
        address=asked.get("address"),
        details=details,
        created_at=clock.now(),
    )
    session.add(waiting)
    media.attach(session, asked["media_ids"], partner.key, photo_subject(waiting))
    return waiting


def unplaced(session: Session, asked: Mapping[str, Any]) -> Page[UnplacedReport]:
    """What waits for a place, the longest waiting first."""
    waiting = select(UnplacedReport).where(UnplacedReport.closed_at.is_(None))
    return oldest_first(session, waiting, (UnplacedReport.created_at, UnplacedReport.id), asked)


def by_token(session: Session, token: uuid.UUID) -> UnplacedReport:
    """What a token stands for; NotFound when there is none (any more)."""
    found = session.get(UnplacedReport, token)
    if found is None:
        raise NotFound("report.not_found")
    return found


def code_of(session: Session, waiting: UnplacedReport) -> str | None:
    """The code of the report that it became; None while it waits."""
    report = session.get(Report, waiting.report_id) if waiting.report_id else None
    return report.code if report else None


def place(
    session: Session, officer: Principal, unplaced_id: uuid.UUID, where: Mapping[str, Any]
) -> Report:
    """File a report at the place that an officer found for it; its limits run from now on.

    Raises NotFound, Conflict when somebody placed or refused it before, Invalid outside the
    province.
    """
    waiting = _held(session, unplaced_id)
    partner = Principal(Role.PARTNER, waiting.filed_by.partition(":")[2])
    asked = {
        "category": waiting.category,
        "description": waiting.description,
        "address": waiting.address,
        "media_ids": [],
        **where,
    }
    details = dict(waiting.details or {})
    missing = details.pop(_MISSING, False)
    report = relay(session, partner, waiting.channel, asked, details)
    if missing:
        note_missing_photo(session.get_one(Report, report.id))
    media.hand_over(session, photo_subject(waiting), photo_subject(report))
    _close(waiting, officer, report_id=report.id)
    audit.record(
        session, officer.key, "report.place", ("report", report.id), unplaced=str(waiting.id)
    )
    return report


def refuse(session: Session, officer: Principal, unplaced_id: uuid.UUID, why: str) -> None:
    """Refuse what no place can be found for; the partner reads why. NotFound, Conflict as above."""
    waiting = _held(session, unplaced_id)
    media.hand_over(session, photo_subject(waiting), None)
    _close(waiting, officer, refusal=why)
    audit.record(session, officer.key, "report.refuse_unplaced", ("unplaced_report", waiting.id))


def note_missing_photo(filed: Filed) -> None:
    """Tell whoever handles it that a photo was named which could not be had."""
    if isinstance(filed, UnplacedReport):
        filed.details = {**(filed.details or {}), _MISSING: True}
    elif not any(hint["code"] == MISSING_PHOTO for hint in filed.hints):
        filed.hints = [*filed.hints, {"code": MISSING_PHOTO, "reports": []}]


def for_photo(session: Session, ident: uuid.UUID) -> Filed:
    """What a photo that comes late belongs to: a report, or what still waits; held.

    Raises NotFound when an officer refused it meanwhile.
    """
    waiting = lock_row(session, select(UnplacedReport), UnplacedReport.id == ident)
    if waiting is not None and waiting.closed_at is None:
        return waiting
    named = ident if waiting is None else waiting.report_id
    report = lock_row(session, select(Report), Report.id == named)
    if report is None:
        raise NotFound("report.not_found")
    return report


def photo_subject(filed: Filed) -> str:
    """How photos name what they belong to."""
    return subject(filed.id) if isinstance(filed, Report) else f"unplaced:{filed.id}"


def unplaced_over(before: datetime) -> Over:
    """What was placed or refused so long ago that no partner asks for it any more."""
    return Over(UnplacedReport, (UnplacedReport.closed_at < before,))


def _held(session: Session, unplaced_id: uuid.UUID) -> UnplacedReport:
    named = UnplacedReport.id == unplaced_id
    waiting = lock_row(session, select(UnplacedReport), named)
    if waiting is None:
        raise NotFound("report.not_found")
    if waiting.closed_at is not None:
        raise Conflict("report.placed_already")
    return waiting


def _close(waiting: UnplacedReport, officer: Principal, **end: Any) -> None:
    waiting.closed_at, waiting.closed_by = clock.now(), officer.key
    waiting.description = waiting.address = waiting.details = None
    for name, value in end.items():
        setattr(waiting, name, value)
