"""The sky on the wire."""

from typing import Any

import marshmallow as ma
from marshmallow import validate

from smartcity.core.fields import Instant, Schema
from smartcity.guide.sky.aqi import COLOURS
from smartcity.registers.service import ward_field

_SOURCE = {"description": "To be named beside the figures", "example": "Open-Meteo.com (CC BY 4.0)"}
_FRESH = {"description": "After it, an app says since when the figures are"}
_CLASS = {"example": "moderate"}


class SkyQuery(Schema):
    """Of which commune."""

    ward = ward_field(required=True)


class _SkyOut(ma.Schema):
    ward = ma.fields.String(required=True, metadata={"example": "11359"})
    source = ma.fields.String(required=True, metadata=_SOURCE)
    fetched_at = Instant(required=True)
    fresh_until = Instant(required=True, metadata=_FRESH)


def _figure(told: str, example: float) -> ma.fields.Float:
    metadata: dict[str, Any] = {"description": told, "example": example}
    return ma.fields.Float(required=True, allow_none=True, metadata=metadata)


def _words(example: str, **options: bool) -> ma.fields.String:
    return ma.fields.String(required=True, metadata={"example": example}, **options)  # type: ignore[arg-type]


class WeatherSlotOut(ma.Schema):
    """An hour; null is what the source did not say."""

    at = Instant(required=True)
    temperature = _figure("°C, two metres above ground", 24.5)
    rain = _figure("mm in the hour before `at`", 0.4)
    rain_probability = _figure("Percent, of more than 0.1 mm", 65)
    wind = _figure("km/h, ten metres above ground", 11.2)
    code = ma.fields.Integer(
        required=True, allow_none=True, metadata={"description": "WMO 4677", "example": 61}
    )
    words = _words("Mưa nhỏ", allow_none=True)
    words_en = _words("Slight rain", allow_none=True)


class WeatherOut(_SkyOut):
    """48 hours from the one in which they were asked for."""

    slots = ma.fields.List(ma.fields.Nested(WeatherSlotOut), required=True)


class AirClassOut(ma.Schema):
    """A class of the index, and what to do in it."""

    colour = _words("#FFFF00")
    title = _words("Trung bình")
    title_en = _words("Moderate")
    advice = _words("Sinh hoạt ngoài trời bình thường.")
    advice_en = _words("Be outdoors as usual.")
    advice_sensitive = _words("Để ý ho, khó thở; khi đó vận động nhẹ lại.")
    advice_sensitive_en = _words("Watch for cough or short breath, and take it easier then.")


AirClass = AirClassOut.from_dict(
    {"class": ma.fields.String(required=True, validate=validate.OneOf(list(COLOURS)))},
    name="AirClass",
)


class _AirSlotOut(ma.Schema):
    at = Instant(required=True)
    pm2_5 = _figure("µg/m³", 31.5)
    pm10 = _figure("µg/m³", 48.0)
    vn_aqi = ma.fields.Integer(required=True, allow_none=True, metadata={"example": 63})


AirSlotOut = _AirSlotOut.from_dict(
    {"class": ma.fields.String(required=True, allow_none=True, metadata=_CLASS)}, name="AirSlotOut"
)


class AirOut(_SkyOut):
    """48 hours of fine dust with the Vietnamese index, and what its classes mean."""

    method = _words("VN_AQI, 1459/QĐ-TCMT (2019): PM2.5, PM10")
    classes = ma.fields.List(ma.fields.Nested(AirClass), required=True)
    slots = ma.fields.List(ma.fields.Nested(AirSlotOut), required=True)
