"""The append-only history: one event a step, and what each step sets in motion.

An event, its audit row and its jobs are written in the transaction of the step.
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from smartcity.audit import service as audit
from smartcity.core import clock
from smartcity.core.db import insert
from smartcity.core.ids import new_id
from smartcity.identity.permissions import Principal, Role
from smartcity.jobs.service import NORMAL, URGENT, Job, enqueue_all
from smartcity.push import service as push
from smartcity.reports.models import Report, ReportEvent
from smartcity.reports.workflow import MOVES, Status

EXAMINE = "reports.examine"
TELL_FOLLOWERS = "reports.tell_followers"
FORWARD = "ioc.forward"  # by name: reports does not know who carries events to the centres


def write_event(
    session: Session,
    report: Report,
    move: str,
    actor: Principal,
    came_from: Status | None,
    **told: Any,
) -> None:
    """Record the step that `report` made; `told` may hold reason, public_text, details, device.

    Who filed anonymously stands in the history, where nobody reads him, and not in the audit.
    """
    event_id = new_id()
    insert(
        session,
        ReportEvent,
        id=event_id,
        report_id=report.id,
        sequence=report.sequence,
        move=move,
        from_status=came_from,
        to_status=report.status,
        actor=actor.key,
        agency=report.agency,
        reason=told.get("reason"),
        public_text=told.get("public_text"),
        details=told.get("details"),
        at=report.updated_at,
    )
    hidden = report.anonymous and actor.role is Role.CITIZEN
    audit.record(
        session,
        audit.ANONYMOUS if hidden else actor.key,
        f"report.{move}",
        ("report", report.id),
        sequence=report.sequence,
        status=report.status,
        reason=told.get("reason"),
    )
    enqueue_all(session, list(_consequences(report, event_id, move, told)))


def events_of(session: Session, report_id: uuid.UUID) -> Sequence[ReportEvent]:
    """A report's steps, first to last."""
    query = select(ReportEvent).where(ReportEvent.report_id == report_id)
    return session.scalars(query.order_by(ReportEvent.sequence)).all()


def last_step(session: Session, report_id: uuid.UUID, moves: Sequence[str]) -> ReportEvent | None:
    """The last step of a report by one of some moves."""
    query = select(ReportEvent).where(ReportEvent.report_id == report_id)
    newest = query.where(ReportEvent.move.in_(moves)).order_by(ReportEvent.sequence.desc())
    return session.scalars(newest.limit(1)).first()


def _consequences(
    report: Report, event_id: uuid.UUID, move: str, told: Mapping[str, Any]
) -> Iterator[Job]:
    """What follows a step: the centres hear of it, in order; its reporter and followers do too."""
    event = {"event": str(event_id)}
    priority = URGENT if report.urgent else NORMAL
    yield Job(FORWARD, event, ordering_key=f"ioc:{report.id}", priority=priority)
    internal = move in MOVES and MOVES[move].internal
    if report.reporter_id and not internal:
        yield _message(report, report.reporter_id, event_id, move, told)
    if report.followers and not internal:
        yield Job(TELL_FOLLOWERS, event, ordering_key=f"followers:{report.id}")
    if move == "submit" and report.part_of is None:  # a part was looked at with its whole
        yield Job(EXAMINE, {"report": str(report.id), "device": told.get("device")})


def _message(
    report: Report, reporter: uuid.UUID, event_id: uuid.UUID, move: str, told: Mapping[str, Any]
) -> Job:
    values = {
        "code": report.code,
        "public_text": told.get("public_text") or "",
        "due": clock.written(report.due_at) if report.due_at else "",
    }
    return push.message(
        citizen=reporter,
        source=event_id,
        at=report.updated_at,
        text=f"push.report.{move}",
        values=values,
        link=f"/reports/{report.id}",
    )


def stamp(report: Report) -> None:
    """Move a report's own row one step on."""
    report.sequence += 1
    report.updated_at = clock.now()
