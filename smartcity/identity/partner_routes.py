"""An admin keeps the keys of partners.

No `Idempotency-Key` is taken where a key is made: it would store the answer, and so the secret. A
key whose answer was lost is revoked or rotated.
"""

import uuid
from datetime import timedelta
from typing import Any

from smartcity.core.db import reading, transaction
from smartcity.core.paging import Page, page_schema
from smartcity.core.web import Blueprint, conditional, expected_version
from smartcity.identity import partner_keys, partners
from smartcity.identity.admin_schemas import (
    NewKeyOut,
    PartnerChangeIn,
    PartnerIn,
    PartnerOut,
    PartnerQuery,
    RotationIn,
)
from smartcity.identity.partner_models import Partner
from smartcity.identity.permissions import Action, permit, principal

blp = Blueprint("partners", __name__, url_prefix="/api/v1/admin", description="Partners' keys")


@blp.route("/partner-keys")
@permit(Action.MANAGE_PARTNERS)
@blp.problems(400, 401, 403, 422)
@blp.arguments(PartnerQuery, location="query")
@blp.response(200, page_schema(PartnerOut))
def list_partner_keys(asked: dict[str, Any]) -> Page[Partner]:
    """Partners, newest first."""
    with reading() as session:
        return partners.listed(session, asked)


@blp.route("/partner-keys", methods=["POST"])
@permit(Action.MANAGE_PARTNERS)
@blp.problems(401, 403, 422)
@blp.arguments(PartnerIn)
@blp.response(201, NewKeyOut)
def create_partner_key(asked: dict[str, Any]) -> dict[str, Any]:
    """Make a partner's key; it is shown in this answer and never again."""
    with transaction() as session:
        partner, key = partners.create(session, principal().key, asked)
    return {"partner": partner, "key": key}


@blp.route("/partner-keys/<uuid:partner_id>", methods=["PATCH"])
@permit(Action.MANAGE_PARTNERS)
@conditional
@blp.problems(401, 403, 404, 409, 412, 422, 428)
@blp.arguments(PartnerChangeIn)
@blp.response(200, PartnerOut)
def change_partner_key(asked: dict[str, Any], partner_id: uuid.UUID) -> Partner:
    """Give a key another name, other grants or another limit; it holds within a minute."""
    version = expected_version()
    with transaction() as session:
        changed = partners.change(session, principal().key, partner_id, version, asked)
    partner_keys.forget(partner_id)
    return changed


@blp.route("/partner-keys/<uuid:partner_id>/rotation", methods=["POST"])
@permit(Action.MANAGE_PARTNERS)
@conditional
@blp.problems(401, 403, 404, 409, 412, 422, 428)
@blp.arguments(RotationIn)
@blp.response(201, NewKeyOut)
def rotate_partner_key(asked: dict[str, Any], partner_id: uuid.UUID) -> dict[str, Any]:
    """Make a second key; the present one stays good for some days."""
    version, grace = expected_version(), timedelta(days=asked["grace_days"])
    with transaction() as session:
        rotated, key = partners.rotate(session, principal().key, partner_id, version, grace)
    partner_keys.forget(partner_id)
    return {"partner": rotated, "key": key}


@blp.route("/partner-keys/<uuid:partner_id>/revocation", methods=["PUT"])
@permit(Action.MANAGE_PARTNERS)
@blp.problems(401, 403, 404)
@blp.response(200, PartnerOut)
def revoke_partner_key(partner_id: uuid.UUID) -> Partner:
    """End a partner's keys; they are refused everywhere within a minute."""
    with transaction() as session:
        revoked = partners.revoke(session, principal().key, partner_id)
    partner_keys.forget(partner_id)
    return revoked
