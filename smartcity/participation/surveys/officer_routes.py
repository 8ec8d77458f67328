"""What came of a survey, as officers read it."""

import uuid
from typing import Any

from flask import Response

from smartcity.audit import service as audit
from smartcity.core.db import reading, transaction
from smartcity.core.export import csv_file
from smartcity.core.web import Blueprint
from smartcity.identity.permissions import Action, permit, principal
from smartcity.participation.surveys import hurry, results
from smartcity.participation.surveys.schemas import SurveyHurriedOut, SurveyWholeResultsOut
from smartcity.registers.service import RegisterReasonIn

_ONE = "/surveys/<uuid:survey_id>"
blp = Blueprint(
    "survey_results", __name__, url_prefix="/api/v1/officer", description="Kết quả khảo sát"
)


@blp.route(f"{_ONE}/results")
@permit(Action.READ_PARTICIPATION)
@blp.problems(401, 403, 404)
@blp.response(200, SurveyWholeResultsOut)
def get_survey_figures(survey_id: uuid.UUID) -> dict[str, Any]:
    """All figures at any time, however few answered."""
    with reading() as session:
        return results.whole(session, survey_id)


@blp.route(f"{_ONE}/responses.csv")
@permit(Action.READ_PARTICIPATION)
@blp.problems(401, 403, 404)
@blp.response(200, {"type": "string"}, content_type="text/csv")
def export_survey_responses(survey_id: uuid.UUID) -> Response:
    """Every answer without its person, words too, as a CSV file; recorded each time."""
    with transaction() as session:
        lines = results.lines(session, survey_id)
        asked = {"survey": survey_id}
        audit.record_export(session, principal().key, "survey_responses", asked)
    return csv_file("survey-responses", lines)


@blp.route(f"{_ONE}/responses/count-hurried", methods=["POST"])
@permit(Action.MANAGE_PARTICIPATION)
@blp.problems(401, 403, 404, 422)
@blp.arguments(RegisterReasonIn)
@blp.response(200, SurveyHurriedOut)
def count_hurried_responses(asked: dict[str, Any], survey_id: uuid.UUID) -> dict[str, int]:
    """Tính cả câu trả lời vội: count the hurried answers that there are."""
    return _count_hurried(survey_id, asked["reason"], counted=True)


@blp.route(f"{_ONE}/responses/set-hurried-aside", methods=["POST"])
@permit(Action.MANAGE_PARTICIPATION)
@blp.problems(401, 403, 404, 422)
@blp.arguments(RegisterReasonIn)
@blp.response(200, SurveyHurriedOut)
def set_hurried_responses_aside(asked: dict[str, Any], survey_id: uuid.UUID) -> dict[str, int]:
    """Không tính câu trả lời vội: undo that."""
    return _count_hurried(survey_id, asked["reason"], counted=False)


def _count_hurried(survey_id: uuid.UUID, reason: str, *, counted: bool) -> dict[str, int]:
    with transaction() as session:
        changed = hurry.count_hurried(session, principal(), survey_id, reason, counted=counted)
    return {"changed": changed}
