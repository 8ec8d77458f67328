"""A citizen asks the authorities, and follows his questions."""

import uuid
from typing import Any

from sqlalchemy.orm import Session

from smartcity.core.context import settings
from smartcity.core.db import reading, transaction
from smartcity.core.idempotency import idempotent
from smartcity.core.paging import Page, page_schema
from smartcity.core.ratelimit import limiter
from smartcity.core.web import Blueprint, conditional, expected_version, version_tag
from smartcity.identity.permissions import Action, permit, principal
from smartcity.participation.models import Question
from smartcity.participation.questions import asking, views
from smartcity.participation.questions.schemas import (
    AskIn,
    OwnQuestionOut,
    OwnQuestionsQuery,
    OwnQuestionWholeOut,
)

_ONE = "/me/questions/<uuid:question_id>"
blp = Blueprint("own_questions", __name__, url_prefix="/api/v1", description="Hỏi đáp của tôi")


@blp.route("/questions", methods=["POST"])
@permit(Action.TAKE_PART)
@limiter.limit(lambda: settings().question_limit)
@blp.problems(401, 403, 409, 422, 429)
@blp.arguments(AskIn)
@idempotent
@blp.response(201, OwnQuestionOut)
def ask_question(session: Session, asked: dict[str, Any]) -> Any:
    """Đặt câu hỏi: ask the authorities; `due_at` tells by when they answer."""
    question = asking.ask(session, principal(), asked)
    return question, 201, {"ETag": version_tag(question.version)}


@blp.route("/me/questions")
@permit(Action.TAKE_PART)
@blp.problems(400, 401, 403, 422)
@blp.arguments(OwnQuestionsQuery, location="query")
@blp.response(200, page_schema(OwnQuestionOut))
def list_own_questions(asked: dict[str, Any]) -> Page[Question]:
    """One's own questions, asked last first."""
    with reading() as session:
        return asking.listed(session, principal(), asked)


@blp.route(_ONE)
@permit(Action.TAKE_PART)
@blp.problems(401, 403, 404)
@blp.response(200, OwnQuestionWholeOut)
def get_own_question(question_id: uuid.UUID) -> Any:
    """One's own question with its timeline, its version as ETag."""
    with reading() as session:
        question = asking.found(session, principal(), Action.TAKE_PART, question_id)
        return views.own(session, question), 200, {"ETag": version_tag(question.version)}


@blp.route(f"{_ONE}/withdrawal", methods=["PUT"])
@permit(Action.TAKE_PART)
@conditional
@blp.problems(401, 403, 404, 409, 412, 428)
@blp.response(200, OwnQuestionOut)
def withdraw_question(question_id: uuid.UUID) -> Any:
    """Rút câu hỏi: take one's question back while it is unanswered."""
    version = expected_version()
    with transaction() as session:
        question = asking.withdraw(session, principal(), question_id, version)
    return question, 200, {"ETag": version_tag(question.version)}
