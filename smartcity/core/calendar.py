"""Working days and hours: Vietnam's holidays, and the province's own days in `calendar.yaml`.

The country's days off, those exchanged for a Saturday included, come from the PyPI package
`holidays`, which follows the Labour Code and the Government's yearly decisions.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache

import marshmallow as ma
from marshmallow import validate

from smartcity.core.clock import LOCAL
from smartcity.core.context import per_app
from smartcity.core.datafile import read_yaml, refuse
from smartcity.core.fields import Schema
from smartcity.settings import Settings

_Days = frozenset[date]


class _Exchange(Schema):
    free = ma.fields.Date(required=True)
    worked = ma.fields.Date(required=True)


class _CalendarFile(Schema):
    working_days = ma.fields.List(
        ma.fields.Integer(validate=validate.Range(1, 7)),
        required=True,
        validate=validate.Length(1),
    )
    working_hours = ma.fields.List(
        ma.fields.Tuple((ma.fields.Time("%H:%M"), ma.fields.Time("%H:%M"))),
        required=True,
        validate=validate.Length(1),
    )
    days_off = ma.fields.List(ma.fields.Date(), required=True)
    days_worked = ma.fields.List(ma.fields.Date(), required=True)
    substitute_days = ma.fields.List(ma.fields.Nested(_Exchange), required=True)


@dataclass(frozen=True)
class Calendar:
    """Which days are worked, and until when.

    `weekdays` are ISO numbers; `off` and `worked` the province's own days, which win over the
    country's. `closes`: when offices close.
    """

    weekdays: frozenset[int]
    off: _Days
    worked: _Days
    closes: time

    def works(self, day: date) -> bool:
        """Whether offices are open on a day."""
        if day in self.worked or day in self.off:
            return day in self.worked
        off, worked = _of_the_country(day.year)
        return day in worked or (day.isoweekday() in self.weekdays and day not in off)

    def is_holiday(self, day: date) -> bool:
        """Whether a day is a public holiday: no weekend as such, but what takes its place."""
        if day in self.worked or day in self.off:
            return day in self.off
        return day in _of_the_country(day.year)[0]

    def after(self, start: datetime, days: int) -> datetime:
        """The same time of day, so many working days later in the province's own time."""
        at, left = start.astimezone(LOCAL), days
        while left:
            at += timedelta(days=1)
            left -= self.works(at.date())
        return at

    def closing(self, start: datetime, days: int) -> datetime:
        """When offices close on the last of so many working days after a day.

        The day of `start` does not count (Civil Code 91/2015/QH13, articles 147 and 148).
        """
        return datetime.combine(self.after(start, days).date(), self.closes, LOCAL)


@per_app
def calendar(settings: Settings) -> Calendar:
    """The province's calendar; BadFile names what is wrong in it."""
    file = settings.province_dir / "calendar.yaml"
    found = read_yaml(file, _CalendarFile)
    refuse(file, (f"working_hours: {a} to {b}" for a, b in found["working_hours"] if a >= b))
    exchanges = found["substitute_days"]
    return Calendar(
        weekdays=frozenset(found["working_days"]),
        off=frozenset(found["days_off"]) | {pair["free"] for pair in exchanges},
        worked=frozenset(found["days_worked"]) | {pair["worked"] for pair in exchanges},
        closes=max(closes for _, closes in found["working_hours"]),
    )


@cache
def _of_the_country(year: int) -> tuple[_Days, _Days]:
    """Vietnam's days off of a year, and the weekend days worked in exchange."""
    import holidays  # noqa: PLC0415 - 300 modules, 13 MB and 0.3 s, which few processes need

    found = holidays.country_holidays("VN", years=year, expand=False)
    return frozenset(found), frozenset(found.weekend_workdays)
