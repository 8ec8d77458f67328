"""Officers read what operations centres told us."""

from typing import Any

from flask import Response, stream_with_context

from smartcity.core.db import reading, transaction
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
        received.begin_export(session, principal(), asked)
    named = {"Content-Disposition": 'attachment; filename="callbacks.csv"'}
    lines = stream_with_context(received.lines(asked))
    return Response(lines, headers=named, content_type="text/csv; charset=utf-8")
