"""A citizen names the team that helped him; everybody reads how many did."""

import uuid
from typing import Any

from flask import Response

from smartcity.core.cache import published
from smartcity.core.caller import address, network_of
from smartcity.core.db import reading, transaction
from smartcity.core.ratelimit import limiter
from smartcity.core.web import Blueprint
from smartcity.identity.permissions import Action, permit, principal
from smartcity.participation.teams import activating, figures
from smartcity.participation.teams.schemas import ReferralIn, ReferralOut, TeamFiguresOut

blp = Blueprint("teams", __name__, url_prefix="/api/v1", description="Tổ công nghệ số cộng đồng")


@blp.route("/me/referral")
@permit(Action.TAKE_PART)
@blp.problems(401, 403, 404)
@blp.response(200, ReferralOut)
def get_referral() -> dict[str, Any]:
    """Which team's code one named."""
    with reading() as session:
        return activating.told(session, uuid.UUID(principal().id))


@blp.route("/me/referral", methods=["PUT"])
@permit(Action.TAKE_PART)
@limiter.limit("30 per hour")  # of guesses
@blp.problems(401, 403, 409, 422, 429)
@blp.arguments(ReferralIn)
@blp.response(200, ReferralOut)
def name_referral(asked: dict[str, Any]) -> dict[str, Any]:
    """Nhập mã giới thiệu: once, in the account's first days; the team's commune is counted."""
    with transaction() as session:
        return activating.activate(session, principal(), asked["code"], network_of(address()))


@blp.route("/me/referral", methods=["DELETE"])
@permit(Action.TAKE_PART)
@blp.problems(401, 403, 404, 409)
@blp.response(204)
def undo_referral() -> None:
    """Bỏ mã đã nhập: within 24 hours, to name another."""
    with transaction() as session:
        activating.undo(session, principal())


@blp.route("/teams/figures")
@permit(Action.READ_PUBLIC)
@limiter.limit("600 per hour")  # of one address; whole networks of phones stand behind one
@blp.problems(429)
@blp.response(200, TeamFiguresOut)
def get_team_figures() -> Response:
    """Accounts that began with a team's help, by commune."""
    with reading() as session:
        return published(figures.by_ward(session))
