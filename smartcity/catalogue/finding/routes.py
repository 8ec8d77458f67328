"""Procedures by everyday questions and filters: answered from memory, the same to everybody."""

from typing import Any

from flask import Response

from smartcity.catalogue.finding.index import current, use
from smartcity.catalogue.finding.listing import listed, rendered
from smartcity.catalogue.finding.schemas import ServicesOut, ServicesQuery
from smartcity.changes.kept import shared, unkept
from smartcity.core.context import settings
from smartcity.core.ratelimit import limiter
from smartcity.core.web import Blueprint
from smartcity.identity.permissions import Action, permit

blp = Blueprint("services", __name__, url_prefix="/api/v1/services", description="Dịch vụ công")


@blp.route("")
@permit(Action.READ_PUBLIC)
@limiter.limit(lambda: settings().search_limit)
@blp.problems(400, 422, 429)
@blp.arguments(ServicesQuery, location="query")
@blp.response(200, ServicesOut)
def list_services(asked: dict[str, Any]) -> Response:
    """Tìm thủ tục: by everyday words, name or code, narrowed by filters; without `q` by use.

    Accents may be left out and letters mistyped. `understood` tells which words were taken for
    what. 200 answers at most to one question, over all pages.
    """
    procedures, newest = current()()
    page = listed(procedures, asked, use()())
    content = rendered(procedures, page, asked.get("ward"))
    return shared(content) if newest else unkept(content)
