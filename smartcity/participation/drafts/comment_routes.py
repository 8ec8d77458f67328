"""Citizens comment on drafts; everybody reads the comments, the replies, and what came of it."""

import uuid
from typing import Any

from flask import Response
from sqlalchemy.orm import Session

from smartcity.changes.kept import FRESH
from smartcity.core.cache import published
from smartcity.core.context import settings
from smartcity.core.db import reading, transaction
from smartcity.core.export import csv_file
from smartcity.core.idempotency import idempotent
from smartcity.core.paging import Page, PageQuery, page_schema
from smartcity.core.ratelimit import limiter
from smartcity.core.web import Blueprint
from smartcity.identity.permissions import Action, permit, principal
from smartcity.participation.drafts import commenting, table
from smartcity.participation.drafts.schemas import (
    DraftCommentIn,
    DraftCommentOut,
    DraftCommentQuery,
    DraftSummaryOut,
    PublicDraftCommentOut,
)
from smartcity.participation.models import Comment

_ONE = "/drafts/<uuid:draft_id>"
_PAGE = page_schema(PublicDraftCommentOut)
blp = Blueprint("draft_comments", __name__, url_prefix="/api/v1", description="Góp ý dự thảo")


@blp.route(f"{_ONE}/comments", methods=["POST"])
@permit(Action.TAKE_PART)
@limiter.limit(lambda: settings().comment_limit)
@blp.problems(400, 401, 403, 404, 409, 422, 429)
@blp.arguments(DraftCommentIn)
@idempotent
@blp.response(201, DraftCommentOut)
def comment_on_draft(session: Session, asked: dict[str, Any], draft_id: uuid.UUID) -> Comment:
    """Comment on a draft or one of its clauses; others read it once an officer published it."""
    return commenting.comment_on(session, principal(), draft_id, asked)


@blp.route(f"{_ONE}/comments")
@permit(Action.READ_PUBLIC)
@blp.problems(400, 404, 422)
@blp.arguments(DraftCommentQuery, location="query")
@blp.response(200, _PAGE)
def list_draft_comments(asked: dict[str, Any], draft_id: uuid.UUID) -> Response:
    """Published comments and what was replied, the oldest first; nobody's name."""
    with reading() as session:
        page = commenting.public(session, draft_id, asked)
    return published(_PAGE().dump(page), FRESH)


@blp.route(f"{_ONE}/summary")
@permit(Action.READ_PUBLIC)
@blp.problems(404, 409)
@blp.response(200, DraftSummaryOut)
def get_draft_summary(draft_id: uuid.UUID) -> Response:
    """How many comments there were by clause, accepted and explained; once the draft closed."""
    with reading() as session:
        told = table.summary(session, draft_id)
    return published(DraftSummaryOut().dump(told), FRESH)


@blp.route(f"{_ONE}/summary.csv")
@permit(Action.READ_PUBLIC)
@blp.problems(404, 409)
@blp.response(200, {"type": "string"}, content_type="text/csv")
def get_draft_table(draft_id: uuid.UUID) -> Response:
    """Bảng tổng hợp, tiếp thu, giải trình: the comments and replies as a CSV file."""
    with reading() as session:
        lines = table.lines(session, draft_id)
    return csv_file("gop-y-du-thao", lines)


@blp.route("/me/draft-comments")
@permit(Action.TAKE_PART)
@blp.problems(400, 401, 403, 422)
@blp.arguments(PageQuery, location="query")
@blp.response(200, page_schema(DraftCommentOut))
def list_my_draft_comments(asked: dict[str, Any]) -> Page[Comment]:
    """One's own comments on drafts and what became of them, the newest first."""
    with reading() as session:
        return commenting.mine(session, principal(), asked)


@blp.route("/me/draft-comments/<uuid:draft_comment_id>", methods=["DELETE"])
@permit(Action.TAKE_PART)
@blp.problems(401, 403, 404, 409)
@blp.response(204)
def take_draft_comment_back(draft_comment_id: uuid.UUID) -> None:
    """Take one's own comment back while an officer has not decided; its words go."""
    with transaction() as session:
        commenting.take_back(session, principal(), draft_comment_id)
