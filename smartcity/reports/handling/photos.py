"""Photos that come after their report: a phone on a weak network sends the words first."""

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from smartcity.core.db import lock_row
from smartcity.core.errors import Invalid, NotFound
from smartcity.identity.permissions import Action, Principal
from smartcity.media import service as media
from smartcity.reports.handling.moving import move
from smartcity.reports.handling.told import Told
from smartcity.reports.models import Report
from smartcity.reports.visible import subject, visible

MOST = 30  # photos of one report, answers' and appeals' among them


def add(
    session: Session, citizen: Principal, report_id: uuid.UUID, media_ids: Sequence[uuid.UUID]
) -> Report:
    """Add photos to a report that is being handled; those that it has already change nothing.

    Invalid names `media_ids` for another's photo, one used elsewhere, or too many.
    """
    report = lock_row(session, visible(citizen, Action.MOVE_REPORT), Report.id == report_id)
    if report is None:
        raise NotFound("report.not_found")
    held = {photo["id"] for photo in _of(session, report)}
    fresh = [ident for ident in media_ids if ident not in held]
    if not fresh:
        return report
    if len(held) + len(fresh) > MOST:
        raise Invalid(media_ids=f"report.too_many_photos|most={MOST}")
    return move(session, citizen, report_id, "add_photos", told=Told(media_ids=fresh))


def _of(session: Session, report: Report) -> list[Any]:
    name = subject(report.id)
    return list(media.of_subjects(session, [name]).get(name, []))
