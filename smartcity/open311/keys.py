"""Partners' keys as this protocol sends them: in the parameter `api_key`."""

from flask import g, request

from smartcity.core.caller import own_limit
from smartcity.core.ratelimit import limiter
from smartcity.identity import service as identity
from smartcity.identity.permissions import ANYONE, principal


def read_key() -> None:
    """Let a good `api_key` make the request, unless it came with a key in its header already."""
    if principal() is ANYONE and (key := request.values.get("api_key")):
        g.limited_here = identity.go_on_with_key(key)


def _limit() -> str:
    """A key in a parameter is known only after all other callers were counted."""
    return own_limit() if g.get("limited_here") else ""


counted = limiter.shared_limit(_limit, scope="open311")
