"""A citizen's rights over his data."""

import uuid
from typing import Any

from flask import Response, current_app
from sqlalchemy.orm import Session

from smartcity.adapters.storage import Missing, storage
from smartcity.core.cache import published
from smartcity.core.db import reading, transaction
from smartcity.core.errors import Conflict, NotFound
from smartcity.core.idempotency import idempotent
from smartcity.core.texts import language
from smartcity.core.web import Blueprint
from smartcity.identity import service as identity
from smartcity.identity.permissions import Action, permit, principal
from smartcity.identity.service import AccountOut
from smartcity.privacy import exports
from smartcity.privacy.requests import CANCELLED, Kind, register, settle
from smartcity.privacy.schemas import (
    AccountIn,
    ArchiveQuery,
    ConsentIn,
    ConsentsOut,
    ErasureOut,
    ExportOut,
    NumberIn,
    PolicyOut,
)

blp = Blueprint("privacy", __name__, url_prefix="/api/v1", description="Dữ liệu cá nhân")
archives = Blueprint("archives", __name__, url_prefix="/exports", description="Tệp theo liên kết")


@blp.route("/privacy/policy")
@permit(Action.READ_PUBLIC)
@blp.response(200, PolicyOut)
def get_privacy_policy() -> Response:
    """What data is used for, purpose by purpose, in both languages."""
    policy = identity.policy()
    return published(PolicyOut().dump({**vars(policy), "purposes": policy.purposes.values()}))


@blp.route("/me/consents")
@permit(Action.USE_ACCOUNT)
@blp.problems(401, 403)
@blp.response(200, ConsentsOut)
def list_consents() -> dict[str, Any]:
    """How one's consents stand, with every answer given; nothing is granted beforehand."""
    with reading() as session:
        return {"items": identity.consents_of(session, _me())}


@blp.route("/me/consents/<purpose>", methods=["PUT"])
@permit(Action.USE_ACCOUNT)
@blp.problems(401, 403, 404, 409)
@blp.arguments(ConsentIn)
@blp.response(200, ConsentsOut)
def answer_consent(asked: dict[str, Any], purpose: str) -> dict[str, Any]:
    """Grant or withdraw consent to one purpose, effective at once.

    A grant names the version of the policy that was shown; another than today's is a 409. A
    withdrawal is taken whatever version it names.
    """
    source = identity.session_id(), identity.device(), language()
    with transaction() as session:
        if identity.answer_consent(session, principal(), purpose, **asked, source=source):
            register(session, _me(), Kind.WITHDRAWAL, done=True)
        return {"items": identity.consents_of(session, _me())}


@blp.route("/me/export", methods=["POST"])
@permit(Action.USE_ACCOUNT)
@blp.problems(400, 401, 403, 409, 422, 429)
@idempotent
@blp.response(202, ExportOut)
def request_export(session: Session) -> dict[str, Any]:
    """Have an archive made of everything that is held of oneself.

    While one is being made, it is answered with that one.
    """
    return exports.shown(exports.ask(session, principal()))


@blp.route("/me/export")
@permit(Action.USE_ACCOUNT)
@blp.problems(401, 403, 404)
@blp.response(200, ExportOut)
def get_export() -> dict[str, Any]:
    """How far the newest archive is; its link is good for 24 hours, then it is destroyed."""
    with reading() as session:
        return exports.shown(exports.newest(session, _me()))


@blp.route("/me", methods=["PATCH"])
@permit(Action.USE_ACCOUNT)
@blp.problems(401, 403)
@blp.arguments(AccountIn)
@blp.response(200, AccountOut)
def correct_account(asked: dict[str, Any]) -> dict[str, Any]:
    """Correct one's own account, or choose how large letters are on one's phones."""
    with transaction() as session:
        if "display_name" in asked:
            identity.rename(session, principal(), asked["display_name"])
            register(session, _me(), Kind.CORRECTION, done=True)
        if "reading_size" in asked:
            identity.set_reading_size(session, principal(), asked["reading_size"])
        return identity.account(session, _me())


@blp.route("/me/phone", methods=["PUT"])
@permit(Action.USE_ACCOUNT)
@blp.problems(401, 403, 409)
@blp.arguments(NumberIn)
@blp.response(200, AccountOut)
def change_number(asked: dict[str, Any]) -> dict[str, Any]:
    """Move the account to a new number, proved by a code that `POST /auth/otp` sent to it.

    Every other session ends. 409 when another account has the number.
    """
    with transaction() as session:
        refusal = identity.change_number(session, principal(), identity.session_id(), **asked)
        if refusal is None:
            register(session, _me(), Kind.CORRECTION, done=True)
            return identity.account(session, _me())
    raise refusal  # after the commit: a wrong try counts


@blp.route("/me/restriction", methods=["PUT"])
@permit(Action.USE_ACCOUNT)
@blp.problems(401, 403)
@blp.response(200, AccountOut)
def restrict_processing() -> dict[str, Any]:
    """Let one's data serve one's cases only: nobody sees who reported."""
    with transaction() as session:
        if identity.restrict(session, principal()):
            register(session, _me(), Kind.RESTRICTION, done=True)
        return identity.account(session, _me())


@blp.route("/me/restriction", methods=["DELETE"])
@permit(Action.USE_ACCOUNT)
@blp.problems(401, 403, 409)
@blp.response(204)
def lift_restriction() -> None:
    """Let one's data be used as before."""
    with transaction() as session:
        if not identity.lift_restriction(session, principal()):
            raise Conflict("account.not_restricted")


@blp.route("/me", methods=["DELETE"])
@permit(Action.USE_ACCOUNT)
@blp.problems(401, 403)
@blp.response(202, ErasureOut)
def request_erasure() -> dict[str, Any]:
    """Have oneself erased when the grace is over; the cases stay, without the person.

    Until then the account works on, and `DELETE /me/erasure` takes it back.
    """
    with transaction() as session:
        erase_at, is_new = identity.ask_erasure(session, principal())
        if is_new:
            register(session, _me(), Kind.ERASURE)
        return {"erase_at": erase_at}


@blp.route("/me/erasure", methods=["DELETE"])
@permit(Action.USE_ACCOUNT)
@blp.problems(401, 403, 409)
@blp.response(204)
def cancel_erasure() -> None:
    """Keep the account after all."""
    with transaction() as session:
        if not identity.cancel_erasure(session, principal()):
            raise Conflict("account.no_erasure")
        settle(session, _me(), Kind.ERASURE, CANCELLED)


@archives.route("/<uuid:export_id>")
@permit(Action.READ_PUBLIC)
@archives.problems(404, 410)
@archives.arguments(ArchiveQuery, location="query")
@archives.response(200, description="The archive: application/zip")
def download_export(link: dict[str, Any], export_id: uuid.UUID) -> Response:
    """Fetch an archive by its link; no sign-in, until the link expires."""
    try:
        content = storage().stream(exports.opened(export_id, link["expires"], link["signature"]))
    except Missing:
        raise NotFound("export.not_found") from None
    headers = {
        "Cache-Control": "private, no-store",
        "Content-Disposition": 'attachment; filename="du-lieu-ca-nhan.zip"',
        "X-Content-Type-Options": "nosniff",
    }
    return current_app.response_class(content, 200, headers, content_type="application/zip")


def _me() -> uuid.UUID:
    return uuid.UUID(principal().id)
