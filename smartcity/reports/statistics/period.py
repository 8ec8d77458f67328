"""Periods of whole local days, and the names of months, quarters and years."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from smartcity.core import clock
from smartcity.core.clock import LOCAL
from smartcity.core.errors import Invalid

_DAY = timedelta(days=1)
_NAMED = re.compile(r"(20[0-9]{2})(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?")


@dataclass(frozen=True)
class Period:
    """From the first day to the last, both included, in Vietnamese time."""

    first: date
    last: date

    @property
    def start(self) -> datetime:
        """The instant with which it begins."""
        return datetime.combine(self.first, time(), LOCAL)

    @property
    def end(self) -> datetime:
        """The first instant after it."""
        return datetime.combine(self.last + _DAY, time(), LOCAL)

    @property
    def of_past_months(self) -> bool:
        """Whether it is made of whole months, all of them over."""
        whole = self.first.day == 1 and (self.last + _DAY).day == 1
        return whole and self.last < today()


def today() -> date:
    """The present day in Vietnam."""
    return clock.now().astimezone(LOCAL).date()


def between(first: date | None, last: date | None, most: timedelta) -> Period:
    """The period that is asked for; from New Year until today where a day is not named.

    Invalid names `until` when it ends before it begins or is longer than `most`.
    """
    last = last or max(today(), first or date.min)
    first = first or last.replace(month=1, day=1)
    if first > last:
        raise Invalid(until="statistics.ends_before")
    if last - first >= most:
        raise Invalid(until="statistics.too_long")
    return Period(first, last)


def named(name: str) -> Period:
    """The month, quarter or year of a name such as 2026-10, 2026-Q4 or 2026; ValueError if none."""
    found = _NAMED.fullmatch(name)
    if found is None:
        raise ValueError(name)
    year, quarter, month = int(found[1]), found[2], found[3]
    if month:
        return _months(year, int(month), 1)
    return _months(year, 3 * int(quarter) - 2, 3) if quarter else _months(year, 1, 12)


def _months(year: int, first: int, count: int) -> Period:
    after = date(year + (first + count > 12), (first + count - 1) % 12 + 1, 1)
    return Period(date(year, first, 1), after - _DAY)
