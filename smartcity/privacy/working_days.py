"""Working days of the province: `calendar.yaml`."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import marshmallow as ma
from marshmallow import validate

from smartcity.core.clock import LOCAL
from smartcity.core.context import per_app
from smartcity.core.datafile import read_yaml
from smartcity.core.fields import Schema
from smartcity.settings import Settings


class _Exchange(Schema):
    free = ma.fields.Date(required=True)
    worked = ma.fields.Date(required=True)


class _CalendarFile(Schema):
    class Meta:
        unknown = ma.EXCLUDE  # working hours are others' to read

    working_days = ma.fields.List(ma.fields.Integer(validate=validate.Range(1, 7)), required=True)
    holidays = ma.fields.Dict(values=ma.fields.List(ma.fields.Date()), required=True)
    substitute_days = ma.fields.Dict(
        values=ma.fields.List(ma.fields.Nested(_Exchange)), required=True
    )


@dataclass(frozen=True)
class Calendar:
    """Which days are worked: weekdays (ISO), but for days off, and days worked in exchange."""

    weekdays: frozenset[int]
    off: frozenset[date]
    worked: frozenset[date]

    def works(self, day: date) -> bool:
        """Whether offices are open on a day."""
        return day in self.worked or (day.isoweekday() in self.weekdays and day not in self.off)

    def after(self, start: datetime, days: int) -> datetime:
        """The same time of day, so many working days later in the province's own time."""
        at, left = start.astimezone(LOCAL), days
        while left:
            at += timedelta(days=1)
            left -= self.works(at.date())
        return at


@per_app
def calendar(settings: Settings) -> Calendar:
    """The province's calendar."""
    found = read_yaml(settings.province_dir / "calendar.yaml", _CalendarFile)
    off = {day for days in found["holidays"].values() for day in days}
    exchanges = [pair for pairs in found["substitute_days"].values() for pair in pairs]
    return Calendar(
        weekdays=frozenset(found["working_days"]),
        off=frozenset(off | {pair["free"] for pair in exchanges}),
        worked=frozenset(pair["worked"] for pair in exchanges),
    )
