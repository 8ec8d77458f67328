"""Whose request it is, read before anything else: the Authorization header of the API's callers,
the cookie of browsers at the console, and neither in the other's place."""

import uuid

from flask import Flask, g, request

from smartcity.core.caller import set_caller
from smartcity.core.errors import Unauthenticated
from smartcity.core.text import clean
from smartcity.identity import console_sessions, partner_keys
from smartcity.identity.partner_keys import PREFIX
from smartcity.identity.permissions import Principal
from smartcity.identity.standing import standing
from smartcity.identity.tokens import session_of

CONSOLE = "/console"
SESSION_COOKIE = "__Host-session"  # RFC 6265bis §4.1.3.2: ours alone, over TLS alone
_REFUSED = {"WWW-Authenticate": 'Bearer error="invalid_token"'}  # RFC 6750 §3.1


def identify(app: Flask) -> None:
    """Read the credentials of every request; registered before the limiter, which counts callers.

    A token that is not good leaves the caller unknown: a public route answers him, others say 401.
    """
    app.before_request(_read_credentials)


def session_id() -> uuid.UUID:
    """The session of a request that came with a good access token or cookie."""
    found: uuid.UUID = g.session_id
    return found


def device() -> str:
    """The caller's User-Agent, shortened."""
    return clean(request.headers.get("User-Agent", ""))[:120]


def at_console() -> bool:
    """Whether the request is for the officers' pages."""
    return request.path == CONSOLE or request.path.startswith(f"{CONSOLE}/")


def go_on_with(cookie: str) -> None:
    """Let the rest of the request be made by the holder of this session cookie, if it is good."""
    named = console_sessions.session_of(cookie)
    found = standing(named) if named else None
    if found:
        g.principal, g.session_id = found, named
        set_caller(found.key)


def go_on_with_key(key: str) -> bool:
    """Let the rest of the request be made by the partner whose key this is; False for a bad one.

    For protocols that carry it as a parameter; whoever calls this counts the request himself.
    """
    found = partner_keys.holder(key)
    if found is None:
        return False
    g.principal, limit = found
    set_caller(g.principal.key, limit)
    return True


def _read_credentials() -> None:
    if not at_console():
        _read_authorization()
    elif SESSION_COOKIE in request.cookies:
        go_on_with(request.cookies[SESSION_COOKIE])


def _read_authorization() -> None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.casefold() != "bearer":
        return
    found = partner_keys.holder(token) if token.startswith(PREFIX) else _signed_in(token)
    if found is None:
        g.credentials_fault = Unauthenticated("identity.token_refused", headers=_REFUSED)
        return
    g.principal, limit = found
    set_caller(g.principal.key, limit)


def _signed_in(token: str) -> tuple[Principal, str] | None:
    named = session_of(token)
    found = standing(named) if named else None
    g.session_id = named
    return (found, "") if found else None
