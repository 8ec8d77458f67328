"""One procedure, what changed of it, and what procedures are sorted by: the same to everybody."""

from typing import Any

import orjson
from flask import Response

from smartcity.catalogue.finding.index import current
from smartcity.catalogue.reading import history, listing
from smartcity.catalogue.reading.facets import facets
from smartcity.catalogue.reading.schemas import ServiceOut
from smartcity.catalogue.reading.service_schemas import (
    FacetsOut,
    ServiceChangeOut,
    ServiceChangesQuery,
    ServiceQuery,
)
from smartcity.changes.kept import shared, unkept
from smartcity.core.db import reading
from smartcity.core.paging import page_schema
from smartcity.core.web import Blueprint
from smartcity.identity.permissions import Action, permit

_Changes = page_schema(ServiceChangeOut)
blp = Blueprint(
    "procedures", __name__, url_prefix="/api/v1/services", description="Thủ tục hành chính"
)


@blp.route("/facets")
@permit(Action.READ_PUBLIC)
@blp.response(200, FacetsOut)
def list_service_facets() -> Response:
    """What procedures may be narrowed to: life events, subjects, fields and more, with counts."""
    procedures, newest = current()()
    content = facets(procedures)
    return shared(content) if newest else unkept(content)


@blp.route("/<code>")
@permit(Action.READ_PUBLIC)
@blp.problems(404, 410, 422)
@blp.arguments(ServiceQuery, location="query")
@blp.response(200, ServiceOut)
def get_service(asked: dict[str, Any], code: str) -> Response:
    """Thủ tục: one procedure by its code, in any form of it; 410 when it was withdrawn."""
    with reading() as session:
        return shared(listing.whole(session, code, asked.get("ward")).encode())


@blp.route("/<code>/changes")
@permit(Action.READ_PUBLIC)
@blp.problems(400, 404, 410, 422)
@blp.arguments(ServiceChangesQuery, location="query")
@blp.response(200, _Changes)
def list_service_changes(asked: dict[str, Any], code: str) -> Response:
    """What changed since a version that a reader saw, newest last, in words."""
    with reading() as session:
        page = history.changes_since(session, code, asked)
    return shared(orjson.dumps(_Changes().dump(page)))
