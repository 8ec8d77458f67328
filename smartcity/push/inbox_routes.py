"""What a citizen was told."""

import uuid
from typing import Any

from smartcity.core.db import reading, transaction
from smartcity.core.paging import Page, page_schema
from smartcity.core.web import Blueprint
from smartcity.identity.permissions import Action, permit, principal
from smartcity.push import inbox
from smartcity.push.inbox_schemas import InboxOut, InboxQuery
from smartcity.push.models import InboxMessage

blp = Blueprint("inbox", __name__, url_prefix="/api/v1", description="What a reader was told")


@blp.route("/me/inbox")
@permit(Action.USE_INBOX)
@blp.problems(400, 401, 403, 422)
@blp.arguments(InboxQuery, location="query")
@blp.response(200, page_schema(InboxOut))
def list_inbox(asked: dict[str, Any]) -> Page[InboxMessage]:
    """What the citizen was told, newest first."""
    with reading() as session:
        return inbox.inbox(session, principal(), asked)


@blp.route("/me/inbox/<uuid:message_id>/reading", methods=["PUT"])
@permit(Action.USE_INBOX)
@blp.problems(401, 403, 404)
@blp.response(200, InboxOut)
def mark_inbox_message_read(message_id: uuid.UUID) -> InboxMessage:
    """Note that a message was read."""
    with transaction() as session:
        return inbox.mark_read(session, principal(), message_id)
