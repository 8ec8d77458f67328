"""Where a centre that cannot receive fetches: events, a snapshot, and what it lacks."""

from typing import Any

from flask import Response, jsonify

from smartcity.core.db import reading, transaction
from smartcity.core.web import Blueprint, tagged
from smartcity.identity.permissions import Action, permit
from smartcity.ioc import feed, snapshot
from smartcity.ioc.credentials import centre, signed
from smartcity.ioc.feed_schemas import (
    ComparedOut,
    FeedOut,
    FeedQuery,
    HeldIn,
    OffsetIn,
    OffsetOut,
    SnapshotOut,
    SnapshotQuery,
)
from smartcity.ioc.reconciliation import inbound

_MINE = "no-store"  # by nobody but the centre itself, which may ask conditionally
blp = Blueprint(
    "ioc_feed", __name__, url_prefix="/api/v1/ioc", description="Operations centres that fetch"
)


@blp.route("/feed")
@permit(Action.PULL_EVENTS)
@signed(blp)
@blp.problems(400, 401, 403, 410, 422, 429)
@blp.arguments(FeedQuery, location="query")
@blp.response(200, FeedOut)
def read_ioc_feed(asked: dict[str, Any]) -> Response:
    """Read the caller's events in order of position, byte for byte as they are sent.

    Signed over the empty body. 410 when the next one is no longer kept: take a snapshot.
    """
    with reading() as session:
        page = feed.page(session, centre(), asked.get("after"), asked["limit"])
    tag = "-".join(str(page[name]) for name in ("after", "next", "end", "offset"))
    return tagged(jsonify(FeedOut().dump(page)), f'"{tag}"', _MINE)


@blp.route("/feed/offset", methods=["PUT"])
@permit(Action.PULL_EVENTS)
@signed(blp)
@blp.problems(401, 403, 409, 429)
@blp.arguments(OffsetIn)
@blp.response(200, OffsetOut)
def commit_ioc_offset(asked: dict[str, Any]) -> dict[str, Any]:
    """Say up to where the events are kept safely; all up to there count as delivered.

    409 for a step back without `reset`; every step back is audited.
    """
    return feed.commit(centre(), asked["position"], asked["reset"])


@blp.route("/snapshot")
@permit(Action.PULL_EVENTS)
@signed(blp)
@blp.problems(400, 401, 403, 422, 429)
@blp.arguments(SnapshotQuery, location="query")
@blp.response(200, SnapshotOut)
def read_ioc_snapshot(asked: dict[str, Any]) -> dict[str, Any]:
    """Read the present state of all reports that the caller hears, by its filter of today.

    The feed above `position` goes on from it; drop what is not above a report's `sequence`.
    """
    with reading() as session:
        return snapshot.page(session, centre(), asked.get("cursor"), asked["limit"])


@blp.route("/reconciliation", methods=["POST"])
@permit(Action.PULL_EVENTS)
@signed(blp)
@blp.problems(400, 401, 403, 413, 422, 429)
@blp.arguments(HeldIn)
@blp.response(200, ComparedOut)
def reconcile_ioc(asked: dict[str, Any]) -> dict[str, Any]:
    """Compare what the caller holds of some reports with what was delivered to it.

    What agrees is acknowledged; what does not is listed, here and to our officers.
    """
    with transaction() as session:
        return inbound.compare(session, centre(), asked)
