"""Weather and air by hours, from Open-Meteo's JSON API or a server of one's own that speaks it.

https://open-meteo.com/en/docs and /en/docs/air-quality-api. Free for non-commercial use (CC BY 4.0,
10,000 locations a day); else with a key, at the hosts whose names begin with `customer-`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from smartcity.adapters.outbound import Answer, TrustedPool
from smartcity.core.context import per_app
from smartcity.core.errors import Permanent, Temporary
from smartcity.settings import Settings

Point = tuple[float, float]  # latitude, longitude in degrees, WGS 84
WEATHER = (
    "temperature_2m", "precipitation", "precipitation_probability", "wind_speed_10m", "weather_code"
)  # fmt: skip
AIR = ("pm2_5", "pm10")
HOURS = 48  # from this one on
HOURS_BEFORE = 11  # of air too: its index looks at twelve
MOST_POINTS = 100  # in a request: its URL stays below 2,000 characters
_SECONDS = 30.0
_LARGEST = 4 << 20  # bytes


@dataclass(frozen=True)
class Hour:
    """What a source says of an hour: a number by each name that was asked for, or None.

    °C, mm in the hour before, %, km/h, WMO code 4677; µg/m³ in the hour before.
    """

    at: datetime
    values: Mapping[str, float | None]


class Sky(Protocol):
    """Tells the hours at some points, in their order; Temporary or Permanent when it cannot."""

    def weather(self, points: Sequence[Point]) -> list[list[Hour]]:
        """`HOURS` of WEATHER."""

    def air(self, points: Sequence[Point]) -> list[list[Hour]]:
        """`HOURS_BEFORE` and `HOURS` of AIR."""


class OpenMeteo:
    """The API at two addresses, of weather and of air; those of one's own server are the same."""

    def __init__(self, url: str, air_url: str, key: str) -> None:
        self._weather = f"{url.rstrip('/')}/v1/forecast"
        self._air = f"{air_url.rstrip('/')}/v1/air-quality"
        self._key = {"apikey": key} if key else {}
        self._pool = TrustedPool("Open-Meteo", seconds=_SECONDS, largest=_LARGEST)

    def weather(self, points: Sequence[Point]) -> list[list[Hour]]:
        return self._ask(self._weather, points, WEATHER, {"wind_speed_unit": "kmh"})

    def air(self, points: Sequence[Point]) -> list[list[Hour]]:
        return self._ask(self._air, points, AIR, {"past_hours": str(HOURS_BEFORE)})

    def _ask(
        self, url: str, points: Sequence[Point], names: Sequence[str], more: Mapping[str, str]
    ) -> list[list[Hour]]:
        found: list[list[Hour]] = []
        for begins in range(0, len(points), MOST_POINTS):
            some = points[begins : begins + MOST_POINTS]
            answer = self._pool.request(
                "GET", url, fields={**_query(some, names), **more, **self._key}
            )
            found += _places(answer, len(some), names)
        return found


@per_app
def sky(settings: Settings) -> Sky | None:
    """The configured source; None where there is none."""
    if not settings.sky_url:
        return None
    return OpenMeteo(settings.sky_url, settings.sky_air_url or settings.sky_url, settings.sky_key)


def _query(points: Sequence[Point], names: Sequence[str]) -> dict[str, str]:
    return {
        "latitude": ",".join(f"{latitude:g}" for latitude, _ in points),
        "longitude": ",".join(f"{longitude:g}" for _, longitude in points),
        "hourly": ",".join(names),
        "timeformat": "unixtime",
        "forecast_hours": str(HOURS),
    }


def _places(answer: Answer, count: int, names: Sequence[str]) -> list[list[Hour]]:
    """Of one point the answer is an object, of several a list."""
    _check(answer)
    try:
        told = answer.json()
        places = [_hours(place["hourly"], names) for place in _listed(told)]
    except (ValueError, TypeError, KeyError, OverflowError):
        raise Permanent("Open-Meteo: an answer of another form") from None
    if len(places) != count:
        raise Permanent(f"Open-Meteo: {len(places)} places for {count}")
    return places


def _listed(told: Any) -> list[Any]:
    return told if isinstance(told, list) else [told]


def _hours(hourly: Mapping[str, Sequence[Any]], names: Sequence[str]) -> list[Hour]:
    columns = zip(*(hourly[name] for name in names), strict=True)
    return [
        Hour(datetime.fromtimestamp(at, UTC), dict(zip(names, map(_number, row), strict=True)))
        for at, row in zip(hourly["time"], columns, strict=True)
    ]


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _check(answer: Answer) -> None:
    if answer.good:
        return
    reason = f"Open-Meteo: {answer.status}"
    if 400 <= answer.status < 500 and answer.status not in (408, 429):
        raise Permanent(reason)
    raise Temporary(reason, retry_after=answer.retry_after)
