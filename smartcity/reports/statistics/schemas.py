"""Statistics, scoreboard and open data on the wire."""

from datetime import date
from functools import partial
from typing import Any

import marshmallow as ma
from marshmallow import validate

from smartcity.core.fields import Schema, Text
from smartcity.reports.statistics.figures import GROUPS
from smartcity.reports.statistics.period import Period, named
from smartcity.reports.workflow import Status

_Count = partial(ma.fields.Integer, required=True)
_Word = partial(ma.fields.String, required=True, allow_none=True)
_Time = partial(ma.fields.DateTime, required=True, allow_none=True)
_Share = partial(ma.fields.Float, required=True, allow_none=True)


def _about(words: str, example: object) -> dict[str, object]:
    return {"description": words, "example": example}


class Day(ma.fields.Date):
    """A day of the local calendar, such as 2026-03-26."""

    default_error_messages = {  # noqa: RUF012
        "invalid": "statistics.not_a_day",
        "format": "statistics.not_a_day",
    }

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> date:
        day = super()._deserialize(value, *args, **kwargs)
        if not 2000 <= day.year <= 2100:
            raise self.make_error("invalid", input=value, obj_type="date")
        return day


class NamedPeriod(ma.fields.String):
    """A month, quarter or year: 2026-10, 2026-Q4, 2026."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Period:  # type: ignore[override]
        try:
            return named(super()._deserialize(value, *args, **kwargs))
        except ValueError:
            raise ma.ValidationError("statistics.not_a_period") from None


class PeriodQuery(Schema):
    """Of which reports."""

    since = Day(metadata=_about("First day, local; New Year when absent", "2026-01-01"))
    until = Day(metadata=_about("Last day, local, included; today when absent", "2026-10-31"))
    category = Text(max=40, metadata=_about("With its subcategories", "traffic_infra"))
    area = Text(max=10, metadata=_about("Ward's GSO code", "10532"))
    agency = Text(max=40, metadata={"example": "so-xay-dung"})


class StatisticsQuery(PeriodQuery):
    """Of which reports, and by what."""

    group = ma.fields.String(load_default="category", validate=validate.OneOf(GROUPS))


class ScoreboardQuery(Schema):
    """Which month, quarter or year."""

    period = NamedPeriod(required=True, metadata=_about("Month, quarter or year", "2026-10"))


class FiguresOut(ma.Schema):
    """What became of some reports, as they stand now.

    received = open + resolved + rejected + duplicates + withdrawn.
    """

    received = _Count(metadata={"example": 128})
    open = _Count(metadata={"example": 20})
    overdue = _Count(metadata=_about("Open, and their limit has passed", 3))
    resolved = _Count(metadata={"example": 96})
    on_time = _Count(metadata=_about("Resolved within the limit", 80))
    late = _Count(metadata=_about("Resolved after the limit", 16))
    rejected = _Count(metadata={"example": 6})
    duplicates = _Count(metadata={"example": 5})
    withdrawn = _Count(metadata={"example": 1})
    reopened = _Count(metadata=_about("Taken up again at least once", 2))
    rated_satisfied = _Count(metadata={"example": 30})
    rated_accepted = _Count(metadata={"example": 9})
    rated_dissatisfied = _Count(metadata={"example": 3})
    median_hours = _Share(metadata=_about("From submission to resolution", 41.5))
    p90_hours = _Share(metadata=_about("Nine of ten were resolved sooner", 90.25))
    on_time_share = _Share(metadata=_about("on_time / (on_time + late + overdue)", 0.8081))
    satisfied_share = _Share(metadata=_about("rated_satisfied / all ratings", 0.7143))


class GroupOut(FiguresOut):
    """The figures of one category, area, agency or month."""

    key = ma.fields.String(
        required=True,
        allow_none=True,
        metadata=_about("A code, or a month; null: no agency was given it yet", "traffic_infra"),
    )
    name_vi = ma.fields.String(required=True, metadata={"example": "Hạ tầng giao thông"})
    name_en = ma.fields.String(required=True, metadata={"example": "Roads and pavements"})


class StatisticsOut(ma.Schema):
    """Figures of a period, most reports first, months in order."""

    since = ma.fields.Date(required=True)
    until = ma.fields.Date(required=True)
    group = ma.fields.String(required=True, validate=validate.OneOf(GROUPS))
    total = ma.fields.Nested(FiguresOut, required=True)
    items = ma.fields.List(ma.fields.Nested(GroupOut), required=True)


class RankedOut(GroupOut):
    """One agency in the scoreboard."""

    rank = ma.fields.Integer(
        required=True, allow_none=True, metadata=_about("null with too few reports", 1)
    )


class ScoreboardOut(ma.Schema):
    """The agencies of a period, best first, then those without a rank."""

    since = ma.fields.Date(required=True)
    until = ma.fields.Date(required=True)
    ranked_from = ma.fields.Integer(required=True, metadata=_about("Reports that a rank needs", 10))
    items = ma.fields.List(ma.fields.Nested(RankedOut), required=True)


class PublishedReportOut(ma.Schema):
    """A published report as open data; for the columns see the dictionary."""

    code = ma.fields.String(required=True, metadata={"example": "HP-2026-000123"})
    category = ma.fields.String(required=True, metadata={"example": "traffic_infra"})
    category_name = ma.fields.String(required=True, metadata={"example": "Hạ tầng giao thông"})
    area = ma.fields.String(required=True, metadata={"example": "10532"})
    area_name = ma.fields.String(required=True, metadata={"example": "Phường Hải Dương"})
    agency = _Word(metadata={"example": "so-xay-dung"})
    agency_name = _Word(metadata={"example": "Sở Xây dựng"})
    status = ma.fields.String(required=True, validate=validate.OneOf(list(Status)))
    urgent = ma.fields.Boolean(required=True)
    submitted_at = _Time(allow_none=False)
    accepted_at = _Time()
    resolve_due_at = _Time()
    resolved_at = _Time()
    reopenings = _Count(metadata={"example": 0})
    supporters = _Count(metadata={"example": 4})
    description = _Word(metadata={"example": "Ổ gà lớn, xe máy dễ ngã."})
    address = _Word(metadata={"example": "Đường Trần Phú"})
    latitude = _Share(metadata={"example": 20.94})
    longitude = _Share(metadata={"example": 106.33})


class ColumnOut(ma.Schema):
    """A column of a data set."""

    dataset = ma.fields.String(required=True, metadata={"example": "reports"})
    name = ma.fields.String(required=True, metadata={"example": "resolved_at"})
    type = ma.fields.String(required=True, metadata={"example": "date-time"})
    about_vi = ma.fields.String(required=True, metadata={"example": "Thời điểm công bố kết quả"})
    about_en = ma.fields.String(required=True, metadata={"example": "When its result came"})


class DictionaryOut(ma.Schema):
    """Every column of every data set."""

    items = ma.fields.List(ma.fields.Nested(ColumnOut), required=True)


class CatalogueOut(ma.Schema):
    """https://resources.data.gov/resources/dcat-us/"""

    conformsTo = ma.fields.Url(required=True)
    dataset = ma.fields.List(ma.fields.Dict(), required=True)
