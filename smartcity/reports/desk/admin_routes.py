"""Canned replies, as those who manage reporting keep them."""

from typing import Any

from smartcity.core.db import reading, transaction
from smartcity.core.web import Blueprint, conditional, expected_version, version_tag
from smartcity.identity.permissions import Action, permit, principal
from smartcity.reports.desk import replies
from smartcity.reports.desk.models import Reply
from smartcity.reports.desk.reply_schemas import (
    NewReplyIn,
    ReplyIn,
    ReplyList,
    ReplyOut,
    ReplyQuery,
)

blp = Blueprint(
    "replies", __name__, url_prefix="/api/v1/admin/replies", description="Canned replies"
)


@blp.route("")
@permit(Action.MANAGE_REPORTING)
@blp.problems(400, 401, 403, 422)
@blp.arguments(ReplyQuery, location="query")
@blp.response(200, ReplyList)
def list_replies(asked: dict[str, Any]) -> dict[str, Any]:
    """Canned replies by code, those taken away included."""
    with reading() as session:
        return {"items": replies.listed(session, asked)}


@blp.route("", methods=["POST"])
@permit(Action.MANAGE_REPORTING)
@blp.problems(401, 403, 409, 422)
@blp.arguments(NewReplyIn)
@blp.response(201, ReplyOut)
def create_reply(asked: dict[str, Any]) -> Any:
    """Add a canned reply; a code is used once, so a repeat answers 409."""
    with transaction() as session:
        return _answer(replies.create(session, principal(), asked), 201)


@blp.route("/<code>", methods=["PUT"])
@permit(Action.MANAGE_REPORTING)
@conditional
@blp.problems(401, 403, 404, 412, 422, 428)
@blp.arguments(ReplyIn)
@blp.response(200, ReplyOut)
def change_reply(asked: dict[str, Any], code: str) -> Any:
    """Give a canned reply other words; one that was taken away is back."""
    version = expected_version()
    with transaction() as session:
        return _answer(replies.change(session, principal(), code, version, asked), 200)


@blp.route("/<code>", methods=["DELETE"])
@permit(Action.MANAGE_REPORTING)
@conditional
@blp.problems(401, 403, 404, 412, 428)
@blp.response(200, ReplyOut)
def take_away_reply(code: str) -> Any:
    """Offer a canned reply no more; a change brings it back."""
    version = expected_version()
    with transaction() as session:
        return _answer(replies.take_away(session, principal(), code, version), 200)


def _answer(reply: Reply, status: int) -> Any:
    return reply, status, {"ETag": version_tag(reply.version)}
