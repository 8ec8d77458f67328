"""Citizens go from a procedure to where it is handed in."""

from contextlib import suppress
from typing import Any

from flask import Response, current_app
from sqlalchemy.exc import OperationalError

from smartcity.catalogue.opening import going
from smartcity.catalogue.opening.schemas import OpenQuery
from smartcity.core.context import settings
from smartcity.core.db import one_look, transaction
from smartcity.core.ratelimit import limiter
from smartcity.core.web import Blueprint
from smartcity.identity.permissions import Action, permit

blp = Blueprint("openings", __name__, url_prefix="/api/v1", description="Đi tới nơi nộp hồ sơ")
_PRIVATE = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
_LOCATION = {"Location": {"description": "Where to go", "schema": {"type": "string"}}}


@blp.route("/services/<code>/open")
@permit(Action.READ_PUBLIC)
@limiter.limit(lambda: settings().search_limit)
@blp.problems(404, 410, 429)
@blp.arguments(OpenQuery, location="query")
@blp.response(302, description="Go there", headers=_LOCATION)
def open_service(asked: dict[str, Any], code: str) -> Response:
    """Đi tới nơi nộp: to a page of the portal, into its app, or to the app's store page.

    Only a number for the procedure and the day is kept. 404 tells what to do without a link.
    """
    with one_look() as session:
        code, address = going.way(session, code, **asked)
    with suppress(OperationalError), transaction() as session:  # better not counted than kept here
        going.count(session, code)
    return current_app.response_class(status=302, headers={**_PRIVATE, "Location": address})
