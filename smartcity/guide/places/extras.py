"""What is said of a place beside what is said of every place: one schema per category."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from marshmallow import validate

from smartcity.core.fields import Schema, Text
from smartcity.registers.service import address, ward_field

_DONG = {"description": "In dong; 0 for free", "example": 60000}
_HOUR = {"example": "05:30"}


def _word(example: str) -> Text:
    return Text(max=200, metadata={"example": example})


def _words(example: str) -> ma.fields.List[str]:
    return ma.fields.List(_word(example), validate=validate.Length(max=60))


def _one_of(*choices: str) -> ma.fields.String:
    return ma.fields.String(validate=validate.OneOf(choices), metadata={"example": choices[0]})


def _count(example: int, least: int = 0) -> ma.fields.Integer:
    within = validate.Range(least, 1_000_000)
    return ma.fields.Integer(strict=True, validate=within, metadata={"example": example})


def _dong() -> ma.fields.Integer:
    return ma.fields.Integer(strict=True, validate=validate.Range(0, 100_000_000), metadata=_DONG)


class HospitalExtras(Schema):
    """Of a hospital; `insurance`: treats on health insurance."""

    level = _one_of("central", "province", "district_area", "commune", "private")
    emergency = ma.fields.Boolean()
    insurance = ma.fields.Boolean()
    beds = _count(900)
    departments = _words("Nhi")


class PharmacyExtras(Schema):
    """Of a pharmacy; on `duty_days` it is on duty all night (trực)."""

    night = ma.fields.Boolean()
    duty_days = ma.fields.List(
        ma.fields.Date(metadata={"example": "2026-11-28"}), validate=validate.Length(max=400)
    )


class SchoolExtras(Schema):
    """Of a school."""

    stage = _one_of(
        "kindergarten", "primary", "lower_secondary", "upper_secondary", "continuing",
        "vocational", "university",
    )  # fmt: skip
    ownership = _one_of("public", "private")


class BusStopExtras(Schema):
    """Of a bus stop; `routes` are their numbers."""

    routes = _words("01")
    shelter = ma.fields.Boolean()


class BusRouteExtras(Schema):
    """Of a bus route; `stops` are keys of places, in the order of the way out."""

    number = Text(max=20, metadata={"example": "01"})
    origin = Text(max=200, data_key="from", metadata={"example": "Ga Hải Phòng"})
    to = _word("Đồ Sơn")
    first = ma.fields.Time("%H:%M", metadata=_HOUR)
    last = ma.fields.Time("%H:%M", metadata={"example": "20:30"})
    every_minutes = _count(20, least=1)
    fare = _dong()
    stops = ma.fields.List(
        ma.fields.String(
            validate=validate.Length(1, 80), metadata={"example": "diem-dung-ga-hai-phong"}
        ),
        validate=validate.Length(max=200),
    )
    operator = _word("Công ty vận tải hành khách")


class ParkingExtras(Schema):
    """Of a place to park."""

    vehicles = ma.fields.List(_one_of("car", "motorbike", "bicycle", "coach"))
    spaces = _count(120)
    fee = _word("Ô tô 20.000 đồng/4 giờ")


class MarketExtras(Schema):
    """Of a market; `days` on which it meets, if not every day."""

    trade = _one_of("retail", "wholesale", "night", "rural")
    days = _word("Ngày 2, 7 âm lịch")
    specialities = _words("Hải sản")


class AttractionExtras(Schema):
    """Of a sight; `heritage` is how it is listed."""

    style = _one_of(
        "beach", "island", "cave", "temple", "pagoda", "communal_house", "church", "park",
        "theatre", "historic_site", "festival_ground", "other",
    )  # fmt: skip
    ticket_adult = _dong()
    ticket_child = _dong()
    heritage = _word("Di tích quốc gia đặc biệt")


class CraftVillageExtras(Schema):
    """Of a craft village (làng nghề); `recognised` is a year."""

    craft = _word("Gốm")
    products = _words("ấm chén")
    recognised = ma.fields.Integer(
        strict=True, validate=validate.Range(1900, 2100), metadata={"example": 2005}
    )


class MuseumExtras(Schema):
    """Of a museum."""

    ticket_adult = _dong()
    ticket_child = _dong()


class HotlineExtras(Schema):
    """Of a number to call; `always`: by day and by night."""

    serves = Text(max=500, metadata={"example": "Báo cháy, cứu nạn, cứu hộ"})
    free = ma.fields.Boolean()
    always = ma.fields.Boolean()


class OneStopShopExtras(Schema):
    """Of a one-stop shop (bộ phận một cửa); `serves` communes."""

    level = _one_of("city", "commune")
    serves = ma.fields.List(ward_field(), validate=validate.Length(max=200))
    online_booking = address(metadata={"example": "https://dichvucong.gov.vn/"})


class CommunityTeamExtras(Schema):
    """Of a community digital team (tổ công nghệ số cộng đồng)."""

    members = _count(9, least=1)
    lead = _word("Tổ trưởng")


class NoExtras(Schema):
    """Of a place of which nothing more is said."""


EXTRAS: Mapping[str, type[Schema]] = {
    "hospital": HospitalExtras,
    "pharmacy": PharmacyExtras,
    "school": SchoolExtras,
    "bus_stop": BusStopExtras,
    "bus_route": BusRouteExtras,
    "parking": ParkingExtras,
    "market": MarketExtras,
    "attraction": AttractionExtras,
    "craft_village": CraftVillageExtras,
    "museum": MuseumExtras,
    "library": NoExtras,
    "park": NoExtras,
    "police": NoExtras,
    "post_office": NoExtras,
    "bank": NoExtras,
    "charging_station": NoExtras,
    "hotline": HotlineExtras,
    "one_stop_shop": OneStopShopExtras,
    "community_team": CommunityTeamExtras,
}
CATEGORIES = tuple(EXTRAS)
_SCHEMAS = {category: schema() for category, schema in EXTRAS.items()}  # to make one is slow
_NONE = NoExtras()
ACCESS = (
    "ramp", "lift", "accessible_toilet", "reserved_parking", "tactile_paving", "sign_language",
    "braille", "step_free",
)  # fmt: skip


class Extras(ma.fields.Field[Any]):
    """An object whose fields follow from the `category` beside it; refused with their names."""

    alternatives = tuple(dict.fromkeys(EXTRAS.values()))

    def schema_of(self, category: object) -> Schema:
        """The schema of a category's fields."""
        return _SCHEMAS.get(category if isinstance(category, str) else "", _NONE)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> Any:  # noqa: ARG002
        schema = self.schema_of(data.get("category") if isinstance(data, Mapping) else None)
        return schema.dump(schema.load(value))  # as it is kept
