"""A notice: what fails or is closed, in which communes, from when until when, and who says so."""

from typing import Any

import marshmallow as ma
from marshmallow import validate

from smartcity.core.fields import Text
from smartcity.guide.times import instant
from smartcity.identity.permissions import Action
from smartcity.registers.service import Kind, ListQuery, Order, PlacedIn, ward_field

CATEGORIES = ("power_cut", "water_cut", "traffic", "works", "weather", "other")
_CATEGORY = {"example": "power_cut", "description": f"One of {', '.join(CATEGORIES)}"}
_MAY_LACK: dict[str, Any] = {"load_default": None, "allow_none": True}


class CityNoticeIn(PlacedIn):
    """A notice for the communes in `areas`; with none, for the one where it is, or for all."""

    category = ma.fields.String(
        required=True, validate=validate.OneOf(CATEGORIES), metadata=_CATEGORY
    )
    starts = instant(required=True)
    ends = instant(**_MAY_LACK, metadata={"description": "Null: until further notice"})
    areas = ma.fields.List(ward_field(), load_default=list, validate=validate.Length(max=200))
    places = Text(
        max=1_000, lines=True, **_MAY_LACK, metadata={"example": "Một phần các phố quanh hồ"}
    )
    issuer = Text(max=200, required=True, metadata={"example": "Đơn vị điện lực (ví dụ)"})


class CityNoticeQuery(ListQuery):
    """How the public narrows the list of notices."""

    category = ma.fields.String(validate=validate.OneOf(CATEGORIES), metadata=_CATEGORY)


NOTICE = Kind(
    name="city_notice",
    path="city-notices",
    one="city_notice",
    many="city_notices",
    title="Thông báo theo địa bàn",
    schema=CityNoticeIn,
    in_card=("title", "title_en", "category", "starts", "ends", "areas", "places", "issuer"),
    read=Action.READ_GUIDE,
    manage=Action.MANAGE_GUIDE,
    order=Order.SOONEST,
    window=("starts", "ends"),
    body=("about", "about_en", "places", "issuer"),
    query=CityNoticeQuery,
)
