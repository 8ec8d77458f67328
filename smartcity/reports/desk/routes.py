"""Comments of citizens, and what the public reads of them."""

import uuid
from typing import Any

from flask import Response
from sqlalchemy.orm import Session

from smartcity.core.cache import published
from smartcity.core.context import settings
from smartcity.core.db import reading
from smartcity.core.idempotency import idempotent
from smartcity.core.paging import Page, PageQuery, page_schema
from smartcity.core.ratelimit import limiter
from smartcity.core.web import Blueprint
from smartcity.identity.permissions import Action, permit, principal
from smartcity.reports.desk import comments
from smartcity.reports.desk.comment_schemas import CommentIn, CommentOut, PublicCommentOut
from smartcity.reports.desk.models import Comment

blp = Blueprint("comments", __name__, url_prefix="/api/v1", description="Bình luận")


@blp.route("/reports/<uuid:report_id>/comments", methods=["POST"])
@permit(Action.JOIN_IN)
@limiter.limit(lambda: settings().comment_limit)
@blp.problems(400, 401, 403, 404, 409, 422, 429)
@blp.arguments(CommentIn)
@idempotent
@blp.response(201, CommentOut)
def comment_on_report(session: Session, asked: dict[str, Any], report_id: uuid.UUID) -> Comment:
    """Comment on a public report or on one's own; others read it once the centre approves."""
    return comments.add(session, principal(), report_id, asked["text"])


@blp.route("/reports/<uuid:report_id>/comments")
@permit(Action.JOIN_IN)
@blp.problems(400, 401, 403, 404, 422)
@blp.arguments(PageQuery, location="query")
@blp.response(200, page_schema(CommentOut))
def list_report_comments(asked: dict[str, Any], report_id: uuid.UUID) -> Page[Comment]:
    """Approved comments, and one's own with what became of them; the oldest first."""
    with reading() as session:
        return comments.read_by_citizen(session, principal(), report_id, asked)


@blp.route("/public/reports/<uuid:report_id>/comments")
@permit(Action.READ_PUBLIC)
@blp.problems(400, 404, 422)
@blp.arguments(PageQuery, location="query")
@blp.response(200, page_schema(PublicCommentOut))
def list_public_comments(asked: dict[str, Any], report_id: uuid.UUID) -> Response:
    """What everybody may read beside a public report, the oldest first; nobody's name."""
    with reading() as session:
        page = comments.read_in_public(session, report_id, asked)
    return published(page_schema(PublicCommentOut)().dump(page))
