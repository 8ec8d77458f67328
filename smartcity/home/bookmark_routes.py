"""A citizen keeps public things at hand, on every phone of his."""

import uuid
from typing import Any

import marshmallow as ma
from flask import Response, current_app

from smartcity.core.db import reading, transaction
from smartcity.core.fields import Instant
from smartcity.core.paging import PageQuery, page_schema
from smartcity.core.web import Blueprint
from smartcity.home import bookmarks
from smartcity.identity.permissions import Action, permit, principal

_ONE = "/<kind>/<ref>"
blp = Blueprint("bookmarks", __name__, url_prefix="/api/v1/me/bookmarks", description="Đã lưu")


class BookmarkOut(ma.Schema):
    """A thing that is kept; `item` is what `GET /sync` tells of it, null once it is gone."""

    kind = ma.fields.String(required=True, metadata={"example": "news"})
    id = ma.fields.String(
        required=True, metadata={"example": "0198c0de-4a6e-7c1a-9b7e-2f1d3c4b5a69"}
    )
    made_at = Instant(required=True)
    gone = ma.fields.Boolean(required=True, metadata={"description": "It is public no more"})
    item = ma.fields.Dict(required=True, allow_none=True, metadata={"example": {"title": "Mưa"}})


@blp.route("")
@permit(Action.USE_ACCOUNT)
@blp.problems(400, 401, 403, 422)
@blp.arguments(PageQuery, location="query")
@blp.response(200, page_schema(BookmarkOut))
def list_bookmarks(asked: dict[str, Any]) -> Response:
    """What one keeps, kept last first, as it is public now."""
    with reading() as session:
        body = bookmarks.listed(session, _me(), asked)
    return current_app.response_class(body, mimetype="application/json")


@blp.route(_ONE, methods=["PUT"])
@permit(Action.USE_ACCOUNT)
@blp.problems(401, 403, 404, 409)
@blp.response(204)
def keep_bookmark(kind: str, ref: str) -> None:
    """Keep a public thing by kind and id, as in `GET /sync`; 500 at most, again is no error."""
    with transaction() as session:
        bookmarks.keep(session, _me(), kind, ref)


@blp.route(_ONE, methods=["DELETE"])
@permit(Action.USE_ACCOUNT)
@blp.problems(401, 403, 404)
@blp.response(204)
def drop_bookmark(kind: str, ref: str) -> None:
    """Keep it no longer; what is not kept is no error."""
    with transaction() as session:
        bookmarks.let_go(session, _me(), kind, ref)


def _me() -> uuid.UUID:
    return uuid.UUID(principal().id)
