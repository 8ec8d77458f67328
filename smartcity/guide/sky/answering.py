"""What a commune's sky is, as JSON; it follows from what was taken over, never from the hour."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import orjson
from sqlalchemy.orm import Session

from smartcity.areas import service as areas
from smartcity.changes.kept import TAKEN_BACK
from smartcity.core.errors import NotFound
from smartcity.core.texts import catalogue, text
from smartcity.guide.models import Forecast
from smartcity.guide.sky import aqi
from smartcity.guide.sky.forecasting import AIR_KIND, WEATHER_KIND
from smartcity.guide.sky.grid import cell_of

FRESH = timedelta(hours=3)  # then an app says since when
METHOD = "VN_AQI, 1459/QĐ-TCMT (2019): PM2.5, PM10"


def weather(session: Session, ward: str) -> bytes:
    """The weather of a commune by hours; NotFound where nothing is known of it."""
    found = _found(session, ward, WEATHER_KIND)
    slots = [
        {
            "at": slot["at"],
            "temperature": slot["temperature_2m"],
            "rain": slot["precipitation"],
            "rain_probability": slot["precipitation_probability"],
            "wind": slot["wind_speed_10m"],
            **_sky(slot["weather_code"]),
        }
        for slot in found.slots
    ]
    return orjson.dumps({**_standing(ward, found), "slots": slots})


def air(session: Session, ward: str) -> bytes:
    """The air of a commune by hours, likewise."""
    found = _found(session, ward, AIR_KIND)
    slots = [
        {"at": slot["at"], "pm2_5": slot["pm2_5"], "pm10": slot["pm10"], **_index(slot["vn_aqi"])}
        for slot in found.slots
    ]
    classes = [_class(name) for name in aqi.COLOURS]
    told = {"method": METHOD, "classes": classes, "slots": slots}
    return orjson.dumps({**_standing(ward, found), **told})


def _found(session: Session, ward: str, kind: str) -> Forecast:
    found = session.get(Forecast, (cell_of(areas.reference().areas[ward]), kind))
    if found is None:
        raise NotFound("sky.none", headers=TAKEN_BACK)
    return found


def _standing(ward: str, found: Forecast) -> dict[str, Any]:
    at = found.fetched_at.replace(microsecond=0)
    return {"ward": ward, "source": found.source, "fetched_at": at, "fresh_until": at + FRESH}


def _sky(code: float | None) -> dict[str, Any]:
    """The code of the weather (WMO 4677), and its words if it has any."""
    whole = None if code is None else int(code)
    key = f"sky.code.{whole}"
    words = _both(key) if key in catalogue() else dict.fromkeys(("vi", "en"))
    return {"code": whole, "words": words["vi"], "words_en": words["en"]}


def _index(index: int | None) -> dict[str, Any]:
    return {"vn_aqi": index, "class": None if index is None else aqi.class_of(index)}


def _class(name: str) -> dict[str, Any]:
    told: dict[str, Any] = {"class": name, "colour": aqi.COLOURS[name]}
    for field in ("title", "advice", "advice_sensitive"):
        words = _both(f"sky.air.{name}.{field}")
        told |= {field: words["vi"], f"{field}_en": words["en"]}
    return told


def _both(key: str) -> Mapping[str, str]:
    return {language: text(key, language) for language in ("vi", "en")}
