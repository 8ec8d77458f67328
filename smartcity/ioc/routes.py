"""Where operations centres call back."""

import uuid
from typing import Any

from flask import request
from sqlalchemy.orm import Session

from smartcity.audit import service as audit
from smartcity.core.db import transaction
from smartcity.core.errors import Conflict
from smartcity.core.web import Blueprint
from smartcity.identity.permissions import Action, Role, permit, principal
from smartcity.ioc import acknowledging, batches, callbacks
from smartcity.ioc.credentials import centre, signed
from smartcity.ioc.schemas import (
    REFUSED,
    AcknowledgementIn,
    AcknowledgementOut,
    BatchIn,
    BatchOut,
    CallbackIn,
    CallbackOut,
)

LARGEST_BODY = 4 * 1024 * 1024  # bytes: 500 callbacks of the longest words, in UTF-8
blp = Blueprint("ioc", __name__, url_prefix="/api/v1/ioc", description="Operations centres")


@blp.before_request
def take_many() -> None:
    """Raise the limit on bodies to a batch."""
    request.max_content_length = LARGEST_BODY


@blp.route("/callbacks", methods=["POST"])
@permit(Action.CALL_BACK)
@signed(blp)
@blp.problems(400, 401, 403, 404, 409, 413, 422, 429)
@blp.arguments(CallbackIn)
@blp.response(200, CallbackOut)
def take_ioc_callback(asked: dict[str, Any]) -> dict[str, Any]:
    """Take a callback, signed or under a partner's key.

    An impossible move is remembered and answered with 409.
    """
    with transaction() as session:  # a refused move is remembered too, so it is told afterwards
        taken = callbacks.take(session, centre(), callbacks.Told(**asked))
        _note_key(session, asked["id"])
    if taken["outcome"] == REFUSED:
        raise Conflict("ioc.move_refused", move=asked["move"], status=taken["status"])
    return taken


@blp.route("/callbacks/batch", methods=["POST"])
@permit(Action.CALL_BACK)
@signed(blp)
@blp.problems(400, 401, 403, 413, 422, 429)
@blp.arguments(BatchIn)
@blp.response(200, BatchOut)
def take_ioc_callbacks(asked: dict[str, Any]) -> dict[str, Any]:
    """Take up to 500 callbacks in the order of the list, each by itself.

    The body has at most 4 MiB and one signature. After a crash or a time-out repeat it all: what
    was taken is known by its id.
    """
    return {"items": batches.take_each(centre(), asked["callbacks"], _note_key)}


@blp.route("/acknowledgements", methods=["POST"])
@permit(Action.CALL_BACK)
@signed(blp)
@blp.problems(400, 401, 403, 409, 413, 422, 429)
@blp.arguments(AcknowledgementIn)
@blp.response(200, AcknowledgementOut)
def acknowledge_ioc_events(asked: dict[str, Any]) -> dict[str, Any]:
    """Take note of up to 500 events that the centre holds for good."""
    with transaction() as session:
        return {"items": acknowledging.acknowledge_each(session, centre().id, asked["events"])}


def _note_key(session: Session, callback: str) -> None:
    """Audit whose key stood for the centre; the moves themselves are audited as the centre's."""
    if principal().role is Role.PARTNER:
        partner = ("partner", uuid.UUID(principal().id))
        audit.record(session, principal().key, "partner.call_back", partner, callback=callback)
