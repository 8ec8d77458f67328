"""Citizens answer surveys; everybody reads what came of them."""

import uuid
from typing import Any

from flask import Response

from smartcity.changes.kept import FRESH
from smartcity.core.cache import published
from smartcity.core.context import settings
from smartcity.core.db import reading, transaction
from smartcity.core.ratelimit import by_address, limiter
from smartcity.core.web import Blueprint
from smartcity.identity.permissions import Action, permit, principal
from smartcity.participation.models import SurveyResponse
from smartcity.participation.surveys import responding, results
from smartcity.participation.surveys.schemas import (
    SurveyFormOut,
    SurveyResponseIn,
    SurveyResponseOut,
    SurveyResultsOut,
)

_ONE = "/surveys/<uuid:survey_id>"
blp = Blueprint("survey_responses", __name__, url_prefix="/api/v1", description="Trả lời khảo sát")


@blp.route(f"{_ONE}/form")
@permit(Action.TAKE_PART)
@blp.problems(401, 403, 404, 409)
@blp.response(200, SurveyFormOut)
def get_survey_form(survey_id: uuid.UUID) -> dict[str, object]:
    """The questions, and a `start` to send with the answers: without it they are set aside."""
    with reading() as session:
        return responding.form(session, principal(), survey_id)


@blp.route(f"{_ONE}/response", methods=["POST"])
@permit(Action.TAKE_PART)
@limiter.limit(lambda: settings().survey_limit)
@limiter.limit(lambda: settings().survey_limit_address, key_func=by_address)
@blp.problems(401, 403, 404, 409, 422, 429)
@blp.arguments(SurveyResponseIn)
@blp.response(201, SurveyResponseOut)
def answer_survey(asked: dict[str, Any], survey_id: uuid.UUID) -> SurveyResponse:
    """Answer once; the same again gets the same answer, other answers than before a 409."""
    with transaction() as session:
        return responding.respond(session, principal(), survey_id, asked)


@blp.route(f"{_ONE}/results")
@permit(Action.READ_PUBLIC)
@blp.problems(404, 409)
@blp.response(200, SurveyResultsOut)
def get_survey_results(survey_id: uuid.UUID) -> Response:
    """Counts, shares and means after it closed, or at once where `open_results` says so."""
    with reading() as session:
        told = results.public(session, survey_id)
    return published(SurveyResultsOut().dump(told), FRESH)
