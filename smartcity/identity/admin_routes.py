"""An admin keeps officers' accounts.

Changes of what an admin saw need If-Match; closing and opening an account do not, since their
outcome is the same whatever stood there.
"""

import uuid
from typing import Any

from smartcity.core.db import reading, transaction
from smartcity.core.paging import Page, page_schema
from smartcity.core.web import Blueprint, conditional, expected_version
from smartcity.identity import officer_accounts as accounts
from smartcity.identity.admin_schemas import (
    OfficerChangeIn,
    OfficerIn,
    OfficerOut,
    OfficerQuery,
    ReasonIn,
)
from smartcity.identity.models import Officer
from smartcity.identity.passwords import hash_password
from smartcity.identity.permissions import Action, permit, principal

blp = Blueprint("admin", __name__, url_prefix="/api/v1/admin", description="Administration")


@blp.route("/officers")
@permit(Action.MANAGE_OFFICERS)
@blp.problems(400, 401, 403, 422)
@blp.arguments(OfficerQuery, location="query")
@blp.response(200, page_schema(OfficerOut))
def list_officers(asked: dict[str, Any]) -> Page[Officer]:
    """Officers' accounts, newest first."""
    with reading() as session:
        return accounts.listed(session, asked)


@blp.route("/officers", methods=["POST"])
@permit(Action.MANAGE_OFFICERS)
@blp.problems(401, 403, 422, 503)
@blp.arguments(OfficerIn)
@blp.response(201, OfficerOut)
def create_officer(asked: dict[str, Any]) -> Officer:
    """Make an account with a temporary password, which its officer has to change.

    No `Idempotency-Key` is taken: it would keep a digest of the password. The name is unique, so a
    repeat is refused.
    """
    hashed = hash_password(asked.pop("password"), asked["username"])
    with transaction() as session:
        return accounts.create(session, principal(), hashed, asked)


@blp.route("/officers/<uuid:officer_id>", methods=["PATCH"])
@permit(Action.MANAGE_OFFICERS)
@conditional
@blp.problems(401, 403, 404, 409, 412, 422, 428)
@blp.arguments(OfficerChangeIn)
@blp.response(200, OfficerOut)
def change_officer(asked: dict[str, Any], officer_id: uuid.UUID) -> Officer:
    """Give an officer another role, agency or name; it holds everywhere within a minute."""
    version = expected_version()
    with transaction() as session:
        return accounts.change(session, principal(), officer_id, version, asked)


@blp.route("/officers/<uuid:officer_id>/deactivation", methods=["PUT"])
@permit(Action.MANAGE_OFFICERS)
@blp.problems(401, 403, 404, 409, 422)
@blp.arguments(ReasonIn)
@blp.response(200, OfficerOut)
def deactivate_officer(asked: dict[str, Any], officer_id: uuid.UUID) -> Officer:
    """Close an account; its sessions end everywhere within a minute."""
    with transaction() as session:
        return accounts.deactivate(session, principal(), officer_id, **asked)


@blp.route("/officers/<uuid:officer_id>/deactivation", methods=["DELETE"])
@permit(Action.MANAGE_OFFICERS)
@blp.problems(401, 403, 404)
@blp.response(200, OfficerOut)
def reactivate_officer(officer_id: uuid.UUID) -> Officer:
    """Open a closed account again."""
    with transaction() as session:
        return accounts.reactivate(session, principal(), officer_id)


@blp.route("/officers/<uuid:officer_id>/second-factor-reset", methods=["PUT"])
@permit(Action.MANAGE_OFFICERS)
@blp.problems(401, 403, 404, 409, 422)
@blp.arguments(ReasonIn)
@blp.response(200, OfficerOut)
def reset_officer_second_factor(asked: dict[str, Any], officer_id: uuid.UUID) -> Officer:
    """Let an officer who lost his second factor set it up anew; his sessions end."""
    with transaction() as session:
        return accounts.reset_second_factor(session, principal(), officer_id, **asked)
