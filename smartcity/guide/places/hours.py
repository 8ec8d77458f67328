"""When a place is open: a week of periods, public holidays as an eighth day."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from smartcity.core.clock import LOCAL

DAY = 1440  # minutes
HOLIDAY = 7
EVERY_DAY = frozenset(range(7))
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun", "holiday")

Span = tuple[int, int]


@dataclass(frozen=True)
class Period:
    """From one minute of each of its `days` to before another; above 1,440 it is the next day's.

    Days are numbered from Monday, 0; on a public holiday only what names day 7 holds.
    """

    days: tuple[int, ...]
    opens: int
    closes: int


Week = tuple[Period, ...]


def week_of(spans: Mapping[int, Sequence[Span]]) -> Week:
    """The week in which each day has these spans: days with the same are told together."""
    joined = {day: _joined(spans[day]) for day in sorted(spans) if spans[day]}
    alike: dict[tuple[Span, ...], list[int]] = {}
    for day, told in joined.items():
        alike.setdefault(told, []).append(day)
    return tuple(Period(tuple(days), *span) for told, days in alike.items() for span in told)


def spans_of(week: Week) -> dict[int, tuple[Span, ...]]:
    """The spans of each day that has any."""
    found: dict[int, tuple[Span, ...]] = {}
    for period in week:
        for day in period.days:
            found[day] = (*found.get(day, ()), (period.opens, period.closes))
    return found


def moments(at: datetime, is_holiday: Callable[[date], bool]) -> tuple[Span, Span]:
    """An instant as day and minute of the local week: of today, and of yesterday's night."""
    local = at.astimezone(LOCAL)
    minute, today = local.hour * 60 + local.minute, local.date()
    yesterday = today - timedelta(days=1)
    days = [HOLIDAY if is_holiday(day) else day.weekday() for day in (today, yesterday)]
    return (days[0], minute), (days[1], minute + DAY)


def open_at(week: Week, at: datetime, is_holiday: Callable[[date], bool]) -> bool:
    """Whether a place with this week is open at an instant."""
    return any(
        day in period.days and period.opens <= minute < period.closes
        for day, minute in moments(at, is_holiday)
        for period in week
    )


def as_json(week: Week) -> list[dict[str, Any]]:
    """The periods with names of days and hours as HH:MM; a `to` not after `from` is the next day's.

    The end of a day is 24:00.
    """
    return [
        {
            "days": [DAYS[day] for day in period.days],
            "from": _clock(period.opens),
            "to": _clock(period.closes if period.closes <= DAY else period.closes - DAY),
        }
        for period in week
    ]


def _joined(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Spans of one day in order, those that touch as one; none is longer than a day."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and span[0] <= found[-1][1]:
            opens, closes = found.pop()
            found.append((opens, min(max(closes, span[1]), opens + DAY)))
        else:
            found.append(span)
    return tuple(found)


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
