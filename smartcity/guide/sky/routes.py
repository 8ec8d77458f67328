"""Everybody reads the weather and the air of a commune."""

from typing import Any

from flask import Response

from smartcity.changes.kept import shared
from smartcity.core.db import reading
from smartcity.core.web import Blueprint
from smartcity.guide.sky import answering
from smartcity.guide.sky.schemas import AirOut, SkyQuery, WeatherOut
from smartcity.identity.permissions import Action, permit

blp = Blueprint("sky", __name__, url_prefix="/api/v1", description="Thời tiết, không khí")


@blp.route("/weather")
@permit(Action.READ_PUBLIC)
@blp.problems(404, 422)
@blp.arguments(SkyQuery, location="query")
@blp.response(200, WeatherOut)
def get_weather(asked: dict[str, Any]) -> Response:
    """The weather of a commune, hour by hour, as its source last said; 404 when it said nothing."""
    with reading() as session:
        return shared(answering.weather(session, asked["ward"]))


@blp.route("/air")
@permit(Action.READ_PUBLIC)
@blp.problems(404, 422)
@blp.arguments(SkyQuery, location="query")
@blp.response(200, AirOut)
def get_air(asked: dict[str, Any]) -> Response:
    """Fine dust in the air of a commune, hour by hour, with the Vietnamese index (VN_AQI).

    Figures of a model of some tens of kilometres, not of a station in the street.
    """
    with reading() as session:
        return shared(answering.air(session, asked["ward"]))
