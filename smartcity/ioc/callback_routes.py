"""Officers read what operations centres told us."""

from typing import Any

from flask import Response

from smartcity.audit import service as audit
from smartcity.core.db import reading, transaction
from smartcity.core.export import csv_file
from smartcity.core.paging import Page, page_schema
from smartcity.core.web import Blueprint
from smartcity.identity.permissions import Action, permit, principal
from smartcity.ioc import received
from smartcity.ioc.schemas import CallbackFilter, CallbackQuery, ReceivedOut

blp = Blueprint(
    "ioc_callbacks",
    __name__,
    url_prefix="/api/v1/officer",
    description="What operations centres told",
)


@blp.route("/callbacks")
@permit(Action.READ_DELIVERIES)
@blp.problems(400, 401, 403, 422)
@blp.arguments(CallbackQuery, location="query")
@blp.response(200, page_schema(ReceivedOut))
def list_ioc_callbacks(asked: dict[str, Any]) -> Page[dict[str, Any]]:
    """The callbacks that were remembered, also those that moved nothing, newest first."""
    with reading() as session:
        return received.listed(session, asked)


@blp.route("/callbacks.csv")
@permit(Action.READ_DELIVERIES)
@blp.problems(400, 401, 403, 422)
@blp.arguments(CallbackFilter, location="query")
@blp.response(200, {"type": "string"}, content_type="text/csv")
def export_ioc_callbacks(asked: dict[str, Any]) -> Response:
    """The same as a CSV file for a spreadsheet, 100,000 at most; recorded each time."""
    with transaction() as session:
        audit.record_export(session, principal().key, "callback", asked)
    return csv_file("callbacks", received.lines(asked))
