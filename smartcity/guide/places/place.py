"""A place of the city guide: what is kept of it, and how the public looks for it."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from marshmallow import validate

from smartcity.core.fields import Text
from smartcity.guide.phones import Phone
from smartcity.guide.places.extras import ACCESS, CATEGORIES, Extras
from smartcity.guide.places.filters import PlaceQuery, narrow
from smartcity.guide.places.hours import DAYS, as_json
from smartcity.guide.places.kept_hours import keep_hours
from smartcity.guide.places.opening_text import understood
from smartcity.guide.places.opening_words import Unclear
from smartcity.guide.places.wording import in_all_words
from smartcity.identity.permissions import Action
from smartcity.registers.service import Kind, Order, PlacedIn, Record, address

POINTLESS = ("hotline", "bus_route")  # they stand nowhere
_CATEGORY = {"example": "hospital"}
_HOURS = {"description": "As people write them", "example": "7h–11h, 13h30–17h T2–T6; 7h–11h T7"}


class PlaceRecordIn(PlacedIn):
    """A place, or an entry of a directory."""

    category = ma.fields.String(
        required=True, validate=validate.OneOf(CATEGORIES), metadata=_CATEGORY
    )
    phones = ma.fields.List(Phone(), load_default=list, validate=validate.Length(max=10))
    website = address(
        load_default=None, allow_none=True, metadata={"example": "https://benhvienviettiep.com.vn/"}
    )
    hours = Text(max=300, lines=True, load_default=None, allow_none=True, metadata=_HOURS)
    accessibility = ma.fields.List(
        ma.fields.String(validate=validate.OneOf(ACCESS), metadata={"example": "ramp"}),
        load_default=list,
        validate=validate.Length(max=len(ACCESS)),
    )
    extras = Extras(load_default=dict)

    @ma.validates("hours")
    def _understood(self, written: str | None, **_options: Any) -> None:
        try:
            understood(written or "24/24")
        except Unclear as unclear:
            raise ma.ValidationError(str(unclear)) from None

    @ma.validates_schema
    def _stands_somewhere(self, data: Mapping[str, Any], **_options: Any) -> None:
        if data.get("category") in POINTLESS and data.get("latitude") is not None:
            raise ma.ValidationError("place.no_point", "latitude")


class PeriodOut(ma.Schema):
    """Open on these days from one hour to another; until the next day if that is not later."""

    days = ma.fields.List(
        ma.fields.String(validate=validate.OneOf(DAYS), metadata={"example": "mon"}), required=True
    )
    opens = ma.fields.String(required=True, data_key="from", metadata={"example": "07:30"})
    to = ma.fields.String(
        required=True, metadata={"description": "24:00 ends a day", "example": "11:30"}
    )


class OpeningWordsOut(ma.Schema):
    """The opening hours in words; `spoken` for who listens."""

    vi = ma.fields.String(required=True, metadata={"example": "Thứ Hai–thứ Sáu: 7h30–11h30"})
    en = ma.fields.String(required=True, metadata={"example": "Monday–Friday: 7:30–11:30"})
    spoken_vi = ma.fields.String(
        required=True, metadata={"example": "Thứ Hai đến thứ Sáu từ 7 giờ 30 đến 11 giờ 30"}
    )
    spoken_en = ma.fields.String(
        required=True, metadata={"example": "Monday to Friday from 7:30 to 11:30"}
    )


def _opening(record: Record) -> dict[str, Any]:
    if not record.get("hours"):
        return {"opening": None, "opening_words": None}
    week = understood(record["hours"])
    return {"opening": as_json(week), "opening_words": in_all_words(week)}


PLACE = Kind(
    name="place",
    path="places",
    one="place",
    many="places",
    title="Địa điểm và danh bạ",
    schema=PlaceRecordIn,
    in_card=(
        "title", "title_en", "category", "address", "ward", "latitude", "longitude", "phones",
        "hours", "accessibility", "photos",
    ),
    read=Action.READ_GUIDE,
    manage=Action.MANAGE_GUIDE,
    order=Order.TITLE,
    nowhere=POINTLESS,
    more=_opening,
    more_fields={
        "opening": ma.fields.List(ma.fields.Nested(PeriodOut), required=True, allow_none=True),
        "opening_words": ma.fields.Nested(OpeningWordsOut, required=True, allow_none=True),
    },
    more_in_card=("opening",),
    follow=keep_hours,
    query=PlaceQuery,
    narrow=narrow,
)  # fmt: skip
