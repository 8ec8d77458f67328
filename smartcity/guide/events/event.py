"""An event: what, where, from when until when, for what price."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

import marshmallow as ma
from marshmallow import validate
from sqlalchemy import ColumnElement

from smartcity.core.clock import LOCAL
from smartcity.core.fields import Text
from smartcity.guide.times import day, instant
from smartcity.identity.permissions import Action
from smartcity.registers.service import Entry, Kind, ListQuery, Order, PlacedIn, address

CATEGORIES = (
    *("festival", "culture", "sport", "fair", "education", "community", "health", "other"),
)
_CATEGORY = {"example": "festival", "description": f"One of {', '.join(CATEGORIES)}"}
_MAY_LACK: dict[str, Any] = {"load_default": None, "allow_none": True}


class CityEventIn(PlacedIn):
    """An event; one that was called off stays in the list and says so."""

    category = ma.fields.String(
        required=True, validate=validate.OneOf(CATEGORIES), metadata=_CATEGORY
    )
    starts = instant(required=True)
    ends = instant(required=True)
    venue = Text(max=200, required=True, metadata={"example": "Quảng trường Nhà hát thành phố"})
    organiser = Text(max=200, **_MAY_LACK, metadata={"example": "Sở Văn hóa, Thể thao và Du lịch"})
    price = Text(max=200, **_MAY_LACK, metadata={"example": "Miễn phí"})
    link = address(**_MAY_LACK, metadata={"example": "https://example.com/le-hoi"})
    cancelled = ma.fields.Boolean(load_default=False, metadata={"description": "Called off"})


class CityEventQuery(ListQuery):
    """How the public narrows the list of events."""

    category = ma.fields.String(validate=validate.OneOf(CATEGORIES), metadata=_CATEGORY)
    first = day(
        data_key="from",
        metadata={"description": "Goes on on this day here or later", "example": "2027-05-08"},
    )
    last = day(
        data_key="to",
        metadata={"description": "Goes on on this day here or before", "example": "2027-05-10"},
    )

    @ma.validates_schema
    def _days_in_order(self, asked: dict[str, Any], **_: Any) -> None:
        if asked.get("first") and asked.get("last") and asked["last"] < asked["first"]:
            raise ma.ValidationError({"to": ["register.ends_before_it_begins"]})


def _narrow(asked: Mapping[str, Any]) -> Iterator[ColumnElement[bool]]:
    if asked.get("first"):
        yield Entry.closes_at > _begins(asked["first"])
    if asked.get("last"):
        yield Entry.opens_at < _begins(asked["last"] + timedelta(days=1))


def _begins(on: date) -> datetime:
    return datetime.combine(on, time(), LOCAL)


EVENT = Kind(
    name="event",
    path="events",
    one="city_event",
    many="city_events",
    title="Sự kiện",
    schema=CityEventIn,
    in_card=(
        *("title", "title_en", "category", "starts", "ends", "venue", "ward"),
        *("latitude", "longitude", "price", "cancelled"),
    ),
    read=Action.READ_GUIDE,
    manage=Action.MANAGE_GUIDE,
    order=Order.SOONEST,
    window=("starts", "ends"),
    body=("about", "about_en", "venue", "organiser"),
    query=CityEventQuery,
    narrow=_narrow,
)
