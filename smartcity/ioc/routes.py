"""Where operations centres call back."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import request

from smartcity.adapters.webhook import centre
from smartcity.core.context import settings
from smartcity.core.db import transaction
from smartcity.core.errors import Conflict, Unauthenticated
from smartcity.core.web import Blueprint
from smartcity.identity.permissions import Action, Principal, Role, permit
from smartcity.ioc import service
from smartcity.ioc.schemas import CallbackIn, CallbackOut

View = TypeVar("View", bound=Callable[..., Any])

blp = Blueprint("ioc", __name__, url_prefix="/api/v1/ioc", description="Operations centres")


def signed(view: View) -> View:
    """Let a body pass only under the centre's signature (Standard Webhooks), not yet parsed."""

    @wraps(view)
    def checked(*args: Any, **kwargs: Any) -> Any:
        if not centre().signed(dict(request.headers), request.get_data()):
            raise Unauthenticated("ioc.bad_signature")
        return view(*args, **kwargs)

    return checked  # type: ignore[return-value]


@blp.route("/callbacks", methods=["POST"])
@permit(Action.CALL_BACK)
@signed
@blp.problems(400, 401, 404, 409, 413, 422)
@blp.arguments(CallbackIn)
@blp.response(200, CallbackOut)
def take_ioc_callback(asked: dict[str, Any]) -> dict[str, Any]:
    """Take a signed callback; an impossible move is remembered and answered with 409."""
    with transaction() as session:  # a refused move is remembered too, so it is told afterwards
        taken = service.take(session, _centre(), service.Told(**asked))
    if taken["outcome"] == service.REFUSED:
        raise Conflict("ioc.move_refused", move=asked["move"], status=taken["status"])
    return taken


def _centre() -> Principal:
    return Principal(Role.OPERATIONS_CENTRE, settings().ioc_name)
