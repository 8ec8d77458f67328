"""Answered questions as everybody reads them."""

from dataclasses import asdict
from typing import Any

from flask import Response

from smartcity.changes.kept import shared
from smartcity.core.cache import published
from smartcity.core.context import settings
from smartcity.core.db import reading
from smartcity.core.paging import page_schema
from smartcity.core.ratelimit import limiter
from smartcity.core.web import Blueprint
from smartcity.identity.permissions import Action, permit
from smartcity.participation.questions import publication
from smartcity.participation.questions.fields import fields
from smartcity.participation.questions.figures import figures
from smartcity.participation.questions.schemas import (
    AlikeQuery,
    AlikeQuestionsOut,
    PublicQuestionOut,
    PublicQuestionsQuery,
    QuestionFieldsOut,
    QuestionFiguresOut,
)

blp = Blueprint("questions", __name__, url_prefix="/api/v1/questions", description="Hỏi đáp")


@blp.route("")
@permit(Action.READ_PUBLIC)
@blp.problems(400, 422)
@blp.arguments(PublicQuestionsQuery, location="query")
@blp.response(200, page_schema(PublicQuestionOut))
def list_questions(asked: dict[str, Any]) -> Response:
    """Questions and their answers, those published last first."""
    with reading() as session:
        return shared(publication.listed(session, asked))


@blp.route("/fields")
@permit(Action.READ_PUBLIC)
@blp.response(200, QuestionFieldsOut)
def list_question_fields() -> Response:
    """What people ask about, and the working days for an answer."""
    return published({"items": [asdict(field) for field in fields().values()]})


@blp.route("/similar")
@permit(Action.READ_PUBLIC)
@limiter.limit(lambda: settings().search_limit)
@blp.problems(422, 429)
@blp.arguments(AlikeQuery, location="query")
@blp.response(200, AlikeQuestionsOut)
def list_similar_questions(asked: dict[str, Any]) -> Response:
    """Câu hỏi tương tự: at most five answered ones to offer before somebody asks."""
    with reading() as session:
        return shared(publication.alike(session, asked["q"]))


@blp.route("/figures")
@permit(Action.READ_PUBLIC)
@limiter.limit("600 per hour")  # of one address; whole networks of phones stand behind one
@blp.problems(429)
@blp.response(200, QuestionFiguresOut)
def get_question_figures() -> Response:
    """How each agency answers: its share in time and its median over 365 days, what it owes."""
    with reading() as session:
        return published(QuestionFiguresOut().dump(figures(session)))


@blp.route("/<number>")
@permit(Action.READ_PUBLIC)
@blp.problems(404)
@blp.response(200, PublicQuestionOut)
def get_question(number: str) -> Response:
    """A question and its answer, by its number, with what was corrected since."""
    with reading() as session:
        return shared(publication.whole(session, number))
