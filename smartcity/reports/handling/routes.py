"""What a citizen does while his report is handled: he answers, appeals, and rates the result."""

import uuid
from typing import Any

from smartcity.core.db import transaction
from smartcity.core.web import Blueprint
from smartcity.identity.permissions import Action, permit, principal
from smartcity.reports import service, views
from smartcity.reports.handling.schemas import AnswerIn, AppealIn, PhotosIn, RatingIn
from smartcity.reports.schemas import ReportOut

blp = Blueprint(
    "report_handling", __name__, url_prefix="/api/v1", description="Answers, appeals, ratings"
)


def _moved(report_id: uuid.UUID, move: str, asked: dict[str, Any]) -> dict[str, Any]:
    with transaction() as session:
        told = service.Told(**asked)
        report = service.move(session, principal(), report_id, move, told=told)
        return views.shown(session, [report])[0]


@blp.route("/reports/<uuid:report_id>/answer", methods=["PUT"])
@permit(Action.SUBMIT_REPORT)
@blp.problems(401, 403, 404, 409, 422)
@blp.arguments(AnswerIn)
@blp.response(200, ReportOut)
def answer_report_question(asked: dict[str, Any], report_id: uuid.UUID) -> dict[str, Any]:
    """Give the information that was asked for; the report goes back to where it was."""
    return _moved(report_id, "answer_info", asked)


@blp.route("/reports/<uuid:report_id>/photos", methods=["PUT"])
@permit(Action.SUBMIT_REPORT)
@blp.problems(401, 403, 404, 409, 422)
@blp.arguments(PhotosIn)
@blp.response(200, ReportOut)
def add_report_photos(asked: dict[str, Any], report_id: uuid.UUID) -> dict[str, Any]:
    """Add photos to a report that went ahead of them, up to 30 in all. May be repeated."""
    with transaction() as session:
        report = service.add_photos(session, principal(), report_id, asked["media_ids"])
        return views.shown(session, [report])[0]


@blp.route("/reports/<uuid:report_id>/appeal", methods=["PUT"])
@permit(Action.SUBMIT_REPORT)
@blp.problems(401, 403, 404, 409, 422)
@blp.arguments(AppealIn)
@blp.response(200, ReportOut)
def appeal_report_verdict(asked: dict[str, Any], report_id: uuid.UUID) -> dict[str, Any]:
    """Ask for a second look at a refusal or a duplicate verdict, once and within 30 days."""
    return _moved(report_id, "lodge_appeal", asked)


@blp.route("/reports/<uuid:report_id>/rating", methods=["PUT"])
@permit(Action.SUBMIT_REPORT)
@blp.problems(401, 403, 404, 409, 422)
@blp.arguments(RatingIn)
@blp.response(200, ReportOut)
def rate_report(asked: dict[str, Any], report_id: uuid.UUID) -> dict[str, Any]:
    """Rate the result within 7 days: the report is closed, or reopened once. May be repeated."""
    with transaction() as session:
        report = service.rate(session, principal(), report_id, asked)
        return views.shown(session, [report])[0]
