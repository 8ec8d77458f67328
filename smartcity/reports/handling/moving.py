"""Moving a report by a row of the workflow table."""

import uuid
from dataclasses import dataclass

from sqlalchemy.orm import Session

from smartcity.areas import service as areas
from smartcity.core.db import lock_row
from smartcity.core.errors import Conflict, Forbidden, Invalid, NotFound, PreconditionFailed
from smartcity.core.texts import text
from smartcity.identity.permissions import Action, Principal, Scope
from smartcity.reports.categories import check_reason
from smartcity.reports.history import stamp, write_event
from smartcity.reports.models import Report
from smartcity.reports.visible import visible
from smartcity.reports.workflow import MOVES, Move, Status, allowed


@dataclass(frozen=True)
class Told:
    """What comes with a move: a reason's code, words for the public, the agency it goes to."""

    reason: str | None = None
    public_text: str | None = None
    agency: str | None = None


NOTHING_TOLD = Told()


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
    report = lock_row(session, visible(actor, Action.MOVE_REPORT), Report.id == report_id)
    if report is None:
        raise NotFound("report.not_found")
    if version is not None and version != report.sequence:
        raise PreconditionFailed("precondition.failed")
    row, came_from = MOVES[name], Status(report.status)
    _check(row, actor, came_from, told)
    if "agency" in row.needs:
        report.agency = areas.agency(told.agency or "").code
    if not row.stays:
        target = row.target or Status(report.asked_in or Status.SUBMITTED)
        report.asked_in = came_from if target is Status.NEED_INFO else None
        report.status = target
    stamp(report)
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
