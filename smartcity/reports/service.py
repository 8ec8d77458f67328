"""Filing a report, moving it, and reading it as far as the reader may see."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, false, or_, select
from sqlalchemy.orm import Session

from smartcity.areas import service as areas
from smartcity.core import clock
from smartcity.core.db import insert_numbered, lock_row
from smartcity.core.errors import Conflict, Forbidden, Invalid, NotFound, PreconditionFailed
from smartcity.core.ids import new_id
from smartcity.core.paging import Page, newest_first
from smartcity.core.text import fold
from smartcity.core.texts import text
from smartcity.identity.permissions import Action, Principal, Role, Scope
from smartcity.media import service as media
from smartcity.reports.categories import category, check_reason
from smartcity.reports.history import stamp, write_event
from smartcity.reports.models import REPORT_NUMBER, Report, ReportEvent, coded
from smartcity.reports.personal import (
    erase_reporter,
    forget_reporters,
    held_reports,
    reporters_over,
)
from smartcity.reports.workflow import MOVES, Move, Status, allowed

__all__ = [
    "CENTRE_MOVES",
    "Report",
    "Told",
    "erase_reporter",
    "event",
    "find",
    "forget_reporters",
    "held_reports",
    "hold",
    "listed",
    "mine",
    "move",
    "possible_moves",
    "reporters_over",
    "subject",
    "submit",
]
CENTRE_MOVES = [m.name for m in MOVES.values() if Role.OPERATIONS_CENTRE in m.roles]


@dataclass(frozen=True)
class Told:
    """What comes with a move: a reason's code, words for the public, the agency it goes to."""

    reason: str | None = None
    public_text: str | None = None
    agency: str | None = None


NOTHING_TOLD = Told()


def submit(
    session: Session, reporter: Principal, asked: Mapping[str, Any]
) -> tuple[Report, list[media.Photo]]:
    """File a citizen's report with its photos; Invalid names the field that does not fit."""
    kind = category(asked["category"])
    if asked["anonymous"] and not kind.anonymous_allowed:
        raise Invalid(anonymous="report.anonymous_not_allowed")
    place = areas.locate(asked["latitude"], asked["longitude"])
    now = clock.now()
    columns = {
        "id": new_id(),
        "prefix": place.province.report_prefix,
        "reporter_id": uuid.UUID(reporter.id),
        "anonymous": asked["anonymous"],
        "urgent": asked["urgent"],
        "category": kind.code,
        "description": asked["description"],
        "folded": fold(asked["description"]),
        "latitude": asked["latitude"],
        "longitude": asked["longitude"],
        "address": asked.get("address"),
        "area": place.ward.code,
        "agency": None,
        "status": Status.SUBMITTED,
        "asked_in": None,
        "sequence": 1,
        "submitted_at": now,
        "updated_at": now,
    }
    number = insert_numbered(session, Report, REPORT_NUMBER, **columns)
    report = Report(number=number, **columns)
    photos = media.attach(session, asked["media_ids"], reporter.key, subject(report.id))
    write_event(session, report, "submit", reporter, None)
    return report, photos


def move(
    session: Session,
    actor: Principal,
    report_id: uuid.UUID,
    name: str,
    *,
    told: Told = NOTHING_TOLD,
    version: int | None = None,
) -> Report:
    """Move a report by a row of the workflow table.

    Raises NotFound (absent and hidden alike), PreconditionFailed when `version` is not the
    report's any more, Forbidden for another role's move, Conflict (with what is allowed) when the
    table has no such step, Invalid for what the move needs.
    """
    report = lock_row(session, _visible(actor, Action.MOVE_REPORT), Report.id == report_id)
    if report is None:
        raise NotFound("report.not_found")
    if version is not None and version != report.sequence:
        raise PreconditionFailed("precondition.failed")
    row, came_from = MOVES[name], Status(report.status)
    _check(row, actor, came_from, told)
    if "agency" in row.needs:
        report.agency = areas.agency(told.agency or "").code
    target = row.target or Status(report.asked_in or Status.SUBMITTED)
    report.asked_in = came_from if target is Status.NEED_INFO else None
    stamp(report, target)
    session.flush()
    write_event(
        session, report, name, actor, came_from, reason=told.reason, public_text=told.public_text
    )
    return report


def _check(row: Move, actor: Principal, came_from: Status, told: Told) -> None:
    if actor.role not in row.roles:
        raise Forbidden("identity.forbidden")
    if came_from not in row.sources:
        possible = allowed(came_from, actor.role)
        raise Conflict(
            "report.move_not_allowed",
            move=row.name,
            status=text(f"report.status.{came_from}"),
            allowed=", ".join(possible) or "–",
        )
    missing = {need: "field.required" for need in row.needs if not getattr(told, need)}
    if missing:
        raise Invalid(**missing)
    if told.reason:
        check_reason(told.reason, row.name)


def possible_moves(actor: Principal, report: Report) -> list[str]:
    """The moves that an officer may make on a report that he sees; none on another unit's."""
    anothers = actor.scope(Action.MOVE_REPORT) is Scope.AGENCY and report.agency != actor.agency
    return [] if anothers else allowed(Status(report.status), actor.role)


def find(session: Session, reader: Principal, report_id: uuid.UUID) -> Report:
    """A report that the reader may see; NotFound when it is absent or hidden."""
    query = _visible(reader, Action.READ_REPORT).where(Report.id == report_id)
    report = session.scalar(query)
    if report is None:
        raise NotFound("report.not_found")
    return report


def hold(session: Session, actor: Principal, named: str) -> Report:
    """The report that an outside system names by id or code, held until the transaction ends."""
    try:
        condition = Report.id == uuid.UUID(named)
    except ValueError:
        condition = coded(named)
    report = lock_row(session, _visible(actor, Action.MOVE_REPORT), condition)
    if report is None:
        raise NotFound("report.not_found")
    return report


def mine(session: Session, citizen: Principal, asked: Mapping[str, Any]) -> Page[Report]:
    """A citizen's own reports, newest first."""
    query = select(Report).where(Report.reporter_id == uuid.UUID(citizen.id))
    return newest_first(session, query, (Report.submitted_at, Report.id), asked)


def listed(session: Session, officer: Principal, asked: Mapping[str, Any]) -> Page[Report]:
    """The reports that an officer may see, by filter, newest first."""
    query = _visible(officer, Action.LIST_REPORTS)
    for column in ("status", "category", "area", "agency", "urgent"):
        if asked.get(column) is not None:
            query = query.where(getattr(Report, column) == asked[column])
    if asked.get("code"):
        query = query.where(coded(asked["code"]))
    if asked.get("since"):
        query = query.where(Report.submitted_at >= asked["since"])
    if asked.get("until"):
        query = query.where(Report.submitted_at < asked["until"])
    if asked.get("q"):
        query = query.where(Report.folded.contains(fold(asked["q"]), autoescape=True))
    return newest_first(session, query, (Report.submitted_at, Report.id), asked)


def event(session: Session, event_id: uuid.UUID) -> tuple[Report, ReportEvent]:
    """A step and its report, for whoever carries it on."""
    found = session.get_one(ReportEvent, event_id)
    return session.get_one(Report, found.report_id), found


def subject(report_id: uuid.UUID) -> str:
    """How photos name the report they belong to."""
    return f"report:{report_id}"


def _visible(reader: Principal, action: Action) -> Select[Report]:
    """All reports, those of the reader's agency (and its commune), or his own."""
    match reader.scope(action):
        case Scope.ALL:
            return select(Report)
        case Scope.AGENCY:
            # None is no unit: what nobody was given yet is not his.
            return select(Report).where(Report.agency == (reader.agency or ""))
        case Scope.AREA:
            unit = areas.reference().agencies.get(reader.agency or "")
            agencys = Report.agency == (reader.agency or "")
            # A department has no commune of its own: it sees what it was given.
            there = Report.area == unit.area_code if unit and unit.area_code else false()
            return select(Report).where(or_(agencys, there))
        case Scope.OWN:
            return select(Report).where(Report.reporter_id == uuid.UUID(reader.id))
    raise Forbidden("identity.forbidden")
