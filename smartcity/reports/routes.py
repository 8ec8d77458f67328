"""A citizen's reports."""

import uuid
from typing import Any

from sqlalchemy.orm import Session

from smartcity.core.context import settings
from smartcity.core.db import reading, transaction
from smartcity.core.idempotency import idempotent
from smartcity.core.paging import PageQuery, page_schema
from smartcity.core.ratelimit import limiter
from smartcity.core.web import Blueprint, version_tag
from smartcity.identity.permissions import Action, permit, principal
from smartcity.reports import service, views
from smartcity.reports.intake.devices import device, names_device
from smartcity.reports.schemas import ReportIn, ReportOut, TimelineOut

blp = Blueprint("reports", __name__, url_prefix="/api/v1", description="Phản ánh hiện trường")


@blp.route("/reports", methods=["POST"])
@permit(Action.SUBMIT_REPORT)
@limiter.limit(lambda: settings().report_limit)
@blp.problems(400, 401, 403, 409, 422, 429)
@blp.arguments(ReportIn)
@names_device
@idempotent
@blp.response(201, ReportOut)
def submit_report(session: Session, asked: dict[str, Any]) -> tuple[dict[str, Any], int, Any]:
    """File a report. Send an `Idempotency-Key`: a repeat then gets the first answer again."""
    source = service.Source(uuid.UUID(principal().id), device=device())
    report, photos = service.submit(session, principal(), asked, source)
    location = {"Location": f"/api/v1/reports/{report.id}"}
    return views.with_photos(report, photos), 201, location


@blp.route("/me/reports")
@permit(Action.SUBMIT_REPORT)
@blp.problems(400, 401, 403, 422)
@blp.arguments(PageQuery, location="query")
@blp.response(200, page_schema(ReportOut))
def list_my_reports(asked: dict[str, Any]) -> dict[str, Any]:
    """The citizen's own reports, newest first."""
    with reading() as session:
        page = service.mine(session, principal(), asked)
        return {"items": views.shown(session, page.items), "next_cursor": page.next_cursor}


@blp.route("/reports/<uuid:report_id>")
@permit(Action.READ_REPORT)
@blp.problems(401, 403, 404)
@blp.response(200, ReportOut)
def get_report(report_id: uuid.UUID) -> Any:
    """A report that the caller may see, its version as ETag."""
    with reading() as session:
        report = service.find(session, principal(), report_id)
        return views.shown(session, [report])[0], 200, {"ETag": version_tag(report.sequence)}


@blp.route("/reports/<uuid:report_id>/timeline")
@permit(Action.READ_REPORT)
@blp.problems(401, 403, 404)
@blp.response(200, TimelineOut)
def get_report_timeline(report_id: uuid.UUID) -> dict[str, Any]:
    """Every step of a report, first to last."""
    with reading() as session:
        report = service.find(session, principal(), report_id)
        return {"items": views.timeline(session, report)}


@blp.route("/reports/<uuid:report_id>/withdrawal", methods=["PUT"])
@permit(Action.SUBMIT_REPORT)
@blp.problems(401, 403, 404, 409)
@blp.response(200, ReportOut)
def withdraw_report(report_id: uuid.UUID) -> dict[str, Any]:
    """Take back a report that nobody has accepted yet."""
    with transaction() as session:
        report = service.move(session, principal(), report_id, "withdraw")
        return views.shown(session, [report])[0]
