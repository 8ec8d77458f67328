"""A place of the city guide: what is kept of it, and how the public looks for it."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from marshmallow import validate

from smartcity.guide.phones import Phone
from smartcity.guide.places.extras import CATEGORIES, Extras
from smartcity.identity.permissions import Action
from smartcity.registers.service import Kind, Order, PlacedIn, address

ACCESS = (
    "ramp", "lift", "accessible_toilet", "reserved_parking", "tactile_paving", "sign_language",
    "braille", "step_free",
)  # fmt: skip
POINTLESS = ("hotline", "bus_route")  # they stand nowhere
_CATEGORY = {"example": "hospital"}
_HOURS = {"description": "As people write them", "example": "7h–11h, 13h30–17h T2–T6; 7h–11h T7"}


class PlaceIn(PlacedIn):
    """A place, or an entry of a directory."""

    category = ma.fields.String(
        required=True, validate=validate.OneOf(CATEGORIES), metadata=_CATEGORY
    )
    phones = ma.fields.List(Phone(), load_default=list, validate=validate.Length(max=10))
    website = address(
        load_default=None, allow_none=True, metadata={"example": "https://benhvienviettiep.com.vn/"}
    )
    hours = ma.fields.String(
        load_default=None, allow_none=True, validate=validate.Length(1, 300), metadata=_HOURS
    )
    accessibility = ma.fields.List(
        ma.fields.String(validate=validate.OneOf(ACCESS), metadata={"example": "ramp"}),
        load_default=list,
        validate=validate.Length(max=len(ACCESS)),
    )
    extras = Extras(load_default=dict)

    @ma.validates_schema
    def _stands_somewhere(self, data: Mapping[str, Any], **_options: Any) -> None:
        if data.get("category") in POINTLESS and data.get("latitude") is not None:
            raise ma.ValidationError("place.no_point", "latitude")


PLACE = Kind(
    name="place",
    path="places",
    one="place",
    many="places",
    title="Địa điểm và danh bạ",
    schema=PlaceIn,
    in_card=(
        "title", "title_en", "category", "address", "ward", "latitude", "longitude", "phones",
        "hours", "accessibility", "photos",
    ),
    read=Action.READ_GUIDE,
    manage=Action.MANAGE_GUIDE,
    order=Order.TITLE,
)  # fmt: skip
