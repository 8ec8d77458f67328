"""Officers make codes for teams, and see what began by them."""

import uuid
from typing import Any

from flask import Response
from sqlalchemy.orm import Session

from smartcity.audit import service as audit
from smartcity.core.db import reading, transaction
from smartcity.core.export import csv_file
from smartcity.core.idempotency import idempotent
from smartcity.core.paging import Page, page_schema
from smartcity.core.web import Blueprint
from smartcity.identity.permissions import Action, permit, principal
from smartcity.participation.teams import figures, keeping
from smartcity.participation.teams.schemas import (
    ActivationFiguresOut,
    ActivationQuery,
    ReferralCodeOut,
    ReferralCodesIn,
    ReferralCodesOut,
    ReferralFilter,
    ReferralQuery,
    ReferralReasonIn,
)

_CODES = "/referral-codes"
_CLOSURE = f"{_CODES}/<code>/closure"
_TEXT = {"type": "string"}
blp = Blueprint(
    "team_desk", __name__, url_prefix="/api/v1/officer", description="Tổ công nghệ số (cán bộ)"
)


@blp.route("/teams/<uuid:team_id>/referral-codes", methods=["POST"])
@permit(Action.MANAGE_PARTICIPATION)
@blp.problems(401, 403, 404, 409, 422)
@blp.arguments(ReferralCodesIn)
@idempotent
@blp.response(201, ReferralCodesOut)
def make_referral_codes(
    session: Session, asked: dict[str, Any], team_id: uuid.UUID
) -> dict[str, Any]:
    """Cấp mã: one for each of a team's members, with what its QR holds."""
    return {"items": keeping.make(session, principal(), team_id, asked["holders"])}


@blp.route(_CODES)
@permit(Action.READ_PARTICIPATION)
@blp.problems(400, 401, 403, 422)
@blp.arguments(ReferralQuery, location="query")
@blp.response(200, page_schema(ReferralCodeOut))
def list_referral_codes(asked: dict[str, Any]) -> Page[dict[str, Any]]:
    """Codes, made last first, with how many accounts began by each."""
    with reading() as session:
        return keeping.listed(session, asked)


@blp.route(f"{_CODES}.csv")
@permit(Action.READ_PARTICIPATION)
@blp.problems(400, 401, 403, 422)
@blp.arguments(ReferralFilter, location="query")
@blp.response(200, _TEXT, content_type="text/csv")
def export_referral_codes(asked: dict[str, Any]) -> Response:
    """The list as a CSV file for a spreadsheet, 100,000 at most; recorded each time."""
    with transaction() as session:
        audit.record_export(session, principal().key, "referral_code", asked)
    return csv_file("referral-codes", keeping.lines(asked))


@blp.route(_CLOSURE, methods=["PUT"])
@permit(Action.MANAGE_PARTICIPATION)
@blp.problems(401, 403, 404, 422)
@blp.arguments(ReferralReasonIn)
@blp.response(200, ReferralCodeOut)
def close_referral_code(asked: dict[str, Any], code: str) -> dict[str, Any]:
    """Khóa mã: it counts nothing more; what it counted stays."""
    with transaction() as session:
        return keeping.close(session, principal(), code, **asked)


@blp.route(_CLOSURE, methods=["DELETE"])
@permit(Action.MANAGE_PARTICIPATION)
@blp.problems(401, 403, 404, 422)
@blp.arguments(ReferralReasonIn, location="query")
@blp.response(200, ReferralCodeOut)
def reopen_referral_code(asked: dict[str, Any], code: str) -> dict[str, Any]:
    """Mở lại mã."""
    with transaction() as session:
        return keeping.reopen(session, principal(), code, **asked)


@blp.route("/teams/figures")
@permit(Action.READ_PARTICIPATION)
@blp.problems(401, 403, 422)
@blp.arguments(ActivationQuery, location="query")
@blp.response(200, ActivationFiguresOut)
def get_activation_figures(asked: dict[str, Any]) -> dict[str, Any]:
    """Accounts that began with a team's help, by team, code, commune or day."""
    with reading() as session:
        return {"items": figures.figures(session, asked)}


@blp.route("/teams/figures.csv")
@permit(Action.READ_PARTICIPATION)
@blp.problems(401, 403, 422)
@blp.arguments(ActivationQuery, location="query")
@blp.response(200, _TEXT, content_type="text/csv")
def export_activation_figures(asked: dict[str, Any]) -> Response:
    """Those figures as a CSV file; recorded each time."""
    with transaction() as session:
        audit.record_export(session, principal().key, "activation", asked)
        found = figures.figures(session, asked)
    return csv_file("activations", figures.lines(found, asked["by"]))
