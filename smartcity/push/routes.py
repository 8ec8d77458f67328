"""A citizen's phones and inbox."""

import uuid
from typing import Any

from smartcity.core.db import reading, transaction
from smartcity.core.paging import Page, page_schema
from smartcity.core.web import Blueprint
from smartcity.identity.permissions import Action, permit, principal
from smartcity.push import service
from smartcity.push.models import Device, InboxMessage
from smartcity.push.schemas import DeviceIn, DeviceOut, InboxOut, InboxQuery

blp = Blueprint("push", __name__, url_prefix="/api/v1/me", description="Phones and inbox")


@blp.route("/devices/<uuid:installation_id>", methods=["PUT"])
@permit(Action.USE_INBOX)
@blp.problems(401, 403, 422)
@blp.arguments(DeviceIn)
@blp.response(200, DeviceOut)
def register_device(asked: dict[str, Any], installation_id: uuid.UUID) -> Device:
    """Register where a phone is reached, or tell its new address."""
    with transaction() as session:
        return service.register(session, principal(), installation_id, asked)


@blp.route("/devices/<uuid:installation_id>", methods=["DELETE"])
@permit(Action.USE_INBOX)
@blp.problems(401, 403, 404)
@blp.response(204)
def unregister_device(installation_id: uuid.UUID) -> None:
    """Send nothing more to a phone."""
    with transaction() as session:
        service.unregister(session, principal(), installation_id)


@blp.route("/inbox")
@permit(Action.USE_INBOX)
@blp.problems(400, 401, 403, 422)
@blp.arguments(InboxQuery, location="query")
@blp.response(200, page_schema(InboxOut))
def list_inbox(asked: dict[str, Any]) -> Page[InboxMessage]:
    """What the citizen was told, newest first."""
    with reading() as session:
        return service.inbox(session, principal(), asked)


@blp.route("/inbox/<uuid:message_id>/reading", methods=["PUT"])
@permit(Action.USE_INBOX)
@blp.problems(401, 403, 404)
@blp.response(200, InboxOut)
def mark_inbox_message_read(message_id: uuid.UUID) -> InboxMessage:
    """Note that a message was read."""
    with transaction() as session:
        return service.mark_read(session, principal(), message_id)
