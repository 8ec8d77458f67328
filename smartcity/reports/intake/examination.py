"""A look at a report once it is in: what a machine can tell an officer about it.

It decides nothing and changes no version.
"""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.core.db import insert_if_absent
from smartcity.media import service as media
from smartcity.reports.duplicates import similar as duplicates
from smartcity.reports.intake.hints import (
    DUPLICATE,
    HINTS,
    REVIEW,
    SAME_PHOTO,
    SCREEN,
    SENDER,
    Hint,
)
from smartcity.reports.intake.models import ReportDevice
from smartcity.reports.intake.senders import watched
from smartcity.reports.models import Report
from smartcity.reports.visible import subject

_MOST_NAMED = 5


@dataclass(frozen=True)
class Findings:
    """What was found. `waiting`: photos are still on their way, so it may not be all."""

    hints: list[Hint]
    lane: str | None
    waiting: bool


def examine(session: Session, report: Report, device: str | None) -> Findings:
    """Look at a report, its photos, its likes and its sender; changes nothing."""
    hints = [*_photo_hints(session, report), *_duplicate_hints(session, report)]
    watch = watched(session, report, device)
    if watch:
        hints.append({"code": SENDER, "reports": []})
    waiting = media.awaited(session, subject(report.id))
    return Findings(hints, REVIEW if watch else None, waiting)


def note(session: Session, report: Report, device: str | None, found: Findings) -> None:
    """Write the findings on the report, and keep its device for a time."""
    others = [hint for hint in report.hints if hint["code"] not in HINTS]
    report.hints, report.lane = [*others, *found.hints], found.lane or report.lane
    if device is not None:
        at = {"device_index": device, "at": report.submitted_at}
        insert_if_absent(session, ReportDevice, report_id=report.id, **at)


def _photo_hints(session: Session, report: Report) -> Iterator[Hint]:
    alike = media.look_alikes(session, subject(report.id))
    if alike:
        yield {"code": SAME_PHOTO, "reports": _named(session, report, alike)}
    if media.shows_screen(session, subject(report.id)):
        yield {"code": SCREEN, "reports": []}


def _duplicate_hints(session: Session, report: Report) -> Iterator[Hint]:
    likely = duplicates.candidates(session, report)
    if likely:
        yield {"code": DUPLICATE, "reports": [match.report.code for match in likely]}


def _named(session: Session, report: Report, subjects: Sequence[str]) -> list[str]:
    """The codes of reports that share a photo, unless that could tell who is anonymous."""
    if report.anonymous:
        return []
    ids = [uuid.UUID(ident) for kind, _, ident in (s.partition(":") for s in subjects) if ident]
    others = select(Report).where(Report.id.in_(ids), Report.anonymous.is_(False))
    newest = others.order_by(Report.submitted_at.desc()).limit(_MOST_NAMED)
    return [other.code for other in session.scalars(newest)]
