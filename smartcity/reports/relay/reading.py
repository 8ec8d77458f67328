"""What a partner reads again: what is public, and all of what he filed himself."""

import uuid
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from smartcity.core.errors import NotFound
from smartcity.identity.permissions import Principal, Role
from smartcity.media import service as media
from smartcity.reports.models import Report, ReportEvent, coded
from smartcity.reports.publication.personal_data import covered
from smartcity.reports.publication.states import published
from smartcity.reports.publication.views import FOR_ALL
from smartcity.reports.visible import photos_of
from smartcity.reports.workflow import MOVES, Status

ENDED = (Status.RESOLVED, Status.CLOSED, Status.REJECTED, Status.DUPLICATE, Status.WITHDRAWN)
MOST = 1_000  # rows of one answer
MOST_NAMED = 100  # reports that are asked for by name
_PHOTO_LINKS = timedelta(days=7)


@dataclass(frozen=True)
class Relayed:
    """A report as this reader may know it; `own`: he filed it."""

    report: Report
    own: bool
    description: str
    address: str
    latitude: float
    longitude: float
    photos: list[str]
    note: str
    details: Mapping[str, Any]


def find_told(session: Session, reader: Principal, named: str) -> Relayed:
    """A report by code or id; NotFound when it is absent or hidden from this reader."""
    found = session.scalar(select(Report).where(_open_to(reader), _named([named])))
    if found is None:
        raise NotFound("report.not_found")
    return told(session, reader, [found])[0]


def list_told(session: Session, reader: Principal, asked: Mapping[str, Any]) -> list[Relayed]:
    """Reports by `names`, or by the other filters, newest first: a page of at most 1,000."""
    query = select(Report).where(_open_to(reader), *_narrowed(asked))
    query = query.order_by(Report.submitted_at.desc(), Report.id.desc())
    size = asked["page_size"]
    rows = session.scalars(query.offset((asked["page"] - 1) * size).limit(size)).all()
    return told(session, reader, rows)


def told(session: Session, reader: Principal, reports: Sequence[Report]) -> list[Relayed]:
    """Reports as the reader may know them, in three statements however many there are."""
    mine = [report for report in reports if _is_own(reader, report)]
    details, photos = _details(session, mine), _photos(session, reports, mine)
    notes = _notes(session, reader, reports)
    return [
        Relayed(
            report=r,
            own=r.id in details,
            photos=photos[photos_of(r), r.id in details],
            note=notes.get(r.id, ""),
            details=details.get(r.id) or {},
            **_face(r, r.id in details),
        )
        for r in reports
    ]


def updates(
    session: Session, reader: Principal, since: datetime, until: datetime
) -> list[tuple[ReportEvent, Report]]:
    """The steps that the reader may know of, from `since` until before `until`, first to last."""
    internal = [name for name, row in MOVES.items() if row.internal]
    query = (
        select(ReportEvent, Report)
        .join(Report, Report.id == ReportEvent.report_id)
        .where(_open_to(reader), Report.updated_at >= since)
        .where(ReportEvent.at >= since, ReportEvent.at < until)
        .where(ReportEvent.move.not_in(internal))
        .order_by(ReportEvent.at, ReportEvent.id)
        .limit(MOST)
    )
    return [(event, report) for event, report in session.execute(query)]


def last_step(session: Session, report_id: uuid.UUID) -> uuid.UUID:
    """The id of a report's newest step."""
    steps = select(ReportEvent.id).where(ReportEvent.report_id == report_id)
    return session.scalars(steps.order_by(ReportEvent.sequence.desc()).limit(1)).one()


def words_of(reader: Principal, report: Report, event: ReportEvent) -> str:
    """What a step tells this reader: everybody the words for all, without personal data; who filed
    the report also those for its reporter. Never what a reporter said himself."""
    said = event.public_text or ""
    if not _is_own(reader, report):
        return covered(said) if event.move in FOR_ALL else ""
    by_reporter = event.actor.partition(":")[0] in (Role.CITIZEN, Role.PARTNER)
    internal = event.move in MOVES and MOVES[event.move].internal
    return "" if by_reporter or internal else said


def _open_to(reader: Principal) -> ColumnElement[bool]:
    if reader.role is not Role.PARTNER:
        return published()
    return or_(published(), Report.filed_by == reader.key)


def _is_own(reader: Principal, report: Report) -> bool:
    return reader.role is Role.PARTNER and report.filed_by == reader.key


def _narrowed(asked: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    if asked.get("names"):
        return [_named(asked["names"])]
    tests: dict[str, Callable[[Any], ColumnElement[bool]]] = {
        "since": lambda at: Report.submitted_at >= at,
        "until": lambda at: Report.submitted_at <= at,
        "updated_since": lambda at: Report.updated_at >= at,
        "updated_until": lambda at: Report.updated_at <= at,
        "categories": Report.category.in_,
        "ended": lambda yes: Report.status.in_(ENDED) if yes else Report.status.not_in(ENDED),
    }
    return [test(asked[name]) for name, test in tests.items() if asked.get(name) is not None]


def _named(names: Sequence[str]) -> ColumnElement[bool]:
    return or_(*(_is_named(name) for name in names))


def _is_named(name: str) -> ColumnElement[bool]:
    try:
        return Report.id == uuid.UUID(name)
    except ValueError:
        return coded(name)


def _face(report: Report, own: bool) -> dict[str, Any]:
    """Words and place: the reported ones for who filed it, the moderated ones for all others."""
    side = "" if own else "public_"
    place = {name: getattr(report, side + name) for name in ("latitude", "longitude")}
    return place | {name: getattr(report, side + name) or "" for name in ("description", "address")}


def _photos(
    session: Session, reports: Sequence[Report], mine: Sequence[Report]
) -> dict[tuple[str, bool], list[str]]:
    """Links by the photos' subject and whether the reader filed the report."""
    own = media.of_subjects(session, [photos_of(r) for r in mine], _PHOTO_LINKS)
    others = [photos_of(r) for r in reports if r not in mine]
    links: dict[tuple[str, bool], list[str]] = defaultdict(list)
    for subject, found in own.items():
        links[subject, True] = [p["links"]["large"] for p in found if p["links"]]
    for subject, shown in media.shown_of(session, others).items():
        links[subject, False] = [p["links"]["large"] for p in shown]
    return links


def _notes(session: Session, reader: Principal, reports: Sequence[Report]) -> dict[uuid.UUID, str]:
    """The last words of each report that the reader may know."""
    known = {report.id: report for report in reports}
    query = select(ReportEvent).where(ReportEvent.report_id.in_(known))
    steps = query.where(ReportEvent.public_text.is_not(None)).order_by(ReportEvent.sequence)
    notes = {}
    for step in session.scalars(steps):
        if words := words_of(reader, known[step.report_id], step):
            notes[step.report_id] = words
    return notes


def _details(session: Session, mine: Sequence[Report]) -> dict[uuid.UUID, dict[str, Any]]:
    """What came with each report of the reader's own."""
    first = ReportEvent.sequence == 1, ReportEvent.report_id.in_([r.id for r in mine])
    query = select(ReportEvent.report_id, ReportEvent.details).where(*first)
    return {report_id: details or {} for report_id, details in session.execute(query)}
