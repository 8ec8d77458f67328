"""Numbers to call on the wire, as officers write and see them."""

from functools import partial

import marshmallow as ma
from marshmallow import validate

from smartcity.core.fields import Instant, Schema, Text
from smartcity.core.paging import PageQuery
from smartcity.home.card_schemas import AREAS, WHO, codes
from smartcity.home.contacts import Kind
from smartcity.push import service as push

NUMBER = {"example": "115", "description": "As it is dialled within Vietnam"}
NAME, NAME_EN = {"example": "Cấp cứu y tế"}, {"example": "Ambulance"}
TEXT = {"example": "Gọi miễn phí, cả ngày đêm."}
TEXT_EN = {"example": "Free of charge, day and night."}
AGENCY = {"example": "so-y-te", "description": "Whose number it is"}
_RANK = {"description": "The least comes first", "example": 3}
_Maybe = partial(Text, allow_none=True)


class ContactChangeIn(Schema):
    """What is to change; the rest stays."""

    kind = ma.fields.String(validate=validate.OneOf(list(Kind)))
    number = Text(max=24, metadata=NUMBER)
    name_vi = Text(max=200, metadata=NAME)
    name_en = _Maybe(max=200, metadata=NAME_EN)
    text_vi = _Maybe(max=500, lines=True, metadata=TEXT)
    text_en = _Maybe(max=500, lines=True, metadata=TEXT_EN)
    agency = _Maybe(max=40, metadata=AGENCY)
    areas = codes(push.Ward(), **AREAS)
    rank = ma.fields.Integer(validate=validate.Range(0, 1_000), metadata=_RANK)


class ContactIn(ContactChangeIn):
    """A number to call; an emergency number has three digits."""

    kind = ma.fields.String(required=True, validate=validate.OneOf(list(Kind)))
    number = Text(max=24, required=True, metadata=NUMBER)
    name_vi = Text(max=200, required=True, metadata=NAME)


class ContactFilter(Schema):
    """How officers narrow the list."""

    kind = ma.fields.String(validate=validate.OneOf(list(Kind)))
    withdrawn = ma.fields.Boolean(metadata={"description": "Only those that are, or are not"})
    q = Text(max=100, metadata={"example": "cap cuu", "description": "Words or digits, no accents"})


class ContactQuery(PageQuery, ContactFilter):
    """The list, page by page."""


class ContactOut(ma.Schema):
    """A number to call as officers see it."""

    id = ma.fields.UUID(required=True)
    kind = ma.fields.String(required=True, validate=validate.OneOf(list(Kind)))
    number = ma.fields.String(required=True, metadata=NUMBER)
    name_vi = ma.fields.String(required=True, metadata=NAME)
    name_en = ma.fields.String(required=True, allow_none=True, metadata=NAME_EN)
    text_vi = ma.fields.String(required=True, allow_none=True, metadata=TEXT)
    text_en = ma.fields.String(required=True, allow_none=True, metadata=TEXT_EN)
    agency = ma.fields.String(required=True, allow_none=True, metadata=AGENCY)
    areas = ma.fields.List(ma.fields.String(metadata={"example": "10507"}), required=True)
    rank = ma.fields.Integer(required=True, metadata=_RANK)
    withdrawn_at = Instant(required=True, allow_none=True)
    made_by = ma.fields.String(required=True, metadata=WHO)
    made_at = Instant(required=True)
    version = ma.fields.Integer(required=True, metadata={"example": 2})
