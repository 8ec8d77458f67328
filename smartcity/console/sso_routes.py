"""Officers come in by the province's own sign-in (OIDC); the decisions are identity's."""

import secrets
from functools import partial

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from smartcity.console.cookies import console_sign_in
from smartcity.core.context import settings
from smartcity.core.db import transaction
from smartcity.core.errors import Conflict, Forbidden, Problem
from smartcity.core.ratelimit import by_address, limiter
from smartcity.identity import service as identity
from smartcity.identity.permissions import Action, permit

COOKIE = "__Host-sso"  # ties a sign-in to the browser that began it (RFC 9700 §4.7)

blp = Blueprint("sso", __name__, url_prefix="/console/sso")
limited = partial(limiter.limit, lambda: settings().password_limit_address, key_func=by_address)


@blp.app_context_processor
def tell_door() -> dict[str, bool]:
    """Whether the sign-in page offers the province's own sign-in."""
    return {"sso": bool(settings().officer_oidc_issuer)}


@blp.get("")
@permit(Action.SIGN_IN)
@limited()
def begin_sso() -> ResponseReturnValue:
    """Send the browser to the province's provider."""
    browser = secrets.token_urlsafe(32)
    begun = identity.sso.begin(browser)
    with transaction() as session:
        identity.sso.keep(session, begun)
    answer = redirect(begun.authorization_url)
    answer.set_cookie(
        COOKIE, browser, identity.sso.SECONDS, secure=True, httponly=True, samesite="Lax"
    )
    return answer


@blp.get("/callback")
@permit(Action.SIGN_IN)
@limited()
def complete_sso() -> ResponseReturnValue:
    """Sign in whom the provider sends back, in the browser that was sent there."""
    told = request.args
    if "error" in told:
        raise _refusal(told["error"])
    with transaction() as session:
        browser = request.cookies.get(COOKIE, "")
        exchange = identity.sso.spend(session, told.get("state", ""), browser)
    vouched = identity.sso.identify(exchange, told.get("code", ""), told.get("iss"))
    with transaction() as session:
        principal = identity.sso.admit(session, vouched)
    answer = console_sign_in(principal, second_factor="sso")
    answer.delete_cookie(COOKIE, secure=True, httponly=True, samesite="Lax")
    return answer


def _refusal(error: str) -> Problem:
    """RFC 6749 §4.1.2.1: the person said no, or the provider did."""
    if error == "access_denied":
        return Forbidden("federation.denied")
    return Conflict("federation.refused")
