"""Where operations centres call back."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import request
from sqlalchemy.orm import Session

from smartcity.adapters.webhook import centre
from smartcity.audit import service as audit
from smartcity.core.context import settings
from smartcity.core.db import transaction
from smartcity.core.errors import Conflict, Unauthenticated
from smartcity.core.web import Blueprint
from smartcity.identity.permissions import Action, Principal, Role, permit, principal
from smartcity.ioc import service
from smartcity.ioc.schemas import CallbackIn, CallbackOut

View = TypeVar("View", bound=Callable[..., Any])

blp = Blueprint("ioc", __name__, url_prefix="/api/v1/ioc", description="Operations centres")


def signed(view: View) -> View:
    """Let a body pass, not yet parsed, under the centre's signature (Standard Webhooks).

    A partner's key stands for it, for a centre that cannot sign; `permit` asked for its grant.
    """

    @wraps(view)
    def checked(*args: Any, **kwargs: Any) -> Any:
        by_key = principal().role is Role.PARTNER
        if not by_key and not centre().signed(dict(request.headers), request.get_data()):
            raise Unauthenticated("ioc.bad_signature")
        return view(*args, **kwargs)

    documented: View = blp.doc(security=[{"signature": []}])(checked)
    return documented


@blp.route("/callbacks", methods=["POST"])
@permit(Action.CALL_BACK)
@signed
@blp.problems(400, 401, 403, 404, 409, 413, 422, 429)
@blp.arguments(CallbackIn)
@blp.response(200, CallbackOut)
def take_ioc_callback(asked: dict[str, Any]) -> dict[str, Any]:
    """Take a callback, signed or under a partner's key.

    An impossible move is remembered and answered with 409.
    """
    with transaction() as session:  # a refused move is remembered too, so it is told afterwards
        taken = service.take(session, _centre(), service.Told(**asked))
        _note_key(session, asked["id"])
    if taken["outcome"] == service.REFUSED:
        raise Conflict("ioc.move_refused", move=asked["move"], status=taken["status"])
    return taken


def _note_key(session: Session, callback: str) -> None:
    """Audit whose key stood for the centre; the moves themselves are audited as the centre's."""
    if principal().role is Role.PARTNER:
        partner = ("partner", uuid.UUID(principal().id))
        audit.record(session, principal().key, "partner.call_back", partner, callback=callback)


def _centre() -> Principal:
    return Principal(Role.OPERATIONS_CENTRE, settings().ioc_name)
