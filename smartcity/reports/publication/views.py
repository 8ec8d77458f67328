"""A report as the public sees it, and as it is moderated. There is no field for a person."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from smartcity.core.texts import text
from smartcity.media import service as media
from smartcity.reports.history import events_of
from smartcity.reports.models import Report, ReportEvent
from smartcity.reports.publication.personal_data import covered, personal_data
from smartcity.reports.publication.publishing import draft, is_sensitive, subjects
from smartcity.reports.publication.states import (
    DONE,
    GROUPS,
    is_published,
    may_be_published,
)
from smartcity.reports.visible import photos_of
from smartcity.reports.workflow import MOVES, Status

_TOLD = (
    "id",
    "code",
    "status",
    "category",
    "area",
    "agency",
    "supporters",
    "followers",
    "submitted_at",
    "published_at",
    "resolved_at",
)
# The moves whose words are meant for everybody; others speak to the reporter, or are his own.
FOR_ALL = frozenset({"accept", "assign", "start", "return_to_ioc", "resolve"})


def shown(session: Session, reports: Sequence[Report]) -> list[dict[str, Any]]:
    """Public reports with their photos, in one further statement however many there are."""
    photos = media.shown_of(session, [photos_of(report) for report in reports])
    return [_public(report, photos.get(photos_of(report), [])) for report in reports]


def shown_whole(session: Session, report: Report) -> dict[str, Any]:
    """A public report with its timeline and, once there, its result."""
    told = events_of(session, report.id)
    steps = [_step(e) for e in told if e.move not in MOVES or not MOVES[e.move].internal]
    return {
        **shown(session, [report])[0],
        "timeline": steps,
        "result": _result(session, report) if report.status in DONE else None,
    }


def moderated(session: Session, report: Report) -> dict[str, Any]:
    """What an officer decides on: the public's view, and what he may want to cover in it."""
    homes = is_sensitive(report)
    return {
        "version": report.public_version,
        "visibility": report.visibility,
        "can_publish": report.part_of is None and may_be_published(report),
        "shown": _preview(session, report),
        "found": [
            {
                "kind": each.kind,
                "label": text(f"publication.found.{each.kind}"),
                "start": each.start,
                "end": each.end,
                "text": report.description[each.start : each.end],
            }
            for each in personal_data(report.description, homes=homes)
        ],
        "suggested_description": draft(report, {}).description,
        "suggested_address": draft(report, {}).address,
        "photos": media.of_thing(session, subjects(report)),
        "faces_sought": media.face_model() is not None,
    }


def _preview(session: Session, report: Report) -> dict[str, Any]:
    """The report as the public sees it; while it is hidden, as it would by the suggestions."""
    if is_published(report):
        return shown_whole(session, report)
    face = draft(report, {})
    place = {"latitude": face.latitude, "longitude": face.longitude}
    told = {"description": face.description, "address": face.address, **place}
    return {**shown_whole(session, report), **told}


def _public(report: Report, photos: Sequence[media.PublicPhoto]) -> dict[str, Any]:
    return {
        **{name: getattr(report, name) for name in _TOLD},
        "status_label": text(f"report.status.{report.status}"),
        "group": GROUPS.get(Status(report.status)),
        "description": report.public_description,
        "address": report.public_address,
        "latitude": report.public_latitude,
        "longitude": report.public_longitude,
        "place_coarsened": is_sensitive(report),
        "photos": photos,
    }


def _step(event: ReportEvent) -> dict[str, Any]:
    told = event.public_text if event.move in FOR_ALL else None
    return {
        "move": event.move,
        "status": event.to_status,
        "status_label": text(f"report.status.{event.to_status}"),
        "agency": event.agency,
        "public_text": covered(told) if told else None,
        "at": event.at,
    }


def _result(session: Session, report: Report) -> dict[str, Any]:
    photos = media.shown_of(session, report.proof or [])
    return {
        "public_text": covered(report.result or ""),
        "photos": [photo for subject in report.proof or [] for photo in photos.get(subject, [])],
    }
