"""Working days: the country's, and what the province says otherwise."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smartcity.core.calendar import calendar
from smartcity.core.clock import LOCAL
from smartcity.core.datafile import BadFile
from tests.conftest import MakeApp

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SOME = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
STARTS = st.datetimes(
    datetime(2024, 1, 1), datetime(2029, 12, 1), timezones=st.just(LOCAL), allow_imaginary=False
)
DAYS = st.integers(1, 15)
FILE = """
working_days: [1, 2, 3, 4, 5]
working_hours: [["07:30", "11:30"], ["13:30", "{closes}"]]
days_off: [{off}]
days_worked: [{worked}]
substitute_days: [{exchanged}]
"""


def province(folder: Path, make_app: MakeApp, **given: str) -> Flask:
    words = {"closes": "16:30", "off": "", "worked": "", "exchanged": "", **given}
    (folder / "calendar.yaml").write_text(FILE.format(**words))
    return make_app(province_dir=folder)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-02-17", False),  # the first day of the lunar year
        ("2026-04-27", False),  # for Hùng Kings' Day, a Sunday
        ("2026-08-22", True),  # a Saturday, in exchange for
        ("2026-08-31", False),
        ("2026-08-29", False),  # a Saturday
        ("2026-11-23", True),
    ],
)
def test_the_countrys_days(in_app: Flask, day: str, works: bool) -> None:
    assert calendar().works(date.fromisoformat(day)) is works


def test_the_provinces_own_days_win(tmp_path: Path, make_app: MakeApp) -> None:
    app = province(
        tmp_path,
        make_app,
        off="2026-11-23",
        worked="2026-11-24",
        exchanged="{free: 2026-11-27, worked: 2026-11-28}",
    )
    with app.app_context():
        worked = [d for d in range(21, 31) if calendar().works(date(2026, 11, d))]
    assert worked == [24, 25, 26, 28, 30]


def test_a_term_ends_when_offices_close(tmp_path: Path, make_app: MakeApp) -> None:
    friday_night = datetime(2026, 11, 20, 22, tzinfo=LOCAL)
    with province(tmp_path, make_app).app_context():
        assert calendar().closing(friday_night, 1) == datetime(2026, 11, 23, 16, 30, tzinfo=LOCAL)


@pytest.mark.parametrize("given", [{"closes": "07:00"}, {"off": "soon"}, {"closes": "25:00"}])
def test_a_file_that_cannot_be_meant_is_refused(
    tmp_path: Path, make_app: MakeApp, given: dict[str, str]
) -> None:
    with province(tmp_path, make_app, **given).app_context(), pytest.raises(BadFile):
        calendar()


@SOME
@given(start=STARTS, days=DAYS, later=st.timedeltas(timedelta(0), timedelta(days=9)))
def test_terms_never_turn_around(
    in_app: Flask, start: datetime, days: int, later: timedelta
) -> None:
    ends = calendar().closing(start, days)
    assert ends > start
    assert calendar().works(ends.date())
    assert ends <= calendar().closing(start + later, days)
    assert ends < calendar().closing(start, days + 1)
