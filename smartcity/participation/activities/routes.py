"""The routes by which a citizen takes part in an activity."""

import uuid
from typing import Any

from smartcity.core.db import one_look, reading, transaction
from smartcity.core.paging import Page, PageQuery, page_schema
from smartcity.core.web import Blueprint
from smartcity.identity.permissions import Action, permit, principal
from smartcity.participation.activities import codes, registering, rolls
from smartcity.participation.activities.schemas import (
    CheckInCodeOut,
    PlacesOut,
    RegistrationIn,
    RegistrationOut,
    SeatOut,
)

_ONE = "/activities/<uuid:activity_id>"
_MINE = "/me/registrations"
blp = Blueprint("volunteering", __name__, url_prefix="/api/v1", description="Đăng ký tình nguyện")


@blp.route(f"{_ONE}/places")
@permit(Action.READ_PUBLIC)
@blp.problems(404)
@blp.response(200, PlacesOut)
def get_activity_places(activity_id: uuid.UUID) -> dict[str, int]:
    """How many places are left at this moment."""
    with one_look() as session:
        return rolls.places(session, activity_id)


@blp.route(f"{_ONE}/registration", methods=["POST"])
@permit(Action.TAKE_PART)
@blp.problems(401, 403, 404, 409, 422)
@blp.arguments(RegistrationIn)
@blp.response(201, SeatOut)
def register_for_activity(asked: dict[str, Any], activity_id: uuid.UUID) -> dict[str, Any]:
    """Register: with a place (`confirmed`), or with a turn in the waiting list (`waiting`).

    Needs no Idempotency-Key: a person has one registration, and a repeat gives it again.
    """
    with transaction() as session:
        mine, secret = registering.register(session, principal(), activity_id, asked)
        return {**registering.told(session, mine), "check_in": codes.key_of(mine, secret)}


@blp.route(f"{_ONE}/registration", methods=["DELETE"])
@permit(Action.TAKE_PART)
@blp.problems(401, 403, 409)
@blp.response(204)
def give_up_activity(activity_id: uuid.UUID) -> None:
    """Give the place up, until the activity begins; whoever has none is not refused."""
    with transaction() as session:
        registering.give_up(session, principal(), activity_id)


@blp.route(_MINE)
@permit(Action.TAKE_PART)
@blp.problems(400, 401, 403, 422)
@blp.arguments(PageQuery, location="query")
@blp.response(200, page_schema(RegistrationOut))
def list_registrations(asked: dict[str, Any]) -> Page[dict[str, Any]]:
    """One's own registrations, the newest first."""
    with reading() as session:
        return registering.listed(session, principal(), asked)


@blp.route(f"{_MINE}/<uuid:registration_id>/code")
@permit(Action.TAKE_PART)
@blp.problems(401, 403, 404, 409)
@blp.response(200, CheckInCodeOut)
def get_check_in_code(registration_id: uuid.UUID) -> dict[str, Any]:
    """A check-in code made by the server's clock, for a phone whose own is wrong."""
    with reading() as session:
        return codes.now_of(session, registering.with_place(session, principal(), registration_id))
