"""Officers watch deliveries to operations centres, send them once more, give them up."""

import uuid
from typing import Any

from flask import Response
from sqlalchemy.orm import Session

from smartcity.core.db import reading, transaction
from smartcity.core.export import csv_file
from smartcity.core.idempotency import idempotent
from smartcity.core.paging import Page, page_schema
from smartcity.core.web import Blueprint
from smartcity.identity.permissions import Action, permit, principal
from smartcity.ioc import deliveries, replaying, replays, standing
from smartcity.ioc.delivery_schemas import (
    DeedIn,
    DeliveryDetailOut,
    DeliveryFilter,
    DeliveryOut,
    DeliveryQuery,
    ReplayBegunOut,
    ReplayIn,
    ReplayOut,
    StandingList,
    StandingOut,
)
from smartcity.ioc.models import Replay

_ONE = "/destinations/<destination>/deliveries/<uuid:event_id>"
blp = Blueprint(
    "deliveries", __name__, url_prefix="/api/v1/officer", description="Deliveries to centres"
)


@blp.route("/destinations")
@permit(Action.READ_DELIVERIES)
@blp.problems(401, 403)
@blp.response(200, StandingList)
def list_standings() -> dict[str, Any]:
    """How each destination stands: what waits for it, since when, and what holds it back."""
    with reading() as session:
        return {"items": standing.standings(session)}


@blp.route("/destinations/<destination>/pause", methods=["PUT"])
@permit(Action.MANAGE_DELIVERIES)
@blp.problems(401, 403, 404, 422)
@blp.arguments(DeedIn)
@blp.response(200, StandingOut)
def pause_destination(asked: dict[str, Any], destination: str) -> Any:
    """Send a destination nothing until it is resumed; what is on its way ends normally."""
    with transaction() as session:
        standing.pause(session, principal().key, destination, asked["reason"])
        return standing.of(session, destination)


@blp.route("/destinations/<destination>/resumption", methods=["PUT"])
@permit(Action.MANAGE_DELIVERIES)
@blp.problems(401, 403, 404, 422)
@blp.arguments(DeedIn)
@blp.response(200, StandingOut)
def resume_destination(asked: dict[str, Any], destination: str) -> Any:
    """Send again to a destination that was paused, or disabled by its answer 410."""
    with transaction() as session:
        standing.resume(session, principal().key, destination, asked["reason"])
        return standing.of(session, destination)


@blp.route("/deliveries")
@permit(Action.READ_DELIVERIES)
@blp.problems(400, 401, 403, 404, 422)
@blp.arguments(DeliveryQuery, location="query")
@blp.response(200, page_schema(DeliveryOut))
def list_deliveries(asked: dict[str, Any]) -> Page[dict[str, Any]]:
    """Deliveries, newest event first; 404 for a report that is not there."""
    with reading() as session:
        return deliveries.listed(session, asked)


@blp.route("/deliveries.csv")
@permit(Action.READ_DELIVERIES)
@blp.problems(400, 401, 403, 404, 422)
@blp.arguments(DeliveryFilter, location="query")
@blp.response(200, {"type": "string"}, content_type="text/csv")
def export_deliveries(asked: dict[str, Any]) -> Response:
    """The list as a CSV file for a spreadsheet, 100,000 deliveries at most; recorded each time."""
    with transaction() as session:
        deliveries.begin_export(session, principal().key, asked)
    return csv_file("deliveries", deliveries.lines(asked))


@blp.route(_ONE)
@permit(Action.READ_DELIVERIES)
@blp.problems(401, 403, 404)
@blp.response(200, DeliveryDetailOut)
def get_delivery(destination: str, event_id: uuid.UUID) -> dict[str, Any]:
    """A delivery with its attempts, and what was sent."""
    with reading() as session:
        return deliveries.one(session, principal(), destination, event_id)


@blp.route(f"{_ONE}/replay", methods=["PUT"])
@permit(Action.MANAGE_DELIVERIES)
@blp.problems(401, 403, 404, 409)
@blp.response(200, DeliveryDetailOut)
def replay_delivery(destination: str, event_id: uuid.UUID) -> dict[str, Any]:
    """Send one delivery once more, in its report's order: what is dead, waits, or has arrived."""
    with transaction() as session:
        replaying.replay(session, principal().key, destination, event_id)
        return deliveries.one(session, principal(), destination, event_id)


@blp.route(f"{_ONE}/skip", methods=["PUT"])
@permit(Action.MANAGE_DELIVERIES)
@blp.problems(401, 403, 404, 409, 422)
@blp.arguments(DeedIn)
@blp.response(200, DeliveryDetailOut)
def skip_delivery(asked: dict[str, Any], destination: str, event_id: uuid.UUID) -> dict[str, Any]:
    """Give one delivery up and let the next of its report go; a replay takes it back."""
    with transaction() as session:
        replaying.skip(session, principal().key, destination, event_id, asked["reason"])
        return deliveries.one(session, principal(), destination, event_id)


@blp.route("/replays", methods=["POST"])
@permit(Action.MANAGE_DELIVERIES)
@blp.problems(400, 401, 403, 404, 409, 422)
@blp.arguments(ReplayIn)
@idempotent
@blp.response(202, ReplayBegunOut)
def replay_deliveries(session: Session, asked: dict[str, Any]) -> dict[str, Any]:
    """Send many deliveries once more, in the background; `dry_run` only counts them."""
    name, reason = asked.pop("destination"), asked.pop("reason")
    if asked["dry_run"]:
        return {"matching": replays.count(session, name, asked), "replay": None}
    replay, matching = replays.begin(session, principal().key, name, asked, reason)
    return {"matching": matching, "replay": replay}


@blp.route("/replays/<uuid:replay_id>")
@permit(Action.READ_DELIVERIES)
@blp.problems(401, 403, 404)
@blp.response(200, ReplayOut)
def get_replay(replay_id: uuid.UUID) -> Replay:
    """A replay and how far it came."""
    with reading() as session:
        return replays.find(session, replay_id)
