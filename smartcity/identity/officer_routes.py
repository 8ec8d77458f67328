"""Officers: signing in over the API, and one's own account."""

import uuid
from typing import Any

from flask import Response

from smartcity.core.caller import address
from smartcity.core.context import settings
from smartcity.core.db import reading, transaction
from smartcity.core.paging import PageQuery, page_schema
from smartcity.core.ratelimit import by_address, limiter
from smartcity.core.web import Blueprint
from smartcity.identity import admission, officers, second_factor, sessions, standing
from smartcity.identity.credentials import device, session_id
from smartcity.identity.lockout import Knock, device_token
from smartcity.identity.officer_schemas import (
    EnrolmentOut,
    FactorCodeIn,
    NewPasswordIn,
    OfficerTokensOut,
    OwnAccountOut,
    PasswordIn,
    RecoveryCodesOut,
)
from smartcity.identity.passwords import hash_password
from smartcity.identity.permissions import Action, permit, principal
from smartcity.identity.session_schemas import SessionOut, shown

blp = Blueprint(
    "own_account", __name__, url_prefix="/api/v1/officer", description="Officers' own accounts"
)


@blp.after_request
def _never_kept(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"  # RFC 6749 §5.1
    return response


@blp.route("/auth/tokens", methods=["POST"])
@permit(Action.SIGN_IN)
@limiter.limit(lambda: settings().password_limit_address, key_func=by_address)
@blp.problems(401, 422, 429, 503)
@blp.arguments(PasswordIn)
@blp.response(200, OfficerTokensOut)
def sign_in_officer(asked: dict[str, Any]) -> dict[str, Any]:
    """Sign an officer in by password and, where set up, a second factor.

    Ten failures from one network in a quarter of an hour lock it, and only it, out of the account;
    a device that signed in before shows its `device_token`, and is counted by itself.
    """
    knock = Knock(asked["username"], asked.get("device_token"), address())
    officer, proved = admission.admit(knock, asked["password"], asked.get("otp"))
    with transaction() as session:
        tokens = sessions.begin(session, admission.principal_of(officer), device(), proved)
    return {**vars(tokens), "device_token": device_token(knock)}


@blp.route("/me", methods=["GET"])
@permit(Action.SECURE_ACCOUNT)
@blp.problems(401, 403)
@blp.response(200, OwnAccountOut)
def read_own_account() -> dict[str, Any]:
    """One's own account."""
    with reading() as session:
        return officers.shown(session, principal())


@blp.route("/me/password", methods=["PUT"])
@permit(Action.SECURE_ACCOUNT)
@blp.problems(401, 403, 422, 429, 503)
@blp.arguments(NewPasswordIn)
@blp.response(204)
def change_password(asked: dict[str, Any]) -> None:
    """Change one's own password; every other device is signed out."""
    officer = admission.password_again(principal(), asked["current"])
    hashed = hash_password(asked["new"], officer.username, field="new")
    with transaction() as session:
        officers.set_password(session, principal(), hashed, kept=session_id())
    standing.forget(session_id())


@blp.route("/me/second-factor", methods=["PUT"])
@permit(Action.SECURE_ACCOUNT)
@blp.problems(401, 403, 409)
@blp.response(200, EnrolmentOut)
def enrol_second_factor() -> second_factor.Enrolment:
    """Begin to set a second factor up.

    The secret is told this once, and counts when its first code is confirmed. Where one counts
    already the answer is 409: an administrator takes it away.
    """
    with transaction() as session:
        return second_factor.enrol(session, officers.of(session, principal()))


@blp.route("/me/second-factor/confirmation", methods=["PUT"])
@permit(Action.SECURE_ACCOUNT)
@blp.problems(401, 403, 409, 422)
@blp.arguments(FactorCodeIn)
@blp.response(200, RecoveryCodesOut)
def confirm_second_factor(asked: dict[str, Any]) -> dict[str, list[str]]:
    """Let the second factor count from now on; every other device is signed out."""
    with transaction() as session:
        codes = second_factor.confirm(session, officers.of(session, principal()), asked["code"])
        sessions.prove(session, session_id(), second_factor.TOTP)
        sessions.revoke_others(session, principal(), kept=session_id())
    standing.forget(session_id())
    return {"recovery_codes": codes}


@blp.route("/me/second-factor/recovery-codes", methods=["PUT"])
@permit(Action.SECURE_ACCOUNT)
@blp.problems(401, 403, 422, 429)
@blp.arguments(FactorCodeIn)
@blp.response(200, RecoveryCodesOut)
def renew_recovery_codes(asked: dict[str, Any]) -> dict[str, list[str]]:
    """New recovery codes for a code of the app; those of before are worth nothing."""
    admission.by_code(uuid.UUID(principal().id), principal(), asked["code"])
    with transaction() as session:
        officer = officers.of(session, principal())
        return {"recovery_codes": second_factor.renew_recovery_codes(session, officer)}


@blp.route("/me/sessions", methods=["GET"])
@permit(Action.SECURE_ACCOUNT)
@blp.problems(400, 401, 403, 422)
@blp.arguments(PageQuery, location="query")
@blp.response(200, page_schema(SessionOut))
def list_officer_sessions(asked: dict[str, Any]) -> dict[str, Any]:
    """The devices and browsers signed in, newest first; `current` is the one that asks."""
    with reading() as session:
        return shown(sessions.held(session, principal(), asked), session_id())


@blp.route("/me/sessions/<uuid:revoked>", methods=["DELETE"])
@permit(Action.SECURE_ACCOUNT)
@blp.problems(401, 403, 404)
@blp.response(204)
def revoke_officer_session(revoked: uuid.UUID) -> None:
    """Sign a device or browser out; it is refused everywhere within a minute."""
    with transaction() as session:
        sessions.revoke(session, principal(), revoked)
    standing.forget(revoked)
