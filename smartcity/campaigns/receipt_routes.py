"""Phones tell what they showed: with a citizen's token, or with the phone's own key."""

import uuid
from typing import Any

from flask import request
from sqlalchemy.orm import Session

from smartcity.campaigns import receipts
from smartcity.campaigns.truth_schemas import OwnReceiptsIn, ReceiptResultList, ReceiptsIn
from smartcity.core.db import transaction
from smartcity.core.ratelimit import limiter
from smartcity.core.web import Blueprint
from smartcity.identity.permissions import Action, permit, principal
from smartcity.push import service as push

_HOURLY = "120 per hour"  # of a citizen, or of one phone
blp = Blueprint("push_receipts", __name__, url_prefix="/api/v1", description="Receipts of messages")


def _phone() -> str:
    """Whole networks of phones share an address."""
    return f"device:{(request.view_args or {}).get('installation_id')}"


@blp.route("/me/push-receipts", methods=["POST"])
@permit(Action.USE_INBOX)
@limiter.limit(_HOURLY)
@blp.problems(401, 403, 404, 409, 429)
@blp.arguments(OwnReceiptsIn)
@blp.response(200, ReceiptResultList)
def tell_receipts(asked: dict[str, Any]) -> dict[str, Any]:
    """Tell which messages one of the citizen's phones showed; it may be told again."""
    with transaction() as session:
        device = push.owned(session, uuid.UUID(principal().id), asked["installation_id"])
        return _noted(session, device, asked["receipts"])


@blp.route("/devices/<uuid:installation_id>/push-receipts", methods=["POST"])
@permit(Action.USE_DEVICE)
@limiter.limit(_HOURLY, key_func=_phone)
@blp.problems(403, 404, 409, 429)
@push.names_device_key(required=True)
@blp.arguments(ReceiptsIn)
@blp.response(200, ReceiptResultList)
def tell_device_receipts(asked: dict[str, Any], installation_id: uuid.UUID) -> dict[str, Any]:
    """The same of a phone in which nobody signed in, by its key."""
    with transaction() as session:
        device = push.keyed(session, installation_id, push.device_key())
        return _noted(session, device, asked["receipts"])


def _noted(session: Session, device: push.Device, told: list[receipts.Receipt]) -> dict[str, Any]:
    results = receipts.note(session, device, told)
    pairs = zip(told, results, strict=True)
    return {"items": [{"mid": r.mid, "event": r.event, "result": result} for r, result in pairs]}
