"""Officers' pages: coming in, one's own account, going out."""

import uuid

import segno
from flask import Blueprint, make_response, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from smartcity.console.cookies import (
    console_sign_in,
    knock,
    pending,
    with_session,
    without_session,
)
from smartcity.console.pages import form, shows
from smartcity.console.schemas import CODE, NEW_PASSWORD, PASSWORD
from smartcity.core.context import settings
from smartcity.core.db import reading, transaction
from smartcity.core.ratelimit import by_address, limiter
from smartcity.identity import service as identity
from smartcity.identity.permissions import Action, permit, principal

_MOST_SESSIONS = {"limit": 50}
blp = Blueprint("account", __name__, url_prefix="/console", template_folder="templates")


@blp.get("/sign-in")
@permit(Action.SIGN_IN)
def sign_in_form() -> str:
    """Ask for name and password."""
    return render_template("sign_in.html")


@blp.post("/sign-in")
@permit(Action.SIGN_IN)
@limiter.limit(lambda: settings().password_limit_address, key_func=by_address)
@shows(sign_in_form)
def sign_in() -> Response:
    """Sign an officer in by password; where he has a second factor, ask for its code next."""
    typed = form(PASSWORD)
    officer = identity.admission.by_password(knock(typed["username"]), typed["password"])
    return console_sign_in(identity.admission.principal_of(officer))


@blp.get("/sign-in/code")
@permit(Action.SIGN_IN)
def code_form() -> str:
    """Ask for a code of the second factor."""
    pending()
    return render_template("code.html")


@blp.post("/sign-in/code")
@permit(Action.SIGN_IN)
@shows(code_form)
def prove_code() -> Response:
    """Sign in by a code of the app, or by a recovery code."""
    waiting, code = pending(), form(CODE)["code"]
    proved = identity.admission.by_code(waiting.officer_id, knock(waiting.username), code)
    with reading() as session:
        officer = identity.officers.by_id(session, waiting.officer_id)
    return console_sign_in(identity.admission.principal_of(officer), second_factor=proved)


@blp.post("/sign-out")
@permit(Action.SIGN_OUT)
def sign_out() -> Response:
    """End this browser's session."""
    mine = identity.session_id()
    with transaction() as session:
        identity.sessions.end(session, mine, principal(), "sign_out")
    identity.standing.forget(mine)
    return without_session(redirect(url_for("account.sign_in_form"), 303))


@blp.get("/account")
@permit(Action.SECURE_ACCOUNT)
def account() -> str:
    """One's own account: password, second factor, and where one is signed in."""
    with reading() as session:
        mine = identity.officers.shown(session, principal())
        held = identity.sessions.held(session, principal(), _MOST_SESSIONS)
    return render_template(
        "account.html", account=mine, sessions=held.items, current=identity.session_id()
    )


@blp.post("/account/password")
@permit(Action.SECURE_ACCOUNT)
@shows(account)
def change_password() -> Response:
    """Change one's own password; every other session ends."""
    typed = form(NEW_PASSWORD)
    officer = identity.admission.password_again(principal(), typed["current"])
    hashed = identity.passwords.hash_password(typed["new"], officer.username, field="new")
    with transaction() as session:
        identity.officers.set_password(session, principal(), hashed, identity.session_id())
        cookie = _renewed(session)
    return with_session(redirect(url_for("account.account", done="password"), 303), cookie)


@blp.post("/account/second-factor")
@permit(Action.SECURE_ACCOUNT)
@shows(account)
def enrol_factor() -> str:
    """Show the secret of a new second factor, once, and ask for its first code."""
    with transaction() as session:
        officer = identity.officers.of(session, principal())
        enrolment = identity.second_factor.enrol(session, officer)
    picture = segno.make(enrolment.uri, error="m").svg_data_uri(scale=5)
    return render_template("enrolment.html", enrolment=enrolment, picture=picture)


@blp.post("/account/second-factor/confirmation")
@permit(Action.SECURE_ACCOUNT)
@shows(lambda: render_template("enrolment.html"))
def confirm_factor() -> Response:
    """Let the second factor count, and show the recovery codes, once; every other session ends."""
    code = form(CODE)["code"]
    with transaction() as session:
        officer = identity.officers.of(session, principal())
        codes = identity.second_factor.confirm(session, officer, code)
        identity.sessions.revoke_others(session, principal(), identity.session_id())
        cookie = _renewed(session, identity.second_factor.TOTP)
    identity.go_on_with(cookie)
    return with_session(_codes_shown(codes), cookie)


@blp.post("/account/recovery-codes")
@permit(Action.SECURE_ACCOUNT)
@shows(account)
def renew_recovery_codes() -> Response:
    """Show new recovery codes, once; those of before are worth nothing."""
    code, mine = form(CODE)["code"], uuid.UUID(principal().id)
    identity.admission.by_code(mine, principal(), code)
    with transaction() as session:
        officer = identity.officers.of(session, principal())
        return _codes_shown(identity.second_factor.renew_recovery_codes(session, officer))


@blp.post("/account/sessions/<uuid:revoked>/revocation")
@permit(Action.SECURE_ACCOUNT)
@shows(account)
def revoke_session(revoked: uuid.UUID) -> Response:
    """End one of one's own sessions."""
    with transaction() as session:
        identity.sessions.revoke(session, principal(), revoked)
    identity.standing.forget(revoked)
    return redirect(url_for("account.account"), 303)


def _renewed(session: Session, second_factor: str | None = None) -> str:
    """The cookie of a new session in the place of this one, as at every raise of privilege."""
    old = identity.session_id()
    return identity.console_sessions.renew(
        session, principal(), identity.device(), old, second_factor
    )


def _codes_shown(codes: list[str]) -> Response:
    return make_response(render_template("recovery_codes.html", codes=codes))
