"""A citizen's phones."""

import uuid
from typing import Any

from smartcity.core.db import transaction
from smartcity.core.web import Blueprint
from smartcity.identity.permissions import Action, permit, principal
from smartcity.push import service
from smartcity.push.models import Device
from smartcity.push.schemas import DeviceIn, DeviceOut

blp = Blueprint("push", __name__, url_prefix="/api/v1/me", description="Phones")


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
