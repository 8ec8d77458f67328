"""What officers write and read beside a report: comments, notes, canned replies."""

import uuid
from typing import Any

from sqlalchemy.orm import Session

from smartcity.core.db import reading, transaction
from smartcity.core.idempotency import idempotent
from smartcity.core.paging import Page, PageQuery, page_schema
from smartcity.core.web import Blueprint
from smartcity.identity.permissions import Action, permit, principal
from smartcity.reports.desk import comments, notes, replies
from smartcity.reports.desk.comment_schemas import (
    CommentIn,
    CommentQuery,
    CommentRejectionIn,
    NoteIn,
    NoteOut,
    OfficerCommentOut,
)
from smartcity.reports.desk.models import Comment, Moderation
from smartcity.reports.desk.reply_schemas import OfferList, OfferQuery

blp = Blueprint(
    "officer_desk", __name__, url_prefix="/api/v1/officer", description="Comments, notes, replies"
)


@blp.route("/comments")
@permit(Action.PUBLISH_REPORTS)
@blp.problems(400, 401, 403, 422)
@blp.arguments(CommentQuery, location="query")
@blp.response(200, page_schema(OfficerCommentOut))
def list_comments(asked: dict[str, Any]) -> Page[Comment]:
    """Comments on all reports, the oldest first: `status=pending` are those that wait."""
    with reading() as session:
        return comments.queue(session, asked)


@blp.route("/comments/<uuid:comment_id>/approval", methods=["PUT"])
@permit(Action.PUBLISH_REPORTS)
@blp.problems(401, 403, 404)
@blp.response(200, OfficerCommentOut)
def approve_comment(comment_id: uuid.UUID) -> Comment:
    """Let others read a comment; a rejection takes it back."""
    with transaction() as session:
        return comments.decide(session, principal(), comment_id, Moderation.APPROVED)


@blp.route("/comments/<uuid:comment_id>/rejection", methods=["PUT"])
@permit(Action.PUBLISH_REPORTS)
@blp.problems(401, 403, 404, 422)
@blp.arguments(CommentRejectionIn)
@blp.response(200, OfficerCommentOut)
def reject_comment(asked: dict[str, Any], comment_id: uuid.UUID) -> Comment:
    """Let nobody but its author read a comment, and tell him why; an approval takes it back."""
    with transaction() as session:
        decided = Moderation.REJECTED, asked["reason"]
        return comments.decide(session, principal(), comment_id, *decided)


@blp.route("/reports/<uuid:report_id>/comments")
@permit(Action.LIST_REPORTS)
@blp.problems(400, 401, 403, 404, 422)
@blp.arguments(PageQuery, location="query")
@blp.response(200, page_schema(OfficerCommentOut))
def list_officer_comments(asked: dict[str, Any], report_id: uuid.UUID) -> Page[Comment]:
    """Every comment on a report, the oldest first."""
    with reading() as session:
        return comments.read_by_officer(session, principal(), report_id, asked)


@blp.route("/reports/<uuid:report_id>/comments", methods=["POST"])
@permit(Action.WORK_ON_REPORTS)
@blp.problems(400, 401, 403, 404, 409, 422)
@blp.arguments(CommentIn)
@idempotent
@blp.response(201, OfficerCommentOut)
def comment_officially(session: Session, asked: dict[str, Any], report_id: uuid.UUID) -> Comment:
    """Comment as one's agency, for all to read at once; the reporter hears of it."""
    return comments.add_official(session, principal(), report_id, asked["text"])


@blp.route("/reports/<uuid:report_id>/notes")
@permit(Action.WORK_ON_REPORTS)
@blp.problems(400, 401, 403, 404, 422)
@blp.arguments(PageQuery, location="query")
@blp.response(200, page_schema(NoteOut))
def list_notes(asked: dict[str, Any], report_id: uuid.UUID) -> dict[str, Any]:
    """Officers' notes, the oldest first: the centre reads all, a unit its own and those for it."""
    with reading() as session:
        page = notes.read(session, principal(), report_id, asked)
        return {"items": notes.shown(session, page.items), "next_cursor": page.next_cursor}


@blp.route("/reports/<uuid:report_id>/notes", methods=["POST"])
@permit(Action.WORK_ON_REPORTS)
@blp.problems(400, 401, 403, 404, 409, 422)
@blp.arguments(NoteIn)
@idempotent
@blp.response(201, NoteOut)
def write_note(session: Session, asked: dict[str, Any], report_id: uuid.UUID) -> dict[str, Any]:
    """Write a note for officers only; it stays as it is, a further one corrects it."""
    note = notes.add(session, principal(), report_id, asked["text"], asked["for_unit"])
    return notes.shown(session, [note])[0]


@blp.route("/reports/<uuid:report_id>/replies")
@permit(Action.WORK_ON_REPORTS)
@blp.problems(400, 401, 403, 404, 422)
@blp.arguments(OfferQuery, location="query")
@blp.response(200, OfferList)
def list_offered_replies(asked: dict[str, Any], report_id: uuid.UUID) -> dict[str, Any]:
    """Canned replies that suit a report and a move, filled in and ready to be sent."""
    with reading() as session:
        return {"items": replies.offered(session, principal(), report_id, asked.get("move"))}
