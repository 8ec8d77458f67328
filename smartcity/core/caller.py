"""Who makes this request, as far as the core needs to know: one opaque word.

`identity` sets it once it has read the credentials; limits and idempotency keys are scoped to it.
"""

import ipaddress

from flask import g, has_request_context, request


def caller() -> str:
    """`citizen:<id>`, `officer:<id>` …, or the network address of somebody unknown."""
    found: str = g.get("caller") or f"address:{address()}"
    return found


def set_caller(name: str, limit: str = "") -> None:
    """Remember who makes this request, and how often he may ask at all, as `120 per minute`."""
    g.caller, g.own_limit = name, limit


def own_limit() -> str:
    """The limit on all that the caller asks for; most have none."""
    found: str = g.get("own_limit", "")
    return found


def address() -> str:
    """The client's network address, as the trusted proxies saw it."""
    return request.remote_addr or "unknown"


def network_of(address: str) -> str:
    """Its /24 or, in IPv6, its /48: what one subscriber can easily move about in."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    width = 24 if parsed.version == 4 else 48
    return str(ipaddress.ip_network((parsed, width), strict=False))


def origin() -> tuple[str | None, str | None]:
    """The present request's id and network address; None twice outside of a request."""
    if not has_request_context():
        return None, None
    return g.get("request_id"), address()
