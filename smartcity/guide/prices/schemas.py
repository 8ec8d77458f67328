"""Prices on the wire."""

from typing import Any

import marshmallow as ma
from flask_smorest.fields import Upload
from marshmallow import validate
from werkzeug.datastructures import FileStorage

from smartcity.core.fields import Instant, Schema, Text
from smartcity.core.paging import PageQuery
from smartcity.guide.prices.good import GROUP, GROUPS, KEY, SLUG, UNIT
from smartcity.registers.service import address

MOST_AT_ONCE = 200  # prices in a call
_MARKET = {"description": "Key of a market of the guide, or `all`", "example": "cho-an-duong"}
_PRICE = {"description": "Dong for one unit", "example": 145000}
_SOURCE = {"description": "Who says so", "example": "https://sct.haiphong.gov.vn/gia-ca/22-11"}
_DAY = {"example": "2026-11-22"}
_TITLE, _TITLE_EN = {"example": "Thịt lợn ba chỉ"}, {"example": "Pork belly"}
_MARKET_TITLE, _MARKET_TITLE_EN = {"example": "Chợ An Dương"}, {"example": "An Duong Market"}
_ID = {"example": "0198c0de-4a6e-7c1a-9b7e-2f1d3c4b5a69"}
_REASON = {"description": "Needed where a price is corrected", "example": "Gõ thừa một số 0"}
_CONFIRM = {"description": "Jumps over three times were looked at, and are right"}
_WHO = {"example": "officer:0198c0de-4a6e-7c1a-9b7e-2f1d3c4b5a69"}


def market_field(**options: Any) -> ma.fields.String:
    """A field for the key of a market."""
    return ma.fields.String(validate=SLUG, metadata=_MARKET, **options)


class MarketPriceIn(Schema):
    """What one good cost; a null price takes back what was recorded of it."""

    good = ma.fields.String(required=True, validate=SLUG, metadata=KEY)
    price = ma.fields.Integer(required=True, strict=True, allow_none=True, metadata=_PRICE)


class DayPricesIn(Schema):
    """What goods cost at a market on a day."""

    market = market_field(required=True)
    items = ma.fields.List(
        ma.fields.Nested(MarketPriceIn), required=True, validate=validate.Length(1, MOST_AT_ONCE)
    )
    source = address(load_default=None, allow_none=True, metadata=_SOURCE)
    reason = Text(max=500, lines=True, load_default=None, allow_none=True, metadata=_REASON)
    confirm = ma.fields.Boolean(load_default=False, metadata=_CONFIRM)


class RecordedOut(ma.Schema):
    """What became of the prices that were sent."""

    added = ma.fields.Integer(required=True, metadata={"example": 15})
    corrected = ma.fields.Integer(required=True, metadata={"example": 1})
    same = ma.fields.Integer(required=True, metadata={"example": 1})


def _a_file(value: object) -> None:
    if not isinstance(value, FileStorage):
        raise ma.ValidationError("file.not_a_file")


class PriceFileIn(Schema):
    """One multipart body."""

    file = Upload(
        required=True, validate=_a_file, metadata={"description": "CSV of 5 MB at most, UTF-8"}
    )
    apply = ma.fields.Boolean(
        load_default=False, metadata={"description": "Record it; otherwise it is only shown"}
    )
    reason = Text(max=500, load_default=None, metadata=_REASON)
    confirm = ma.fields.Boolean(load_default=False, metadata=_CONFIRM)


class PriceFaultOut(ma.Schema):
    """What is wrong in a line of a file, and what to do about it."""

    line = ma.fields.Integer(required=True, metadata={"example": 3})
    field = ma.fields.String(required=True, metadata={"example": "price"})
    message = ma.fields.String(
        required=True, metadata={"example": "Giá không đọc được; viết như 85000 hoặc 85k."}
    )


class PriceImportOut(RecordedOut):
    """What a file brings: `faults` stop it, `jumps` need `confirm`, corrections a `reason`."""

    applied = ma.fields.Boolean(required=True)
    faults = ma.fields.List(ma.fields.Nested(PriceFaultOut), required=True)
    jumps = ma.fields.List(ma.fields.Nested(PriceFaultOut), required=True)


class PriceBoardQuery(PageQuery):
    """Which goods, at which market, up to which day."""

    day = ma.fields.Date(metadata={"description": "The newest prices when not given", **_DAY})
    market = market_field()
    group = ma.fields.String(validate=validate.OneOf(GROUPS), metadata=GROUP)


class SpanQuery(Schema):
    """Days, the first and the last included; a month up to the newest price when not given."""

    market = market_field()
    since = ma.fields.Date(data_key="from", metadata={"example": "2026-10-23"})
    until = ma.fields.Date(data_key="to", metadata=_DAY)


class PriceFilter(SpanQuery):
    """How officers narrow the list of prices."""

    good = ma.fields.String(validate=SLUG, metadata=KEY)


class PriceQuery(PageQuery, PriceFilter):
    """A page of it."""


class _MarketOut(ma.Schema):
    market = ma.fields.String(required=True, metadata=_MARKET)
    market_title = ma.fields.String(required=True, allow_none=True, metadata=_MARKET_TITLE)
    market_title_en = ma.fields.String(required=True, allow_none=True, metadata=_MARKET_TITLE_EN)


class _PointOut(ma.Schema):
    day = ma.fields.Date(required=True, metadata=_DAY)
    price = ma.fields.Integer(required=True, metadata=_PRICE)
    source = ma.fields.String(required=True, allow_none=True, metadata=_SOURCE)
    demo = ma.fields.Boolean(required=True, metadata={"description": "No source stands behind it"})


class LatestPriceOut(_MarketOut, _PointOut):
    """The newest price at a market, and how it moved since the one before."""

    previous_day = ma.fields.Date(
        required=True, allow_none=True, metadata={"example": "2026-11-21"}
    )
    change = ma.fields.Integer(
        required=True, allow_none=True, metadata={"description": "Dong", "example": -2000}
    )
    change_percent = ma.fields.Float(required=True, allow_none=True, metadata={"example": -1.4})


class _PricedOut(ma.Schema):
    id = ma.fields.UUID(required=True, metadata=_ID)
    good = ma.fields.String(required=True, metadata=KEY)
    title = ma.fields.String(required=True, metadata=_TITLE)
    title_en = ma.fields.String(required=True, allow_none=True, metadata=_TITLE_EN)
    unit = ma.fields.String(required=True, metadata=UNIT)
    group = ma.fields.String(required=True, metadata=GROUP)


class PricedGoodOut(_PricedOut):
    """A good with its newest price at each market."""

    prices = ma.fields.List(ma.fields.Nested(LatestPriceOut), required=True)


class PricePointOut(_PointOut):
    """A price of a day."""


class PriceLineOut(_MarketOut):
    """The prices at one market, and what they were between."""

    min = ma.fields.Integer(required=True, metadata=_PRICE)
    max = ma.fields.Integer(required=True, metadata=_PRICE)
    mean = ma.fields.Integer(required=True, metadata=_PRICE)
    points = ma.fields.List(ma.fields.Nested(PricePointOut), required=True)


class ChartLineOut(ma.Schema):
    """A line: a value for each label, null where there is none."""

    market = ma.fields.String(required=True, metadata=_MARKET)
    values = ma.fields.List(ma.fields.Integer(allow_none=True, metadata=_PRICE), required=True)


class PriceChartOut(ma.Schema):
    """Points ready for a line chart: every day between the first and the last."""

    labels = ma.fields.List(ma.fields.Date(metadata=_DAY), required=True)
    lines = ma.fields.List(ma.fields.Nested(ChartLineOut), required=True)


PriceSeriesOut = _PricedOut.from_dict(
    {
        "from": ma.fields.Date(required=True, metadata={"example": "2026-10-23"}),
        "to": ma.fields.Date(required=True, metadata=_DAY),
        "series": ma.fields.List(ma.fields.Nested(PriceLineOut), required=True),
        "chart": ma.fields.Nested(PriceChartOut, required=True),
    },
    name="PriceSeriesOut",
)


class RecordedPriceOut(_PointOut):
    """A price as officers see it."""

    class Meta:
        exclude = ("demo",)

    good = ma.fields.String(required=True, metadata=KEY)
    market = ma.fields.String(required=True, metadata=_MARKET)
    changed_by = ma.fields.String(required=True, metadata=_WHO)
    changed_at = Instant(required=True)
