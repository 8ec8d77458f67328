"""What a reader gets to see of a report; who filed it only the right officers see."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from smartcity.audit import service as audit
from smartcity.core.texts import text
from smartcity.identity import service as identity
from smartcity.identity.permissions import Action, Principal, Scope
from smartcity.media import service as media
from smartcity.reports.deadlines import extensions
from smartcity.reports.deadlines.running import is_overdue
from smartcity.reports.handling.dossier import dossier
from smartcity.reports.handling.moving import possible_moves
from smartcity.reports.history import events_of
from smartcity.reports.intake.hints import intake
from smartcity.reports.models import SHOWN, Report, ReportEvent
from smartcity.reports.visible import photos_of
from smartcity.reports.workflow import MOVES, Status

_PUBLISHED = (Status.RESOLVED, Status.CLOSED)


def shown(session: Session, reports: Sequence[Report]) -> list[dict[str, Any]]:
    """Reports with their photos, in one further statement however many there are."""
    return [with_photos(r, *found) for r, found in _with_photos(session, reports)]


def _with_photos(
    session: Session, reports: Sequence[Report]
) -> list[tuple[Report, tuple[list[media.Photo], list[media.Photo]]]]:
    """Reports, each with its photos and those of its result."""
    subjects = {name for r in reports for name in (photos_of(r), *(r.proof or ()))}
    photos = media.of_subjects(session, sorted(subjects))
    proofs = [[p for name in r.proof or () for p in photos.get(name, [])] for r in reports]
    reported = [photos.get(photos_of(r), []) for r in reports]
    return list(zip(reports, zip(reported, proofs, strict=True), strict=True))


def with_photos(
    report: Report, photos: Sequence[media.Photo], proof: Sequence[media.Photo] = ()
) -> dict[str, Any]:
    """A report as everybody who may see it does; its result, once published."""
    published = report.result and report.status in _PUBLISHED
    return {
        **{name: getattr(report, name) for name in SHOWN},
        "status_label": text(f"report.status.{report.status}"),
        "version": report.sequence,
        "overdue": is_overdue(report),
        "media": photos,
        "result": {"public_text": report.result, "media": proof} if published else None,
    }


def shown_to_officer(session: Session, officer: Principal, report: Report) -> dict[str, Any]:
    """A report with what this officer may do; a look at the reporter is audited."""
    [(_, (photos, proof))] = _with_photos(session, [report])
    proposed = {"public_text": report.result, "media": proof} if report.result else None
    return {
        **with_photos(report, photos, proof),
        **dossier(session, report),
        "result": proposed,
        "extension": extensions.last(session, report),
        "allowed_moves": possible_moves(officer, report),
        "intake": intake(officer, report),
        **_reporter(session, officer, report),
    }


def _reporter(session: Session, officer: Principal, report: Report) -> dict[str, Any]:
    """Who reported, unless that is not this officer's to know, or the citizen has restricted it."""
    may_see = officer.scope(Action.SEE_REPORTER) is not Scope.NONE
    if not may_see or report.anonymous or report.reporter_id is None:
        return {"reporter": None, "reporter_restricted": False}
    if identity.is_restricted(session, report.reporter_id):
        return {"reporter": None, "reporter_restricted": True}
    audit.record(session, officer.key, "report.see_reporter", ("report", report.id))
    phone = identity.citizen_phone(session, report.reporter_id) or ""
    return {"reporter": {"phone": phone}, "reporter_restricted": False}


def timeline(session: Session, report: Report) -> list[dict[str, Any]]:
    """The steps of a report that are not officers' own, without the names of persons."""
    events = events_of(session, report.id)
    return [_step(e) for e in events if e.move not in MOVES or not MOVES[e.move].internal]


def _step(event: ReportEvent) -> dict[str, Any]:
    return {
        "sequence": event.sequence,
        "move": event.move,
        "status": event.to_status,
        "status_label": text(f"report.status.{event.to_status}"),
        "by": event.actor.partition(":")[0],
        "agency": event.agency,
        "reason": event.reason,
        "public_text": event.public_text,
        "details": event.details,
        "at": event.at,
    }
