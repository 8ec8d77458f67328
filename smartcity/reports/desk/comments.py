"""Comments beside a report: of citizens, once the centre has approved them, and of agencies."""

import uuid
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, or_, select
from sqlalchemy.orm import Session

from smartcity.audit import service as audit
from smartcity.core import clock
from smartcity.core.db import lock_row
from smartcity.core.errors import NotFound
from smartcity.core.expiry import Over
from smartcity.core.ids import new_id
from smartcity.core.paging import Page, oldest_first
from smartcity.identity.permissions import Action, Principal
from smartcity.jobs.service import enqueue_all
from smartcity.push import service as push
from smartcity.reports.desk.models import Comment, Moderation
from smartcity.reports.models import Report
from smartcity.reports.visible import visible

KEYS = (Comment.created_at, Comment.id)
_TOLD = ("report_id", "text", "status", "reason", "created_at")


def add(session: Session, citizen: Principal, report_id: uuid.UUID, words: str) -> Comment:
    """A citizen's comment on a public report or on his own; others read it once it is approved."""
    report = _one(session, _open_to(citizen), report_id)
    comment = _comment(report, words, Moderation.PENDING, citizen_id=uuid.UUID(citizen.id))
    return _kept(session, citizen, comment)


def add_official(session: Session, officer: Principal, report_id: uuid.UUID, words: str) -> Comment:
    """An agency's comment, for all to read at once; the reporter is told of it."""
    report = _one(session, visible(officer, Action.WORK_ON_REPORTS), report_id)
    comment = _comment(report, words, Moderation.APPROVED, agency=officer.agency)
    if report.reporter_id is not None:
        message = push.message(
            citizen=report.reporter_id,
            source=comment.id,
            at=comment.created_at,
            text="push.report.comment",
            values={"code": report.code, "public_text": words},
            link=f"/reports/{report.id}",
        )
        enqueue_all(session, [message])
    return _kept(session, officer, comment)


def read_by_citizen(
    session: Session, citizen: Principal, report_id: uuid.UUID, asked: Mapping[str, Any]
) -> Page[Comment]:
    """The approved comments of a report, and the reader's own whatever became of them."""
    report = _one(session, _open_to(citizen), report_id)
    own = Comment.citizen_id == uuid.UUID(citizen.id)
    query = _of(report).where(or_(Comment.status == Moderation.APPROVED, own))
    return oldest_first(session, query, KEYS, asked)


def read_in_public(
    session: Session, report_id: uuid.UUID, asked: Mapping[str, Any]
) -> Page[Comment]:
    """The approved comments of a public report."""
    report = _one(session, select(Report).where(Report.visibility == "public"), report_id)
    query = _of(report).where(Comment.status == Moderation.APPROVED)
    return oldest_first(session, query, KEYS, asked)


def read_by_officer(
    session: Session, officer: Principal, report_id: uuid.UUID, asked: Mapping[str, Any]
) -> Page[Comment]:
    """Every comment of a report that an officer may see."""
    report = _one(session, visible(officer, Action.LIST_REPORTS), report_id)
    return oldest_first(session, _of(report), KEYS, asked)


def queue(session: Session, asked: Mapping[str, Any]) -> Page[Comment]:
    """Comments of all reports by `status`, `report` and time, the oldest first."""
    query = select(Comment)
    if asked.get("status"):
        query = query.where(Comment.status == asked["status"])
    if asked.get("report"):
        query = query.where(Comment.report_id == asked["report"])
    if asked.get("since"):
        query = query.where(Comment.created_at >= asked["since"])
    if asked.get("until"):
        query = query.where(Comment.created_at < asked["until"])
    return oldest_first(session, query, KEYS, asked)


def decide(
    session: Session,
    officer: Principal,
    comment_id: uuid.UUID,
    status: Moderation,
    reason: str | None = None,
) -> Comment:
    """Let others read a comment, or not; the other decision undoes the first."""
    comment = lock_row(session, select(Comment), Comment.id == comment_id)
    if comment is None:
        raise NotFound("comment.not_found")
    before = {"status": comment.status, "reason": comment.reason}
    after = {"status": status.value, "reason": reason}
    if before != after:
        comment.status, comment.reason, comment.decided_at = status, reason, clock.now()
        subject, deed = ("comment", comment.id), f"comment.{_DEEDS[status]}"
        audit.record(session, officer.key, deed, subject, before=before, after=after)
    return comment


def held_comments(session: Session, citizen_id: uuid.UUID) -> Iterator[dict[str, Any]]:
    """What a citizen wrote beside reports, first to last."""
    query = select(Comment).where(Comment.citizen_id == citizen_id).order_by(*KEYS)
    for comment in session.scalars(query.execution_options(yield_per=200)):
        yield {name: getattr(comment, name) for name in _TOLD}


def erase_comments(session: Session, citizen_id: uuid.UUID) -> None:
    """Delete what a citizen wrote beside reports: no case needs it."""
    session.execute(
        delete(Comment).where(Comment.citizen_id == citizen_id),
        execution_options={"synchronize_session": False},
    )


def comments_over(before: datetime) -> Over:
    """Citizens' comments that were written so long ago that they go."""
    return Over(Comment, (Comment.citizen_id.is_not(None), Comment.created_at < before))


_DEEDS = {Moderation.APPROVED: "approve", Moderation.REJECTED: "reject"}


def _open_to(citizen: Principal) -> Select[Report]:
    own = Report.reporter_id == uuid.UUID(citizen.id)
    return select(Report).where(or_(Report.visibility == "public", own))


def _one(session: Session, query: Select[Report], report_id: uuid.UUID) -> Report:
    report = session.scalar(query.where(Report.id == report_id))
    if report is None:
        raise NotFound("report.not_found")
    return report


def _of(report: Report) -> Select[Comment]:
    return select(Comment).where(Comment.report_id == report.id)


def _comment(
    report: Report,
    words: str,
    status: Moderation,
    *,
    citizen_id: uuid.UUID | None = None,
    agency: str | None = None,
) -> Comment:
    return Comment(
        id=new_id(),
        report_id=report.id,
        citizen_id=citizen_id,
        agency=agency,
        text=words,
        status=status,
        created_at=clock.now(),
    )


def _kept(session: Session, writer: Principal, comment: Comment) -> Comment:
    session.add(comment)
    session.flush()
    subject = ("comment", comment.id)
    audit.record(session, writer.key, "comment.add", subject, report=str(comment.report_id))
    return comment
