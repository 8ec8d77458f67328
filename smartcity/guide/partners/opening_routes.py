"""Citizens go from the guide to a partner."""

import uuid
from contextlib import suppress

import marshmallow as ma
from flask import Response, current_app
from marshmallow import validate
from sqlalchemy.exc import OperationalError

from smartcity.core.context import settings
from smartcity.core.db import one_look, transaction
from smartcity.core.fields import Schema
from smartcity.core.ratelimit import limiter
from smartcity.core.web import Blueprint
from smartcity.guide.partners import going
from smartcity.guide.partners.partner import PARTNER, PLATFORMS
from smartcity.identity.permissions import Action, permit

blp = Blueprint(
    "partner_openings", __name__, url_prefix="/api/v1/partners", description=PARTNER.title
)
_PRIVATE = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
_LOCATION = {"Location": {"description": "Where to go", "schema": {"type": "string"}}}


class PartnerOpenQuery(Schema):
    """On what somebody goes there; where to is not his to say."""

    platform = ma.fields.String(
        load_default="web", validate=validate.OneOf(PLATFORMS), metadata={"example": "android"}
    )


@blp.route("/<uuid:partner_id>/open")
@permit(Action.READ_PUBLIC)
@limiter.limit(lambda: settings().search_limit)
@blp.problems(404, 429)
@blp.arguments(PartnerOpenQuery, location="query")
@blp.response(302, description="Go there", headers=_LOCATION)
def open_city_partner(asked: dict[str, str], partner_id: uuid.UUID) -> Response:
    """Mở liên kết: to its app's store page, or to its web page where there is none.

    Only a number for the partner and the day is kept. 404 tells what to do without a link.
    """
    with one_look() as session:
        address = going.way(session, partner_id, **asked)
    with suppress(OperationalError), transaction() as session:  # better not counted than kept here
        going.count(session, partner_id)
    return current_app.response_class(status=302, headers={**_PRIVATE, "Location": address})
