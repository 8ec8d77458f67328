"""Officers see which links are broken, and let one be looked at again."""

from typing import Any

from flask import Response

from smartcity.audit import service as audit
from smartcity.catalogue.desk import checked_links, register
from smartcity.catalogue.desk.schemas import CheckedServiceOut, LinkCheckFilter, LinkCheckQuery
from smartcity.core.db import reading, transaction
from smartcity.core.export import csv_file
from smartcity.core.paging import Page, page_schema
from smartcity.core.web import Blueprint
from smartcity.identity.permissions import Action, permit, principal

blp = Blueprint(
    "service_links", __name__, url_prefix="/api/v1/officer", description="Liên kết của thủ tục"
)


@blp.route("/services/links")
@permit(Action.READ_CATALOGUE)
@blp.problems(400, 401, 403, 422)
@blp.arguments(LinkCheckQuery, location="query")
@blp.response(200, page_schema(CheckedServiceOut))
def list_service_links(asked: dict[str, Any]) -> Page[dict[str, Any]]:
    """Links that were looked at, the last first; `outcome=broken` are those to be mended."""
    with reading() as session:
        return checked_links.listed(session, asked)


@blp.route("/services/links.csv")
@permit(Action.READ_CATALOGUE)
@blp.problems(400, 401, 403, 422)
@blp.arguments(LinkCheckFilter, location="query")
@blp.response(200, {"type": "string"}, content_type="text/csv")
def export_service_links(asked: dict[str, Any]) -> Response:
    """The list as a CSV file for a spreadsheet, 100,000 links at most; recorded each time."""
    with transaction() as session:
        audit.record_export(session, principal().key, "service_link", asked)
    return csv_file("service-links", checked_links.lines(asked))


@blp.route("/services/<code>/link-check", methods=["POST"])
@permit(Action.MANAGE_CATALOGUE)
@blp.problems(401, 403, 404, 409)
@blp.response(202)
def check_service_link(code: str) -> None:
    """Kiểm tra liên kết: a worker looks at it within seconds; the procedure tells what it found."""
    with transaction() as session:
        register.look_at_link(session, principal(), code)
