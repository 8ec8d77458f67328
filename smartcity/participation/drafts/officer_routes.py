"""Officers moderate comments on drafts; the drafting authority replies to them."""

import uuid
from typing import Any

from flask import Response

from smartcity.audit import service as audit
from smartcity.core.db import reading, transaction
from smartcity.core.export import csv_file
from smartcity.core.paging import Page, page_schema
from smartcity.core.web import Blueprint, conditional, expected_version, version_tag
from smartcity.identity.permissions import Action, permit, principal
from smartcity.participation.drafts import moderation
from smartcity.participation.drafts.schemas import (
    DraftCommentFilter,
    DraftCommentQuery,
    DraftCommentQueue,
    DraftCommentReasonIn,
    DraftCommentRefusalIn,
    DraftReplyIn,
    OfficerDraftCommentOut,
)
from smartcity.participation.models import Comment

_LIST = "/draft-comments"
_ONE = f"{_LIST}/<uuid:draft_comment_id>"
_REFUSED = (401, 403, 404, 409, 412, 428)
blp = Blueprint(
    "draft_comment_desk", __name__, url_prefix="/api/v1/officer", description="Duyệt góp ý"
)


@blp.route(_LIST)
@permit(Action.MODERATE_VOICES)
@blp.problems(400, 401, 403, 422)
@blp.arguments(DraftCommentQueue, location="query")
@blp.response(200, page_schema(OfficerDraftCommentOut))
def list_draft_comment_queue(asked: dict[str, Any]) -> Page[Comment]:
    """Comments on all drafts, the oldest first; `state=received` are those that wait."""
    with reading() as session:
        return moderation.queue(session, asked)


@blp.route(f"{_LIST}.csv")
@permit(Action.MODERATE_VOICES)
@blp.problems(400, 401, 403, 422)
@blp.arguments(DraftCommentFilter, location="query")
@blp.response(200, {"type": "string"}, content_type="text/csv")
def export_draft_comments(asked: dict[str, Any]) -> Response:
    """The list as a CSV file for a spreadsheet, without names; recorded each time."""
    with transaction() as session:
        audit.record_export(session, principal().key, "draft_comments", asked)
    return csv_file("draft-comments", moderation.lines(asked))


@blp.route("/drafts/<uuid:draft_id>/comments")
@permit(Action.ANSWER_QUESTIONS)
@blp.problems(400, 401, 403, 404, 422)
@blp.arguments(DraftCommentQuery, location="query")
@blp.response(200, page_schema(OfficerDraftCommentOut))
def list_draft_comments_to_answer(asked: dict[str, Any], draft_id: uuid.UUID) -> Page[Comment]:
    """Published comments on a draft of one's own agency; `replied=false` are those that wait."""
    with reading() as session:
        return moderation.for_agency(session, principal(), draft_id, asked)


@blp.route(f"{_ONE}/publication", methods=["POST"])
@permit(Action.MODERATE_VOICES)
@conditional
@blp.problems(*_REFUSED)
@blp.response(200, OfficerDraftCommentOut)
def publish_draft_comment(draft_comment_id: uuid.UUID) -> Any:
    """Duyệt đăng: let everybody read a comment; its author is told."""
    return _decided(draft_comment_id, "publish", None)


@blp.route(f"{_ONE}/refusal", methods=["POST"])
@permit(Action.MODERATE_VOICES)
@conditional
@blp.problems(*_REFUSED)
@blp.arguments(DraftCommentRefusalIn)
@blp.response(200, OfficerDraftCommentOut)
def refuse_draft_comment(asked: dict[str, Any], draft_comment_id: uuid.UUID) -> Any:
    """Không đăng: keep a comment from the public; its author is told why."""
    return _decided(draft_comment_id, "refuse", asked["reason"])


@blp.route(f"{_ONE}/reconsideration", methods=["POST"])
@permit(Action.MODERATE_VOICES)
@conditional
@blp.problems(*_REFUSED)
@blp.arguments(DraftCommentReasonIn)
@blp.response(200, OfficerDraftCommentOut)
def reconsider_draft_comment(asked: dict[str, Any], draft_comment_id: uuid.UUID) -> Any:
    """Xét lại: undo a publication or a refusal; the comment waits again."""
    return _decided(draft_comment_id, "reconsider", asked["reason"])


@blp.route(f"{_ONE}/reply", methods=["PUT"])
@permit(Action.ANSWER_QUESTIONS)
@conditional
@blp.problems(*_REFUSED)
@blp.arguments(DraftReplyIn)
@blp.response(200, OfficerDraftCommentOut)
def reply_to_draft_comment(asked: dict[str, Any], draft_comment_id: uuid.UUID) -> Any:
    """Tiếp thu, giải trình: the drafting agency's reply; another one takes its place."""
    version = expected_version()
    with transaction() as session:
        comment = moderation.reply(session, principal(), draft_comment_id, version, asked)
    return _tagged(comment)


@blp.route(f"{_ONE}/reply", methods=["DELETE"])
@permit(Action.ANSWER_QUESTIONS)
@conditional
@blp.problems(*_REFUSED)
@blp.arguments(DraftCommentReasonIn, location="query")
@blp.response(200, OfficerDraftCommentOut)
def drop_draft_reply(asked: dict[str, Any], draft_comment_id: uuid.UUID) -> Any:
    """Gỡ trả lời: take a reply back."""
    version = expected_version()
    with transaction() as session:
        comment = moderation.drop_reply(session, principal(), draft_comment_id, version, **asked)
    return _tagged(comment)


def _decided(comment_id: uuid.UUID, deed: str, reason: str | None) -> Any:
    version = expected_version()
    with transaction() as session:
        comment = moderation.decide(session, principal(), comment_id, version, deed, reason)
    return _tagged(comment)


def _tagged(comment: Comment) -> Any:
    return comment, 200, {"ETag": version_tag(comment.version)}
