"""What officers do with reports: each move of the workflow table is a sub-resource."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from sqlalchemy.orm import Session

from smartcity.core.db import transaction
from smartcity.core.errors import Forbidden
from smartcity.core.fields import Schema
from smartcity.core.web import Blueprint, conditional, expected_version, version_tag
from smartcity.identity.permissions import Action, Role, permit, principal
from smartcity.reports import service, views
from smartcity.reports.deadlines.schemas import ExtensionIn
from smartcity.reports.handling.schemas import (
    PartsIn,
    ProposedQuestionIn,
    QuestionIn,
    ResultIn,
)
from smartcity.reports.models import Report
from smartcity.reports.schemas import (
    AssignmentIn,
    DuplicateIn,
    ExplainedIn,
    MoveIn,
    OfficerReportOut,
    RefusalIn,
)
from smartcity.reports.workflow import MOVES

blp = Blueprint(
    "officer_reports", __name__, url_prefix="/api/v1/officer", description="Officers' work"
)

SUB_RESOURCES: dict[str, tuple[str, type[Schema], str]] = {
    "acceptance": ("accept", MoveIn, "Tiếp nhận: accept a report."),
    "assignment": ("assign", AssignmentIn, "Chuyển xử lý: give a report to a unit."),
    "rejection": ("reject", RefusalIn, "Từ chối: refuse a report, with a reason."),
    "duplicate": ("mark_duplicate", DuplicateIn, "Trùng: close a report as a duplicate."),
    "question": ("request_info", QuestionIn, "Yêu cầu bổ sung: ask the citizen for more."),
    "question-proposal": (
        "propose_question",
        ProposedQuestionIn,
        "Đề nghị bổ sung: what the centre is to ask the citizen.",
    ),
    "parts": ("split", PartsIn, "Tách phản ánh: give each unit its part."),
    "progress": ("start", MoveIn, "Bắt đầu xử lý: the unit begins its work."),
    "return": ("return_to_ioc", RefusalIn, "Trả lại: not this unit's, with a reason."),
    "extension-request": (
        "request_extension",
        ExtensionIn,
        "Đề nghị gia hạn: the unit asks for more time, and commits itself to a date.",
    ),
    "extension": ("grant_extension", ExplainedIn, "Gia hạn: grant the time that was asked for."),
    "extension-refusal": ("deny_extension", ExplainedIn, "Không gia hạn: leave the limit."),
    "result": ("propose_result", ResultIn, "Báo cáo kết quả: the unit proposes its result."),
    "approval": ("approve_result", MoveIn, "Duyệt kết quả: the unit's leader approves."),
    "correction": ("send_back", ExplainedIn, "Xử lý tiếp: the result is not good enough."),
    "resolution": ("resolve", MoveIn, "Công bố kết quả: publish the result."),
    "appeal": ("grant_appeal", ExplainedIn, "Xem xét lại: take up a refused report again."),
    "appeal-denial": ("deny_appeal", ExplainedIn, "Giữ nguyên: the verdict stands."),
}


@blp.route("/reports/<uuid:report_id>")
@permit(Action.LIST_REPORTS)
@blp.problems(401, 403, 404)
@blp.response(200, OfficerReportOut)
def get_officer_report(report_id: uuid.UUID) -> Any:
    """A report, its version as ETag, and what this officer may do with it."""
    with transaction() as session:  # a look at the reporter is written down
        return _answer(session, service.find(session, principal(), report_id))


def _answer(session: Session, report: Report) -> Any:
    body = views.shown_to_officer(session, principal(), report)
    return body, 200, {"ETag": version_tag(report.sequence)}


def _offer(noun: str, move: str, schema: type[Schema], promise: str) -> None:
    """Register `PUT /reports/{id}/<noun>` for a move of the table."""

    @blp.arguments(schema)
    @blp.response(200, OfficerReportOut)
    def view(asked: dict[str, Any], report_id: uuid.UUID) -> Any:
        version = expected_version()
        with transaction() as session:
            told = service.Told(**asked)
            report = service.move(session, principal(), report_id, move, told=told, version=version)
            return _answer(session, report)

    view.__name__, view.__doc__ = f"{move}_report", promise
    answers = blp.problems(401, 403, 404, 409, 412, 422, 428)
    guarded = permit(Action.WORK_ON_REPORTS)(_only(MOVES[move].roles, answers(conditional(view))))
    blp.route(f"/reports/<uuid:report_id>/{noun}", methods=["PUT"])(guarded)


def _only(roles: frozenset[Role], view: Callable[..., Any]) -> Callable[..., Any]:
    """Refuse a role that the workflow table does not name, before the body is read."""

    @wraps(view)
    def checked(*args: Any, **kwargs: Any) -> Any:
        if principal().role not in roles:
            raise Forbidden("identity.forbidden")
        return view(*args, **kwargs)

    return checked


for _noun, _row in SUB_RESOURCES.items():
    _offer(_noun, *_row)
