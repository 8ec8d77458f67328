"""The scoreboard of agencies."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.core import clock
from tests.reports.statistics.given import HOUR, NOW, put, report

PATH = "/api/v1/public/scoreboard"


def work(agency: str | None, on_time: int, late: int, overdue: int = 0, **other: object):
    at = NOW - 100 * HOUR
    for _ in range(on_time):
        yield report(agency=agency, **other)
    for _ in range(late):
        yield report(agency=agency, resolved_at=at + 80 * HOUR)
    for _ in range(overdue):
        yield report(agency=agency, status="assigned", resolved_at=None, due_at=at)


def test_agencies_are_ranked_by_their_share_in_time(app: Flask, client: FlaskClient) -> None:
    put(
        app,
        *work("so-xay-dung", 9, 1),
        *work("chieu-sang", 18, 2),
        *work("cong-an", 9, 0, 3),  # nobody rises by leaving reports lie
        *work("so-y-te", 9, 0),  # too few
        *work("cap-nuoc", 10, 0, verdict="satisfied"),
        *work(None, 20, 0),
    )
    with clock.frozen(NOW):
        told = client.get(f"{PATH}?period=2026-10").json
    assert (told["since"], told["until"], told["ranked_from"]) == ("2026-10-01", "2026-10-31", 10)
    assert [(i["rank"], i["key"], i["on_time_share"]) for i in told["items"]] == [
        (1, "cap-nuoc", 1.0),
        (2, "chieu-sang", 0.9),
        (2, "so-xay-dung", 0.9),
        (4, "cong-an", 0.75),
        (None, "so-y-te", 1.0),
    ]
    best = told["items"][0]
    assert (best["name_vi"], best["satisfied_share"]) == ("Đơn vị cấp nước thành phố", 1.0)
    assert (best["received"], best["median_hours"]) == (10, 10.0)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_it_is_of_one_month_quarter_or_year(app: Flask, client: FlaskClient) -> None:
    put(app, report())
    counts = {"2026-10": 1, "2026-Q4": 1, "2026": 1, "2026-09": 0, "2026-Q3": 0, "2025": 0}
    for period, count in counts.items():
        assert len(client.get(f"{PATH}?period={period}").json["items"]) == count, period
    for period in ("", "2026-13", "October", "2026-q4"):
        answer = client.get(f"{PATH}?period={period}")
        assert (answer.status_code, list(answer.json["errors"])) == (422, ["period"])
    assert client.get(PATH).status_code == 422
