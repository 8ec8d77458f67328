"""The routes by which everybody looks for places beside the list."""

import uuid
from typing import Any

from flask import Response

from smartcity.changes.kept import shared
from smartcity.core.db import reading
from smartcity.core.web import Blueprint
from smartcity.guide.places import finding
from smartcity.guide.places.schemas import (
    BoxQuery,
    BusStopsOut,
    NearestPlacesOut,
    NearestQuery,
    PlaceCategoriesOut,
    PlaceMapOut,
)
from smartcity.identity.permissions import Action, permit

blp = Blueprint(
    "place_finder", __name__, url_prefix="/api/v1/places", description="Tìm địa điểm quanh đây"
)


@blp.route("/nearest")
@permit(Action.READ_PUBLIC)
@blp.problems(400, 422)
@blp.arguments(NearestQuery, location="query")
@blp.response(200, NearestPlacesOut)
def list_nearest_places(asked: dict[str, Any]) -> Response:
    """The nearest places, nearest first; what has no coordinates is at its commune's centre.

    Round coordinates to three or four digits: the question is then the same for all around.
    """
    with reading() as session:
        return shared(finding.near(session, asked))


@blp.route("/box")
@permit(Action.READ_PUBLIC)
@blp.problems(400, 422)
@blp.arguments(BoxQuery, location="query")
@blp.response(200, PlaceMapOut, content_type="application/geo+json")
def get_places_map(asked: dict[str, Any]) -> Response:
    """The places in a box as GeoJSON, 5,000 at most; `more` tells whether others are left out."""
    with reading() as session:
        return shared(finding.on_map(session, asked), "application/geo+json")


@blp.route("/categories")
@permit(Action.READ_PUBLIC)
@blp.response(200, PlaceCategoriesOut)
def list_place_categories() -> Response:
    """The categories of places with their names, and how many places each has."""
    with reading() as session:
        return shared(finding.by_category(session))


@blp.route("/<uuid:entry_id>/stops")
@permit(Action.READ_PUBLIC)
@blp.problems(404)
@blp.response(200, BusStopsOut)
def list_bus_route_stops(entry_id: uuid.UUID) -> Response:
    """The stops of a bus route on its way out, in their order."""
    with reading() as session:
        return shared(finding.stops(session, entry_id))
