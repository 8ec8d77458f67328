"""A source of weather and air that speaks Open-Meteo's API, and says the same of an hour each time.

`GET /v1/forecast` and `GET /v1/air-quality` take `latitude`, `longitude`, `hourly`, `past_hours`,
`forecast_hours` and `timeformat=unixtime`; what they do not know they refuse as the real one does.
`GET /asked` tells the queries. `PUT /faults` breaks it, `DELETE /faults` mends it:

    error    the status that the fault names, with Retry-After where it names that
    page     a page of HTML
    short    one place less than was asked for
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from smartcity.sandbox.faults import ERROR, Faults
from smartcity.sandbox.server import Server

_HOUR = 3_600
_CODES = (0, 1, 2, 3, 45, 51, 61, 63, 80, 95)
Formula = Callable[[float, float], float]


def _wave(hour: float, period: float, shift: float) -> float:
    """Between 0 and 1, over and over."""
    return (1 + math.sin(2 * math.pi * hour / period + shift)) / 2


# By hours since 1970 and the sum of the coordinates, in the units of the real ones.
_WEATHER: Mapping[str, Formula] = {
    "temperature_2m": lambda hour, place: round(17 + 9 * _wave(hour, 24, place), 1),
    "precipitation": lambda hour, place: round(max(0.0, 8 * _wave(hour, 31, place) - 5), 1),
    "precipitation_probability": lambda hour, place: round(100 * _wave(hour, 31, place)),
    "wind_speed_10m": lambda hour, place: round(4 + 18 * _wave(hour, 17, place), 1),
    "weather_code": lambda hour, place: _CODES[int(9.99 * _wave(hour, 31, place))],
}
_AIR: Mapping[str, Formula] = {
    "pm2_5": lambda hour, place: round(15 + 60 * _wave(hour, 40, place), 1),
    "pm10": lambda hour, place: round(25 + 80 * _wave(hour, 40, place), 1),
}


class Sky(Server):
    """The server; with a `key`, it answers only to who brings it."""

    def __init__(self, key: str = "", port: int = 0) -> None:
        super().__init__(port)
        self._key = key
        self._asked: list[dict[str, str]] = []
        self._lock = threading.Lock()
        self._faults = Faults(ERROR, "page", "short")
        self.app.register_blueprint(self._faults.routes())
        self.app.get("/v1/forecast", endpoint="weather")(lambda: self._give(_WEATHER))
        self.app.get("/v1/air-quality", endpoint="air")(lambda: self._give(_AIR))
        self.app.get("/asked", endpoint="asked")(lambda: jsonify(self.asked()))

    def suffer(self, mode: str, **fault: object) -> None:
        """Begin a fault, as `PUT /faults` does; "none" mends."""
        self._faults.suffer({"mode": mode, **fault})

    def asked(self) -> list[dict[str, str]]:
        """What was asked for: path and query, the oldest first."""
        with self._lock:
            return list(self._asked)

    def _give(self, known: Mapping[str, Formula]) -> ResponseReturnValue:
        with self._lock:
            self._asked.append({"path": request.path, **request.args})
        fault = self._faults.strike()
        if fault and fault.mode == ERROR:
            return jsonify(error=True, reason="a fault"), fault.status, fault.headers()
        if fault and fault.mode == "page":
            return "<!DOCTYPE html><title>Open-Meteo</title>"
        if self._key and request.args.get("apikey") != self._key:
            return _refused("API key is invalid", 401)
        try:
            places = [_place(*point, known) for point in _points()]
        except ValueError as problem:
            return _refused(str(problem), 400)
        places = places[:-1] if fault else places
        return jsonify(places[0] if len(places) == 1 else places)


def _points() -> list[tuple[float, float]]:
    latitudes, longitudes = (
        [float(each) for each in _asked(name).split(",")] for name in ("latitude", "longitude")
    )
    if len(latitudes) != len(longitudes):
        raise ValueError(
            "Parameter 'latitude' and 'longitude' must have the same number of elements"
        )
    if request.args.get("timeformat") != "unixtime":
        raise ValueError("this sandbox speaks only timeformat=unixtime")
    return list(zip(latitudes, longitudes, strict=True))


def _place(latitude: float, longitude: float, known: Mapping[str, Formula]) -> dict[str, Any]:
    wanted = _asked("hourly").split(",")
    if unknown := set(wanted) - set(known):
        raise ValueError(f"Data corrupted at path ''. Cannot initialize {min(unknown)}")
    hours = _hours()
    columns: dict[str, Sequence[float]] = {
        name: [known[name](hour, latitude + longitude) for hour in hours] for name in wanted
    }
    times = [hour * _HOUR for hour in hours]
    place = {"latitude": latitude, "longitude": longitude, "utc_offset_seconds": 0}
    return {**place, "timezone": "GMT", "hourly": {"time": times, **columns}}


def _asked(name: str) -> str:
    if name not in request.args:
        raise ValueError(f"Value of parameter '{name}' is missing")
    return request.args[name]


def _hours() -> range:
    now = int(time.time()) // _HOUR
    before, after = (int(request.args.get(f"{name}_hours", 0)) for name in ("past", "forecast"))
    return range(now - before, now + after)


def _refused(reason: str, status: int) -> ResponseReturnValue:
    return jsonify(error=True, reason=reason), status
