"""Periods by name and by days."""

from datetime import UTC, date, datetime, timedelta

import pytest

from smartcity.core import clock
from smartcity.core.errors import Invalid
from smartcity.reports.statistics.period import Period, between, named

MOST = timedelta(days=366)


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28)),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29)),
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31)),
        ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_name_tells_first_and_last_day(name: str, first: date, last: date) -> None:
    assert named(name) == Period(first, last)


@pytest.mark.parametrize(
    "name", ["", "26", "2026-13", "2026-00", "2026-Q5", "2026-1", "1999", "２０２６"]
)
def test_other_names_are_none(name: str) -> None:
    with pytest.raises(ValueError, match=f"^{name}$"):
        named(name)


def test_without_days_it_is_this_year_until_today_in_vietnam() -> None:
    with clock.frozen(datetime(2026, 12, 31, 18, tzinfo=UTC)):
        assert between(None, None, MOST) == Period(date(2027, 1, 1), date(2027, 1, 1))
    with clock.frozen(datetime(2026, 3, 26, 1, tzinfo=UTC)):
        assert between(None, date(2025, 7, 1), MOST).first == date(2025, 1, 1)
        assert between(date(2025, 7, 1), None, MOST).last == date(2026, 3, 26)


def test_what_ends_before_it_begins_or_takes_too_long_is_refused() -> None:
    first = date(2026, 1, 1)
    assert between(first, first, MOST).end - between(first, first, MOST).start == timedelta(days=1)
    assert between(first, first + MOST - timedelta(days=1), MOST)
    for last in (first - timedelta(days=1), first + MOST):
        with pytest.raises(Invalid):
            between(first, last, MOST)


def test_past_months_are_whole_and_over() -> None:
    with clock.frozen(datetime(2026, 10, 20, 5, tzinfo=UTC)):
        assert named("2026-09").of_past_months
        assert named("2026-Q3").of_past_months
        assert not named("2026-10").of_past_months
        assert not Period(date(2026, 9, 2), date(2026, 9, 30)).of_past_months
        assert not Period(date(2026, 9, 1), date(2026, 9, 29)).of_past_months
