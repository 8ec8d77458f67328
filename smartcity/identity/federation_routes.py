"""Raising one's assurance: a citizen shows an official identity at its provider."""

from typing import Any

import marshmallow as ma

from smartcity.core.db import transaction
from smartcity.core.fields import Instant, Schema, Text
from smartcity.core.ratelimit import limiter
from smartcity.core.web import Blueprint
from smartcity.identity import assurance, federation, standing
from smartcity.identity.credentials import session_id
from smartcity.identity.federation import LONGEST, Door
from smartcity.identity.permissions import Action, permit, principal

_HOURLY = "20 per hour"
_URL = {"example": "https://id.example.gov.vn/authorize?response_type=code&client_id=app&state=…"}
_EXPIRES = {"example": "2026-11-22T08:10:00.000+00:00", "description": "Ten minutes from now"}
_STATE = {"example": "Yx2r4dDk9V1cS0m6…", "description": "As the provider sent it back"}
_ISS = {"example": "https://id.example.gov.vn", "description": "If the provider sent it (RFC 9207)"}

blp = Blueprint("federation", __name__, url_prefix="/api/v1", description="Official identities")


class AuthorizationOut(ma.Schema):
    authorization_url = ma.fields.String(required=True, metadata=_URL)
    expires_at = Instant(required=True, metadata=_EXPIRES)


class AuthorizationIn(Schema):
    state = Text(max=LONGEST, required=True, metadata=_STATE)
    code = Text(max=LONGEST, required=True, metadata={"example": "SplxlOBeZQQYbYS6WxSbIA"})
    iss = Text(max=LONGEST, load_default=None, metadata=_ISS)


@blp.route("/me/identity", methods=["POST"])
@permit(Action.USE_ACCOUNT)
@limiter.limit(_HOURLY)
@blp.problems(401, 403, 404, 429)
@blp.response(200, AuthorizationOut)
def begin_verification() -> federation.Begun:
    """Begin to verify oneself at the province's identity provider.

    Open `authorization_url` in the system's browser. The answer comes to the app's own link, and is
    good for this session only, once. Beginning anew ends what was begun before.
    """
    begun = federation.begin(Door.CITIZENS, session_id().hex)
    with transaction() as session:
        federation.keep(session, begun)
    return begun


@blp.route("/me/identity", methods=["PUT"])
@permit(Action.USE_ACCOUNT)
@limiter.limit(_HOURLY)
@blp.problems(401, 403, 404, 409, 422, 429)
@blp.arguments(AuthorizationIn)
@blp.response(204)
def complete_verification(asked: dict[str, Any]) -> None:
    """Complete it with what the provider sent back.

    An identity verifies one account. Nothing of it is kept but a digest that tells it again.
    """
    with transaction() as session:
        exchange = federation.spend(session, Door.CITIZENS, asked["state"], session_id().hex)
    identity = federation.identify(Door.CITIZENS, exchange, asked["code"], asked["iss"])
    with transaction() as session:
        assurance.verify(session, principal(), identity)
    standing.forget(session_id())
