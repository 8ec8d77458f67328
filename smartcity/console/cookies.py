"""The cookies of the officers' pages: who is signed in, who is about to be, and known devices.

All are `__Host-` (RFC 6265bis §4.1.3.2): of this host alone, over TLS or to one's own machine.
"""

import secrets
import uuid
from dataclasses import dataclass
from datetime import timedelta

from flask import g, redirect, request, url_for
from werkzeug.wrappers import Response

from smartcity.core import clock
from smartcity.core.caller import address
from smartcity.core.db import transaction
from smartcity.core.envelope import blind
from smartcity.core.errors import Unauthenticated
from smartcity.core.signing import seal, unseal
from smartcity.identity import service as identity
from smartcity.identity.permissions import Principal, principal

VISIT = "__Host-visit"  # ties the sign-in form to the browser that it was shown in
_PENDING = "__Host-pending"  # a right password, whose code is still to come
_PENDING_FOR = timedelta(minutes=5)
_DEVICE_FOR = timedelta(days=400)  # the longest that browsers keep one (RFC 6265bis §5.6.2)


@dataclass(frozen=True)
class Pending:
    """An officer whose password was right and whose code is still to come."""

    officer_id: uuid.UUID
    username: str


def console_sign_in(officer: Principal, *, second_factor: str | None = None) -> Response:
    """Sign an officer's browser in, under a new session, and send it to the console.

    `second_factor` is what he proved beside his password or at his provider: "totp", "recovery",
    "sso". Where nothing was, an account that has a factor is asked for its code first. Called
    outside a transaction.
    """
    with transaction() as session:
        account = identity.officers.shown(session, officer)
        if account["second_factor"] and not second_factor:
            return _ask_for_code(Pending(account["id"], account["username"]))
        if "session_id" in g:
            identity.sessions.end(session, g.session_id, principal(), "sign_in_anew")
        browser = identity.device()
        cookie = identity.console_sessions.begin(session, officer, browser, second_factor)
    answer = with_session(redirect(url_for("console.front"), 303), cookie)
    _remember_device(answer, account["username"])
    _drop(answer, _PENDING)
    return answer


def with_session(answer: Response, cookie: str) -> Response:
    """Give a browser the cookie of its session; it forgets it when it is closed."""
    _set(answer, identity.SESSION_COOKIE, cookie)
    return answer


def without_session(answer: Response) -> Response:
    """Let a browser forget its session."""
    _drop(answer, identity.SESSION_COOKIE)
    return answer


def knock(username: str) -> identity.lockout.Knock:
    """Somebody at the door of an account, in this browser."""
    token = request.cookies.get(_device_cookie(username))
    return identity.lockout.Knock(username, token, address())


def pending() -> Pending:
    """Whose code this browser is asked for; Unauthenticated when it took too long."""
    opened = unseal("pending", request.cookies.get(_PENDING, ""))
    officer_id, username, until = opened if isinstance(opened, list) else ("", "", 0)
    if until < clock.now().timestamp():
        raise Unauthenticated("console.begin_again")
    return Pending(uuid.UUID(officer_id), username)


def visit() -> str:
    """A secret of this browser before it signs in, kept by `keep_visit`."""
    if "visit" not in g:
        g.visit = request.cookies.get(VISIT) or secrets.token_urlsafe(16)
    known: str = g.visit
    return known


def keep_visit(answer: Response) -> None:
    """Give a new browser its secret, once a form was bound to it."""
    if "visit" in g and VISIT not in request.cookies:
        _set(answer, VISIT, g.visit)


def _ask_for_code(waiting: Pending) -> Response:
    until = (clock.now() + _PENDING_FOR).timestamp()
    sealed = seal("pending", [str(waiting.officer_id), waiting.username, until])
    answer = redirect(url_for("account.code_form"), 303)
    _set(answer, _PENDING, sealed)
    return answer


def _remember_device(answer: Response, username: str) -> None:
    token = identity.lockout.device_token(knock(username))
    _set(answer, _device_cookie(username), token, max_age=_DEVICE_FOR)


def _device_cookie(username: str) -> str:
    """One an account: officers of several shifts share a computer."""
    return f"__Host-device-{blind('device', username.casefold())[:8]}"


def _set(answer: Response, name: str, value: str, max_age: timedelta | None = None) -> None:
    answer.set_cookie(name, value, max_age, secure=True, httponly=True, samesite="Lax")


def _drop(answer: Response, name: str) -> None:
    answer.delete_cookie(name, secure=True, httponly=True, samesite="Lax")
