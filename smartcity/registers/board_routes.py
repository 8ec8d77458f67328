"""The routes by which everybody reads a register; every kind has the same."""

import uuid
from typing import Any

from flask import Response

from smartcity.changes.kept import shared
from smartcity.core.db import reading
from smartcity.core.paging import page_schema
from smartcity.core.web import Blueprint
from smartcity.identity.permissions import Action, permit
from smartcity.registers import listing
from smartcity.registers.kind import Kind


def board_of(kind: Kind) -> Blueprint:
    """The public's blueprint of a kind, under /api/v1/<path>: its list, and one of it."""
    blp = Blueprint(kind.name, __name__, url_prefix=f"/api/v1/{kind.path}", description=kind.title)

    def listed(asked: dict[str, Any]) -> Response:
        with reading() as session:
            return shared(listing.public(session, kind, asked))

    def whole(entry_id: uuid.UUID) -> Response:
        with reading() as session:
            return shared(listing.whole(session, kind, entry_id))

    listed.__name__, listed.__doc__ = f"list_{kind.many}", f"{kind.title}: what is published."
    whole.__name__, whole.__doc__ = f"get_{kind.one}", f"{kind.title}: one, with all its fields."
    page = blp.response(200, page_schema(kind.card_schema))(listed)
    page = blp.problems(400, 422)(blp.arguments(kind.query, location="query")(page))
    blp.route("", endpoint="listed")(permit(Action.READ_PUBLIC)(page))
    one = blp.problems(404)(blp.response(200, kind.whole_schema)(whole))
    blp.route("/<uuid:entry_id>", endpoint="whole")(permit(Action.READ_PUBLIC)(one))
    return blp
