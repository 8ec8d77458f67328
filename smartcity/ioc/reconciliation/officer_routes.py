"""Reconciliations for officers: begun, followed, and what they found."""

import uuid
from typing import Any

from flask import Response, current_app
from sqlalchemy.orm import Session

from smartcity.audit.service import record
from smartcity.core.db import reading
from smartcity.core.idempotency import idempotent
from smartcity.core.paging import Page, page_schema
from smartcity.core.spreadsheet import BOM, csv_text
from smartcity.core.web import Blueprint
from smartcity.identity.permissions import Action, permit, principal
from smartcity.ioc.models import Difference, Reconciliation
from smartcity.ioc.reconciliation import reading as read
from smartcity.ioc.reconciliation import runs
from smartcity.ioc.reconciliation.schemas import (
    DifferenceFilter,
    DifferenceOut,
    DifferenceQuery,
    ReconciliationIn,
    ReconciliationOut,
    ReconciliationQuery,
)

blp = Blueprint(
    "reconciliations",
    __name__,
    url_prefix="/api/v1/officer/reconciliations",
    description="What we delivered beside what destinations hold",
)


@blp.route("")
@permit(Action.READ_DELIVERIES)
@blp.problems(400, 401, 403, 422)
@blp.arguments(ReconciliationQuery, location="query")
@blp.response(200, page_schema(ReconciliationOut))
def list_reconciliations(asked: dict[str, Any]) -> Page[Reconciliation]:
    """Runs, newest first, those under way too."""
    with reading() as session:
        return read.runs(session, asked)


@blp.route("", methods=["POST"])
@permit(Action.MANAGE_DELIVERIES)
@blp.problems(400, 401, 403, 404, 409, 422)
@blp.arguments(ReconciliationIn)
@idempotent
@blp.response(202, ReconciliationOut)
def start_reconciliation(session: Session, asked: dict[str, Any]) -> Any:
    """Compare the last 30 days with a destination now, and send again what it lacks."""
    run = runs.start(session, asked["destination"], principal().key)
    subject = ("reconciliation", run.id)
    record(session, principal().key, "reconciliation.start", subject, **asked)
    return run, 202, {"Location": f"{blp.url_prefix}/{run.id}"}


@blp.route("/<uuid:reconciliation_id>")
@permit(Action.READ_DELIVERIES)
@blp.problems(401, 403, 404)
@blp.response(200, ReconciliationOut)
def get_reconciliation(reconciliation_id: uuid.UUID) -> Reconciliation:
    """A run and how far it is."""
    with reading() as session:
        return read.run(session, reconciliation_id)


@blp.route("/<uuid:reconciliation_id>/differences")
@permit(Action.READ_DELIVERIES)
@blp.problems(400, 401, 403, 404, 422)
@blp.arguments(DifferenceQuery, location="query")
@blp.response(200, page_schema(DifferenceOut))
def list_differences(asked: dict[str, Any], reconciliation_id: uuid.UUID) -> Page[Difference]:
    """What did not agree, by report and sequence."""
    with reading() as session:
        return read.differences(session, reconciliation_id, asked)


@blp.route("/<uuid:reconciliation_id>/differences.csv")
@permit(Action.READ_DELIVERIES)
@blp.problems(400, 401, 403, 404, 422)
@blp.arguments(DifferenceFilter, location="query")
@blp.response(200, {"type": "string"}, content_type="text/csv")
def export_differences(asked: dict[str, Any], reconciliation_id: uuid.UUID) -> Response:
    """The same as a CSV file."""
    with reading() as session:
        content = BOM + csv_text(read.cells(session, reconciliation_id, asked))
    headers = {"Content-Disposition": 'attachment; filename="differences.csv"'}
    return current_app.response_class(content, 200, headers, content_type="text/csv; charset=utf-8")
