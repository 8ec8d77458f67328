"""What an agency does with the questions that it was given."""

import uuid
from typing import Any

from smartcity.core.db import transaction
from smartcity.core.web import Blueprint, conditional, expected_version, version_tag
from smartcity.identity.permissions import Action, permit, principal
from smartcity.participation.questions import answering, views
from smartcity.participation.questions.officer_schemas import (
    AgencyAnswerIn,
    CorrectionIn,
    QuestionOut,
    QuestionReasonIn,
)

_ONE = "/questions/<uuid:question_id>"
_REFUSED = (401, 403, 404, 409, 412, 422, 428)
blp = Blueprint(
    "question_desk",
    __name__,
    url_prefix="/api/v1/officer",
    description="Trả lời câu hỏi",
)


@blp.route(f"{_ONE}/answer", methods=["PUT"])
@permit(Action.ANSWER_QUESTIONS)
@conditional
@blp.problems(*_REFUSED)
@blp.arguments(AgencyAnswerIn)
@blp.response(200, QuestionOut)
def answer_question(asked: dict[str, Any], question_id: uuid.UUID) -> Any:
    """Trả lời: the citizen reads it at once; moderators then publish it, if it is not private."""
    return _done(answering.answer, question_id, asked)


@blp.route(f"{_ONE}/answer", methods=["DELETE"])
@permit(Action.ANSWER_QUESTIONS)
@conditional
@blp.problems(*_REFUSED)
@blp.arguments(QuestionReasonIn, location="query")
@blp.response(200, QuestionOut)
def retract_answer(asked: dict[str, Any], question_id: uuid.UUID) -> Any:
    """Rút câu trả lời: before it is public, to give another."""
    return _done(answering.retract, question_id, asked)


@blp.route(f"{_ONE}/correction", methods=["PUT"])
@permit(Action.ANSWER_QUESTIONS)
@conditional
@blp.problems(*_REFUSED)
@blp.arguments(CorrectionIn)
@blp.response(200, QuestionOut)
def correct_answer(asked: dict[str, Any], question_id: uuid.UUID) -> Any:
    """Đính chính: a better answer; the public reads that there was another, and why."""
    return _done(answering.correct, question_id, asked)


@blp.route(f"{_ONE}/return", methods=["PUT"])
@permit(Action.ANSWER_QUESTIONS)
@conditional
@blp.problems(*_REFUSED)
@blp.arguments(QuestionReasonIn)
@blp.response(200, QuestionOut)
def return_question(asked: dict[str, Any], question_id: uuid.UUID) -> Any:
    """Trả lại: it is another agency's matter; moderators forward it anew."""
    return _done(answering.return_to_moderators, question_id, asked)


def _done(deed: Any, question_id: uuid.UUID, asked: dict[str, Any]) -> Any:
    version, who = expected_version(), principal()
    with transaction() as session:
        question = deed(session, who, question_id, version, **asked)
    return views.told(question, who), 200, {"ETag": version_tag(question.version)}
