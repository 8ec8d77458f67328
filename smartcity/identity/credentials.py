"""Whose request it is: the Authorization header, read before anything else."""

import uuid

from flask import Flask, g, request

from smartcity.core.caller import set_caller
from smartcity.core.errors import Unauthenticated
from smartcity.core.text import clean
from smartcity.identity.standing import standing
from smartcity.identity.tokens import session_of

_REFUSED = {"WWW-Authenticate": 'Bearer error="invalid_token"'}  # RFC 6750 §3.1


def identify(app: Flask) -> None:
    """Read the credentials of every request; registered before the limiter, which counts callers.

    A token that is not good leaves the caller unknown: a public route answers him, others say 401.
    """
    app.before_request(_read_credentials)


def session_id() -> uuid.UUID:
    """The session of a request that came with a good access token."""
    found: uuid.UUID = g.session_id
    return found


def device() -> str:
    """The caller's User-Agent, shortened."""
    return clean(request.headers.get("User-Agent", ""))[:120]


def _read_credentials() -> None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.casefold() != "bearer":
        return
    named = session_of(token)
    found = standing(named) if named else None
    if found is None:
        g.credentials_fault = Unauthenticated("identity.token_refused", headers=_REFUSED)
        return
    g.principal, g.session_id = found, named
    set_caller(found.key)
