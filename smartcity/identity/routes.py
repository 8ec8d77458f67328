"""Signing in and out, and one's own account."""

import uuid
from typing import Any

from flask import Response

from smartcity.core.context import settings
from smartcity.core.db import reading, transaction
from smartcity.core.errors import Invalid, Unauthenticated
from smartcity.core.ratelimit import by_address, limiter
from smartcity.core.web import Blueprint
from smartcity.identity import codes, sessions, standing
from smartcity.identity.account import account
from smartcity.identity.credentials import device, session_id
from smartcity.identity.permissions import Action, permit, principal
from smartcity.identity.schemas import (
    AccountOut,
    ChallengeIn,
    ChallengeOut,
    CodeIn,
    RefreshIn,
    TokensOut,
)

blp = Blueprint("identity", __name__, url_prefix="/api/v1", description="Signing in and out")


@blp.after_request
def _never_kept(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"  # RFC 6749 §5.1
    return response


@blp.route("/auth/otp", methods=["POST"])
@permit(Action.SIGN_IN)
@limiter.limit(lambda: settings().otp_limit_address, key_func=by_address)
@blp.problems(409, 422, 429)
@blp.arguments(ChallengeIn)
@blp.response(202, ChallengeOut)
def request_code(asked: dict[str, Any]) -> dict[str, Any]:
    """Send a one-time code by SMS or Zalo.

    Who asks again gets it the other way, where there are two. The answer is the same for a number
    that is known and one that is not.
    """
    with transaction() as session:
        made = codes.challenge(session, asked["phone"], asked.get("installation_id"))
    return {"id": made.id, "expires_in": settings().otp_lifetime}


@blp.route("/auth/tokens", methods=["POST"])
@permit(Action.SIGN_IN)
@blp.problems(422)
@blp.arguments(CodeIn)
@blp.response(200, TokensOut)
def sign_in(asked: dict[str, Any]) -> sessions.Tokens:
    """Sign a citizen in by a one-time code.

    A code may be tried five times and is spent once. Wrong, expired, spent and unknown codes get
    the same answer.
    """
    with transaction() as session:
        tokens = codes.redeem(session, **asked, device=device())
    if tokens is None:  # after the commit: a wrong try counts
        raise Invalid(code="identity.code_wrong")
    return tokens


@blp.route("/auth/refresh", methods=["POST"])
@permit(Action.SIGN_IN)
@blp.problems(401, 422)
@blp.arguments(RefreshIn)
@blp.response(200, TokensOut)
def refresh_session(asked: dict[str, Any]) -> sessions.Tokens:
    """Change a refresh token for the next one.

    The same token again within 30 seconds gets the same next one. Later the session ends, since
    somebody else may hold a copy.
    """
    with transaction() as session:
        tokens = sessions.refresh(session, **asked)
    if tokens is None:  # after the commit: the session may have ended by it
        raise Unauthenticated("identity.session_over")
    return tokens


@blp.route("/auth/session", methods=["DELETE"])
@permit(Action.SIGN_OUT)
@blp.problems(401, 403)
@blp.response(204)
def sign_out() -> None:
    """Sign this device out."""
    with transaction() as session:
        sessions.end(session, session_id(), principal(), "sign_out")
    standing.forget(session_id())


@blp.route("/me", methods=["GET"])
@permit(Action.USE_ACCOUNT)
@blp.problems(401, 403)
@blp.response(200, AccountOut)
def read_account() -> dict[str, Any]:
    """One's own account."""
    with reading() as session:
        return account(session, uuid.UUID(principal().id))
