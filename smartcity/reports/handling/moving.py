"""Moving a report by a row of the workflow table."""

import uuid
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from smartcity.core.db import lock_row
from smartcity.core.errors import Conflict, Forbidden, Invalid, NotFound, PreconditionFailed
from smartcity.core.texts import text
from smartcity.identity.permissions import SYSTEM, Action, Principal, Role, Scope
from smartcity.reports.categories import check_reason
from smartcity.reports.deadlines import extensions, running
from smartcity.reports.duplicates.links import LINKING, one_by_one
from smartcity.reports.handling import parts
from smartcity.reports.handling.effects import carry_out
from smartcity.reports.handling.obstacles import obstacle, ways_on
from smartcity.reports.handling.told import NOTHING_TOLD, Told
from smartcity.reports.history import stamp, write_event
from smartcity.reports.intake.assignment import needs_lead
from smartcity.reports.models import Report
from smartcity.reports.visible import visible
from smartcity.reports.workflow import MOVES, Move, Status, allowed


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
    table has no such step or this report cannot take it, Invalid for what the move needs.
    """
    if name in LINKING:
        one_by_one(session)
    report = _held(session, actor, report_id, version)
    row, came_from = MOVES[name], Status(report.status)
    if "agency" in row.needs:
        told = replace(told, agency=told.agency or report.suggested_agency)
    _check(row, actor, report, told)
    details = carry_out(session, actor, report, name, told)
    if not row.stays:
        _go(report, row, came_from)
        running.restart(report, came_from)
        extensions.lapse(session, report)
    stamp(report)
    session.flush()
    words = report.result if name == "resolve" else told.public_text
    said: dict[str, Any] = {"reason": told.reason, "public_text": words, "details": details}
    write_event(session, report, name, actor, came_from, **said)
    _move_kin(session, actor, report, name, came_from)
    return report


def _held(session: Session, actor: Principal, report_id: uuid.UUID, version: int | None) -> Report:
    report = lock_row(session, visible(actor, Action.MOVE_REPORT), Report.id == report_id)
    if report is None:
        raise NotFound("report.not_found")
    if version is not None and version != report.sequence:
        raise PreconditionFailed("precondition.failed")
    return report


def _go(report: Report, row: Move, came_from: Status) -> None:
    target = row.target or Status(report.asked_in or Status.SUBMITTED)
    report.asked_in = came_from if target is Status.NEED_INFO else None
    if target is not Status.NEED_INFO:
        report.answer_due_at = None
    if target not in MOVES["propose_question"].sources:
        report.proposed_question = None
    report.status = target


def _move_kin(
    session: Session, actor: Principal, report: Report, name: str, came_from: Status
) -> None:
    """Give the parts of a report that was just split to their units; move on what waited."""
    if name == "split":
        for part_id, agency in parts.to_hand_out(session, report):
            move(session, actor, part_id, "accept")
            move(session, actor, part_id, "assign", told=Told(agency=agency))
    if report.part_of and parts.was_last(session, report, came_from):
        move(session, SYSTEM, report.part_of, "conclude_parts")


def _check(row: Move, actor: Principal, report: Report, told: Told) -> None:
    if actor.role not in row.roles:
        raise Forbidden("identity.forbidden")
    came_from = Status(report.status)
    possible = _ways(actor, report)
    instead = ", ".join(possible) or "–"
    if came_from not in row.sources:
        status = text(f"report.status.{came_from}")
        raise Conflict("report.move_not_allowed", move=row.name, status=status, allowed=instead)
    if why := obstacle(report, row.name):
        raise Conflict(why, allowed=instead)
    if needs_lead(actor, report, row.name):
        raise Forbidden("report.lead_assigns")
    missing = {need: "field.required" for need in row.needs if not getattr(told, need)}
    if missing:
        raise Invalid(**missing)
    if told.reason and actor.role is not Role.SYSTEM:  # it needs no reason that a province may drop
        check_reason(told.reason, row.name)


def possible_moves(actor: Principal, report: Report) -> list[str]:
    """The moves that an officer may make on a report that he sees; none on another unit's."""
    anothers = actor.scope(Action.MOVE_REPORT) is Scope.AGENCY and report.agency != actor.agency
    return [] if anothers else _ways(actor, report)


def _ways(actor: Principal, report: Report) -> list[str]:
    possible = ways_on(report, allowed(Status(report.status), actor.role))
    return [name for name in possible if not needs_lead(actor, report, name)]
