"""A good whose price is followed."""

from collections.abc import Iterator, Mapping
from typing import Any

import marshmallow as ma
from marshmallow import validate
from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from smartcity.core.errors import Invalid
from smartcity.core.fields import Text
from smartcity.identity.permissions import Action
from smartcity.registers.service import Entry, Kind, ListQuery, Order, Record, RecordIn, State

GROUPS = ("meat", "fish", "vegetable", "fruit", "staple", "fuel", "other")
SLUG = validate.Regexp(r"[a-z0-9][a-z0-9-]{0,79}\Z", error="field.invalid")
KEY = {"description": "Key of a good", "example": "thit-lon-ba-chi"}
UNIT = {"description": "What the price is for", "example": "kg"}
GROUP = {"description": f"One of {', '.join(GROUPS)}", "example": "meat"}


class GoodIn(RecordIn):
    """A good; files and prices name it by its key."""

    key = ma.fields.String(required=True, validate=SLUG, metadata=KEY)
    unit = Text(max=40, required=True, metadata=UNIT)
    group = ma.fields.String(required=True, validate=validate.OneOf(GROUPS), metadata=GROUP)


class GoodQuery(ListQuery):
    """How the public narrows the list of goods."""

    class Meta(ListQuery.Meta):
        exclude = ("category", "ward", "over")

    group = ma.fields.String(validate=validate.OneOf(GROUPS), metadata=GROUP)


def narrow(asked: Mapping[str, Any]) -> Iterator[ColumnElement[bool]]:
    """What the filters ask of a good."""
    if asked.get("group"):
        yield Entry.record["group"].as_string() == asked["group"]


def keep_key(_session: Session, entry: Entry, record: Record | None) -> None:
    """Refuse another key of what was public: prices, files and phones name it by that."""
    shown = entry.key and entry.state != State.DRAFT
    if record and shown and record["key"] != entry.key:
        raise Invalid(key="price.good.key_stays")


GOOD = Kind(
    name="good",
    path="goods",
    one="good",
    many="goods",
    title="Mặt hàng theo dõi giá",
    schema=GoodIn,
    in_card=("key", "title", "title_en", "unit", "group"),
    read=Action.READ_GUIDE,
    manage=Action.MANAGE_GUIDE,
    order=Order.TITLE,
    check=keep_key,
    query=GoodQuery,
    narrow=narrow,
)
