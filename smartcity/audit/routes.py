"""The audit record for auditors, and for nobody else."""

from collections.abc import Iterator
from typing import Any

from flask import Response

from smartcity.audit import reading as audit
from smartcity.audit.schemas import AuditEntryOut, AuditFilter, AuditQuery
from smartcity.core.db import reading, transaction
from smartcity.core.export import csv_file
from smartcity.core.paging import Page, page_schema
from smartcity.core.spreadsheet import BOM, csv_text
from smartcity.core.texts import text
from smartcity.core.web import Blueprint
from smartcity.identity.permissions import Action, permit, principal

blp = Blueprint("audit", __name__, url_prefix="/api/v1", description="The record of deeds")


@blp.route("/audit")
@permit(Action.READ_AUDIT)
@blp.problems(400, 401, 403, 422)
@blp.arguments(AuditQuery, location="query")
@blp.response(200, page_schema(AuditEntryOut))
def list_audit_entries(asked: dict[str, Any]) -> Page[dict[str, Any]]:
    """Who did what, newest first; each search is itself recorded."""
    with transaction() as session:
        return audit.page(session, principal().key, asked)


@blp.route("/audit/export")
@permit(Action.READ_AUDIT)
@blp.problems(400, 401, 403, 422)
@blp.arguments(AuditFilter, location="query")
@blp.response(200, {"type": "string"}, content_type="text/csv")
def export_audit_entries(asked: dict[str, Any]) -> Response:
    """The same as a CSV file for a spreadsheet, without personal values; recorded each time."""
    with transaction() as session:
        audit.begin_export(session, principal().key, asked)
    headings = csv_text([[text(f"audit.column.{name}") for name in audit.COLUMNS]])
    return csv_file("audit", _lines(headings, asked))


def _lines(headings: str, asked: dict[str, Any]) -> Iterator[str]:
    yield BOM + headings
    before = None
    while True:
        with reading() as session:
            found = audit.newest(session, asked, before, audit.BATCH)
        if not found:
            return
        yield csv_text(map(audit.cells, found))
        before = found[-1].number
