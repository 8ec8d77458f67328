"""The queue of questions, and what moderators do with it."""

import uuid
from typing import Any

from flask import Response

from smartcity.audit import service as audit
from smartcity.core.db import reading, transaction
from smartcity.core.export import csv_file
from smartcity.core.paging import page_schema
from smartcity.core.web import Blueprint, conditional, expected_version, version_tag
from smartcity.identity.permissions import Action, permit, principal
from smartcity.participation.questions import asking, listing, moderating, views
from smartcity.participation.questions.officer_schemas import (
    ForwardingIn,
    QuestionFilter,
    QuestionOut,
    QuestionPublicationIn,
    QuestionQuery,
    QuestionReasonIn,
    QuestionWholeOut,
)

_ONE = "/questions/<uuid:question_id>"
_REFUSED = (401, 403, 404, 409, 412, 422, 428)
blp = Blueprint(
    "question_queue",
    __name__,
    url_prefix="/api/v1/officer",
    description="Hỏi đáp (cán bộ)",
)


@blp.route("/questions")
@permit(Action.READ_QUESTIONS)
@blp.problems(400, 401, 403, 422)
@blp.arguments(QuestionQuery, location="query")
@blp.response(200, page_schema(QuestionOut))
def list_question_queue(asked: dict[str, Any]) -> dict[str, Any]:
    """What waits for somebody, due first first; units see what they were given."""
    who = principal()
    with reading() as session:
        page = listing.listed(session, who, asked)
    items = [views.told(question, who) for question in page.items]
    return {"items": items, "next_cursor": page.next_cursor}


@blp.route("/questions.csv")
@permit(Action.READ_QUESTIONS)
@blp.problems(400, 401, 403, 422)
@blp.arguments(QuestionFilter, location="query")
@blp.response(200, {"type": "string"}, content_type="text/csv")
def export_questions(asked: dict[str, Any]) -> Response:
    """The list as a CSV file for a spreadsheet, 100,000 questions at most; recorded each time."""
    with transaction() as session:
        audit.record_export(session, principal().key, "question", asked)
    return csv_file("questions", listing.lines(principal(), asked))


@blp.route(_ONE)
@permit(Action.READ_QUESTIONS)
@blp.problems(401, 403, 404)
@blp.response(200, QuestionWholeOut)
def get_question_entry(question_id: uuid.UUID) -> Any:
    """A question with its steps, its version as ETag, and what to look at twice in its text."""
    who = principal()
    with reading() as session:
        question = asking.found(session, who, Action.READ_QUESTIONS, question_id)
        return views.whole(session, question, who), 200, {"ETag": version_tag(question.version)}


@blp.route(f"{_ONE}/forwarding", methods=["PUT"])
@permit(Action.MODERATE_VOICES)
@conditional
@blp.problems(*_REFUSED)
@blp.arguments(ForwardingIn)
@blp.response(200, QuestionOut)
def forward_question(asked: dict[str, Any], question_id: uuid.UUID) -> Any:
    """Chuyển trả lời: to the agency whose matter it is, in words without personal data."""
    return _moderated(moderating.forward, question_id, asked)


@blp.route(f"{_ONE}/forwarding", methods=["DELETE"])
@permit(Action.MODERATE_VOICES)
@conditional
@blp.problems(*_REFUSED)
@blp.arguments(QuestionReasonIn, location="query")
@blp.response(200, QuestionOut)
def recall_question(asked: dict[str, Any], question_id: uuid.UUID) -> Any:
    """Thu hồi: take it back from the agency."""
    return _moderated(moderating.recall, question_id, asked)


@blp.route(f"{_ONE}/refusal", methods=["PUT"])
@permit(Action.MODERATE_VOICES)
@conditional
@blp.problems(*_REFUSED)
@blp.arguments(QuestionReasonIn)
@blp.response(200, QuestionOut)
def refuse_question(asked: dict[str, Any], question_id: uuid.UUID) -> Any:
    """Từ chối: answer nothing; the citizen reads the reason."""
    return _moderated(moderating.refuse, question_id, asked)


@blp.route(f"{_ONE}/refusal", methods=["DELETE"])
@permit(Action.MODERATE_VOICES)
@conditional
@blp.problems(*_REFUSED)
@blp.arguments(QuestionReasonIn, location="query")
@blp.response(200, QuestionOut)
def reopen_question(asked: dict[str, Any], question_id: uuid.UUID) -> Any:
    """Tiếp nhận lại: undo a refusal."""
    return _moderated(moderating.reopen, question_id, asked)


@blp.route(f"{_ONE}/publication", methods=["PUT"])
@permit(Action.MODERATE_VOICES)
@conditional
@blp.problems(*_REFUSED)
@blp.arguments(QuestionPublicationIn)
@blp.response(200, QuestionOut)
def publish_question(asked: dict[str, Any], question_id: uuid.UUID) -> Any:
    """Công khai: let everybody read question and answer."""
    return _moderated(moderating.publish, question_id, asked)


@blp.route(f"{_ONE}/publication", methods=["DELETE"])
@permit(Action.MODERATE_VOICES)
@conditional
@blp.problems(*_REFUSED)
@blp.arguments(QuestionReasonIn, location="query")
@blp.response(200, QuestionOut)
def unpublish_question(asked: dict[str, Any], question_id: uuid.UUID) -> Any:
    """Gỡ xuống: take both from the public; it may be published again."""
    return _moderated(moderating.unpublish, question_id, asked)


def _moderated(deed: Any, question_id: uuid.UUID, asked: dict[str, Any]) -> Any:
    version, who = expected_version(), principal()
    with transaction() as session:
        question = deed(session, who, question_id, version, **asked)
    return views.told(question, who), 200, {"ETag": version_tag(question.version)}
