"""The routes by which officers keep the roll of an activity, and check in who came."""

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
from smartcity.participation.activities import checking_in, rolls
from smartcity.participation.activities.rolls import RollLine
from smartcity.participation.activities.schemas import (
    CheckInIn,
    RollEntryOut,
    RollFiguresOut,
    RollFilter,
    RollQuery,
)
from smartcity.registers.service import RegisterReasonIn

_ROLL = "/<uuid:activity_id>/registrations"
_CHECK_IN = f"{_ROLL}/<uuid:registration_id>/check-in"
blp = Blueprint(
    "activity_rolls",
    __name__,
    url_prefix="/api/v1/officer/activities",
    description="Danh sách và điểm danh tình nguyện viên",
)


@blp.route(_ROLL)
@permit(Action.CHECK_IN)
@blp.problems(400, 401, 403, 404, 422)
@blp.arguments(RollQuery, location="query")
@blp.response(200, page_schema(RollEntryOut))
def list_activity_registrations(asked: dict[str, Any], activity_id: uuid.UUID) -> Page[RollLine]:
    """Who is registered, in the order in which they came."""
    with reading() as session:
        checking_in.reachable(session, principal(), activity_id)
        return rolls.listed(session, activity_id, asked)


@blp.route(f"{_ROLL}.csv")
@permit(Action.CHECK_IN)
@blp.problems(400, 401, 403, 404, 422)
@blp.arguments(RollFilter, location="query")
@blp.response(200, {"type": "string"}, content_type="text/csv")
def export_activity_registrations(asked: dict[str, Any], activity_id: uuid.UUID) -> Response:
    """The roll as a CSV file to print or to take along; recorded each time."""
    told = {**asked, "activity": activity_id}
    with transaction() as session:
        checking_in.reachable(session, principal(), activity_id)
        audit.record_export(session, principal().key, "activity_registration", told)
    return csv_file("registrations", rolls.csv_lines(activity_id, asked))


@blp.route("/<uuid:activity_id>/figures")
@permit(Action.CHECK_IN)
@blp.problems(401, 403, 404)
@blp.response(200, RollFiguresOut)
def get_activity_figures(activity_id: uuid.UUID) -> dict[str, int]:
    """How many have a place, wait, gave up, and came."""
    with reading() as session:
        checking_in.reachable(session, principal(), activity_id)
        return rolls.figures(session, activity_id)


@blp.route("/<uuid:activity_id>/check-ins", methods=["POST"])
@permit(Action.CHECK_IN)
@blp.problems(401, 403, 404, 409, 422)
@blp.arguments(CheckInIn)
@idempotent
@blp.response(201, RollEntryOut)
def check_in(session: Session, asked: dict[str, Any], activity_id: uuid.UUID) -> RollLine:
    """Điểm danh: note that whoever shows this code came; each code counts once."""
    return checking_in.check_in(session, principal(), activity_id, asked["code"])


@blp.route(_CHECK_IN, methods=["POST"])
@permit(Action.CHECK_IN)
@blp.problems(401, 403, 404, 409, 422)
@blp.arguments(RegisterReasonIn)
@blp.response(200, RollEntryOut)
def check_in_by_hand(
    asked: dict[str, Any], activity_id: uuid.UUID, registration_id: uuid.UUID
) -> RollLine:
    """Điểm danh tay: without a code, where a phone is empty or its clock is wrong."""
    with transaction() as session:
        return checking_in.check_in_by_hand(
            session, principal(), activity_id, registration_id, **asked
        )


@blp.route(_CHECK_IN, methods=["DELETE"])
@permit(Action.CHECK_IN)
@blp.problems(401, 403, 404, 409, 422)
@blp.arguments(RegisterReasonIn, location="query")
@blp.response(200, RollEntryOut)
def undo_check_in(
    asked: dict[str, Any], activity_id: uuid.UUID, registration_id: uuid.UUID
) -> RollLine:
    """Bỏ điểm danh: take a check-in back; the code that it came by does not count again."""
    with transaction() as session:
        return checking_in.undo(session, principal(), activity_id, registration_id, **asked)
