"""The registers of breaches and of data requests, for those who answer for them."""

import uuid
from typing import Any

from flask import Response, current_app
from sqlalchemy.orm import Session

from smartcity.core.db import reading, transaction
from smartcity.core.idempotency import idempotent
from smartcity.core.paging import Page, page_schema
from smartcity.core.spreadsheet import BOM, csv_text
from smartcity.core.web import Blueprint, conditional, expected_version, version_tag
from smartcity.identity.permissions import Action, permit, principal
from smartcity.privacy import breaches, requests
from smartcity.privacy.models import Breach, DataRequest
from smartcity.privacy.schemas import (
    BreachIn,
    BreachOut,
    BreachPatch,
    BreachQuery,
    DataRequestOut,
    DataRequestQuery,
)

blp = Blueprint(
    "registers", __name__, url_prefix="/api/v1/admin", description="Breaches and data requests"
)


@blp.route("/breaches", methods=["POST"])
@permit(Action.RECORD_BREACH)
@blp.problems(400, 401, 403, 409, 422)
@blp.arguments(BreachIn)
@idempotent
@blp.response(201, BreachOut)
def record_breach(session: Session, asked: dict[str, Any]) -> Any:
    """Enter a breach; the authority is to be told within 72 hours of its discovery."""
    breach = breaches.enter(session, principal(), asked)
    return breach, 201, {"Location": f"/api/v1/admin/breaches/{breach.id}"}


@blp.route("/breaches")
@permit(Action.READ_BREACHES)
@blp.problems(400, 401, 403, 422)
@blp.arguments(BreachQuery, location="query")
@blp.response(200, page_schema(BreachOut))
def list_breaches(asked: dict[str, Any]) -> Page[Breach]:
    """The register of breaches, newest discovery first."""
    with reading() as session:
        return breaches.listed(session, asked)


@blp.route("/breaches.csv")
@permit(Action.READ_BREACHES)
@blp.problems(401, 403)
@blp.response(200, description="The register: text/csv")
def export_breaches() -> Response:
    """The whole register as a file for spreadsheets."""
    with reading() as session:
        content = BOM + csv_text(breaches.cells(session))
    headers = {"Content-Disposition": 'attachment; filename="breaches.csv"'}
    return current_app.response_class(content, 200, headers, content_type="text/csv; charset=utf-8")


@blp.route("/breaches/<uuid:breach_id>")
@permit(Action.READ_BREACHES)
@blp.problems(401, 403, 404)
@blp.response(200, BreachOut)
def get_breach(breach_id: uuid.UUID) -> Any:
    """A line of the register, its version as ETag."""
    with reading() as session:
        return _tagged(breaches.find(session, breach_id))


@blp.route("/breaches/<uuid:breach_id>", methods=["PATCH"])
@permit(Action.RECORD_BREACH)
@blp.problems(401, 403, 404, 412, 428)
@conditional
@blp.arguments(BreachPatch)
@blp.response(200, BreachOut)
def change_breach(asked: dict[str, Any], breach_id: uuid.UUID) -> Any:
    """Add what became known or was done."""
    version = expected_version()
    with transaction() as session:
        return _tagged(breaches.change(session, principal(), breach_id, version, asked))


@blp.route("/data-requests")
@permit(Action.READ_DATA_REQUESTS)
@blp.problems(400, 401, 403, 422)
@blp.arguments(DataRequestQuery, location="query")
@blp.response(200, page_schema(DataRequestOut))
def list_data_requests(asked: dict[str, Any]) -> Page[DataRequest]:
    """What people asked for under the law, and when they were answered; not who they are."""
    with reading() as session:
        return requests.listed(session, asked)


def _tagged(breach: Breach) -> Any:
    return breach, 200, {"ETag": version_tag(breach.version)}
