"""Which operations centre speaks: by the signature of the body, or by a partner's key."""

import uuid
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, TypeVar

from flask import g, request
from sqlalchemy.orm import Session

from smartcity.core.db import reading
from smartcity.core.errors import Forbidden, Unauthenticated
from smartcity.core.web import Blueprint
from smartcity.identity.permissions import Principal, Role, principal
from smartcity.ioc import destinations

View = TypeVar("View", bound=Callable[..., Any])


def signed(blp: Blueprint) -> Callable[[View], View]:
    """Let a request pass, its body not yet parsed, when a destination signed it.

    A partner's key stands for it, for a centre that cannot sign; `permit` asked for its grant.
    401 for a signature of nobody's, 403 for a key that stands for no destination.
    """

    def decorator(view: View) -> View:
        @wraps(view)
        def checked(*args: Any, **kwargs: Any) -> Any:
            with reading() as session:
                g.centre = _speaking(session, dict(request.headers), request.get_data())
            return view(*args, **kwargs)

        documented: View = blp.doc(security=[{"signature": []}])(checked)
        return documented

    return decorator


def centre() -> Principal:
    """The destination that makes the present request."""
    return destinations.principal_of(g.centre)


def _speaking(session: Session, headers: Mapping[str, str], body: bytes) -> str:
    if principal().role is Role.PARTNER:
        named = destinations.of_partner(session, uuid.UUID(principal().id))
        if named is None:
            raise Forbidden("ioc.key_of_no_destination")
        return named.name
    signer = destinations.signer(session, headers, body)
    if signer is None:
        raise Unauthenticated("ioc.bad_signature")
    return signer.name
