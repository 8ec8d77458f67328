"""The intake: a citizen names his ward, an officer files for a caller, leads keep the rules."""

import uuid
from typing import Any

from sqlalchemy.orm import Session

from smartcity.core.context import settings
from smartcity.core.db import reading, transaction
from smartcity.core.idempotency import idempotent
from smartcity.core.paging import page_schema
from smartcity.core.ratelimit import limiter
from smartcity.core.web import Blueprint
from smartcity.identity.permissions import Action, permit, principal
from smartcity.reports import views
from smartcity.reports.intake import blocks, rule_keeping, ward
from smartcity.reports.intake.behalf import file_for_caller
from smartcity.reports.intake.routing import known
from smartcity.reports.intake.schemas import (
    BehalfIn,
    BlockIn,
    BlockOut,
    BlockQuery,
    DisablingIn,
    RuleOut,
    RulesOut,
    TrialIn,
    TrialOut,
    WardIn,
)
from smartcity.reports.schemas import ReportOut

blp = Blueprint("intake", __name__, url_prefix="/api/v1", description="How reports come in")


@blp.route("/reports/<uuid:report_id>/area", methods=["PUT"])
@permit(Action.SUBMIT_REPORT)
@blp.problems(401, 403, 404, 409, 422)
@blp.arguments(WardIn)
@blp.response(200, ReportOut)
def confirm_report_area(asked: dict[str, Any], report_id: uuid.UUID) -> dict[str, Any]:
    """Say in which commune a report near a boundary lies, while it waits to be accepted."""
    with transaction() as session:
        report = ward.confirm(session, principal(), report_id, asked["area"])
        return views.shown(session, [report])[0]


@blp.route("/officer/reports", methods=["POST"])
@permit(Action.FILE_ON_BEHALF)
@limiter.limit(lambda: settings().behalf_limit)
@blp.problems(400, 401, 403, 409, 422, 429)
@blp.arguments(BehalfIn)
@idempotent
@blp.response(201, ReportOut)
def file_report_for_caller(
    session: Session, asked: dict[str, Any]
) -> tuple[dict[str, Any], int, Any]:
    """File a report for a caller of the hotline, with his number and his consent.

    It is the caller's: he finds it in the app when he signs in with that number. Photos are the
    officer's uploads. Send an `Idempotency-Key`.
    """
    report, photos = file_for_caller(session, principal(), asked)
    location = {"Location": f"/api/v1/officer/reports/{report.id}"}
    return views.with_photos(report, photos), 201, location


@blp.route("/admin/routing-rules")
@permit(Action.MANAGE_REPORTING)
@blp.problems(401, 403)
@blp.response(200, RulesOut)
def list_routing_rules() -> dict[str, Any]:
    """The routing rules in the order in which they are tried, and how each stands."""
    with reading() as session:
        return {"items": rule_keeping.listed(session)}


@blp.route("/admin/routing-rules/trial", methods=["POST"])
@permit(Action.MANAGE_REPORTING)
@blp.problems(401, 403, 422)
@blp.arguments(TrialIn)
@blp.response(200, TrialOut)
def try_routing_rules(asked: dict[str, Any]) -> dict[str, Any]:
    """Tell where a report would be sent, and why; nothing is filed or kept."""
    with reading() as session:
        return rule_keeping.trial(session, asked)


@blp.route("/admin/routing-rules/<code>/disabling", methods=["PUT"])
@permit(Action.MANAGE_REPORTING)
@blp.problems(401, 403, 404, 422)
@blp.arguments(DisablingIn)
@blp.response(200, RuleOut)
def disable_routing_rule(asked: dict[str, Any], code: str) -> dict[str, Any]:
    """Take a rule out of force; it holds everywhere within half a minute."""
    with transaction() as session:
        rule = rule_keeping.disable(session, principal(), code, asked["reason"])
    known().forget()
    return rule


@blp.route("/admin/routing-rules/<code>/disabling", methods=["DELETE"])
@permit(Action.MANAGE_REPORTING)
@blp.problems(401, 403, 404, 409)
@blp.response(200, RuleOut)
def enable_routing_rule(code: str) -> dict[str, Any]:
    """Put a rule in force again, everywhere within half a minute."""
    with transaction() as session:
        rule = rule_keeping.enable(session, principal(), code)
    known().forget()
    return rule


@blp.route("/admin/blocked-devices")
@permit(Action.MANAGE_REPORTING)
@blp.problems(400, 401, 403, 422)
@blp.arguments(BlockQuery, location="query")
@blp.response(200, page_schema(BlockOut))
def list_blocked_devices(asked: dict[str, Any]) -> Any:
    """The devices whose reports are looked at twice, newest first."""
    with reading() as session:
        return blocks.listed(session, asked)


@blp.route("/admin/blocked-devices", methods=["POST"])
@permit(Action.MANAGE_REPORTING)
@blp.problems(400, 401, 403, 409, 422)
@blp.arguments(BlockIn)
@idempotent
@blp.response(201, BlockOut)
def block_device(session: Session, asked: dict[str, Any]) -> Any:
    """Have the reports of the device that sent this one looked at twice, until a day.

    They are still accepted, and their sender is told nothing. Send an `Idempotency-Key`.
    """
    return blocks.block(session, principal(), asked)


@blp.route("/admin/blocked-devices/<uuid:block_id>", methods=["DELETE"])
@permit(Action.MANAGE_REPORTING)
@blp.problems(401, 403, 404)
@blp.response(204)
def unblock_device(block_id: uuid.UUID) -> None:
    """End a block before its day."""
    with transaction() as session:
        blocks.end(session, principal(), block_id)
