"""Statistics over the API: the same figures for the public and for officers."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.core import clock
from smartcity.identity.permissions import Role
from tests.helpers import UNIT, Headers, bearer, officer
from tests.reports.statistics.given import NOW, many, put, report

PUBLIC, OFFICERS = "/api/v1/public/statistics", "/api/v1/officer/statistics"


@pytest.mark.parametrize("group", ["category", "area", "agency", "month"])
def test_the_public_reads_the_numbers_that_the_centre_reads(
    app: Flask, client: FlaskClient, lead: Headers, group: str
) -> None:
    put(app, *many(60))
    with clock.frozen(NOW):
        theirs = client.get(f"{PUBLIC}?group={group}")
    at_the_desk = dict(lead)
    ours = client.get(f"{OFFICERS}?group={group}&until=2026-10-20", headers=at_the_desk)
    assert (theirs.status_code, ours.status_code) == (200, 200), theirs.json
    for told in (theirs.json, ours.json):
        for item in [told["total"], *told["items"]]:
            del item["overdue"], item["on_time_share"]  # the clock went on
    assert theirs.json == ours.json
    assert sum(item["received"] for item in ours.json["items"]) == ours.json["total"]["received"]
    assert "max-age=300" in theirs.headers["Cache-Control"]
    assert ours.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_items_are_named_and_in_order(app: Flask, client: FlaskClient, lead: Headers) -> None:
    put(
        app,
        report(category="noise", agency=None, area="10532"),
        *(report(category="traffic_infra.pothole") for _ in range(2)),
    )

    def names(group: str) -> list[tuple[str | None, str, str, int]]:
        told = client.get(f"{OFFICERS}?group={group}", headers=lead).json
        return [(i["key"], i["name_vi"], i["name_en"], i["received"]) for i in told["items"]]

    assert names("category") == [
        ("traffic_infra", "Hạ tầng giao thông", "Roads and pavements", 2),
        ("noise", "Tiếng ồn", "Noise", 1),
    ]
    assert names("agency")[1] == (None, "Chưa chuyển đơn vị", "Not given to a unit yet", 1)
    assert names("month") == [("2026-10", "Tháng 10/2026", "Month 10 of 2026", 3)]
    assert [key for key, *_ in names("area")] == ["10507", "10532"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_unit_reads_the_figures_of_its_own_work(
    app: Flask, client: FlaskClient, unit: Headers
) -> None:
    whole = report(agency="ioc")
    put(app, whole)
    put(app, report(agency="so-y-te"), report(), report(part_of=whole["id"]), report(agency=None))
    for query in ("", "&agency=so-y-te"):
        told = client.get(f"{OFFICERS}?group=agency{query}", headers=unit).json
        wanted = [] if query else [(UNIT, 2)]
        assert [(i["key"], i["received"]) for i in told["items"]] == wanted
    assert client.get(OFFICERS, headers=unit).json["total"]["received"] == 2


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_committees_leader_reads_of_its_commune_too(app: Flask, client: FlaskClient) -> None:
    put(app, report(area="10532"), report(area="10507"))
    leader = bearer(officer(app, Role.UNIT_LEADER, "ubnd-10532"))
    assert client.get(OFFICERS, headers=leader).json["total"]["received"] == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_public_reads_from_memory_for_five_minutes(
    app: Flask, client: FlaskClient, lead: Headers
) -> None:
    put(app, report())
    with clock.frozen(NOW):
        first = client.get(PUBLIC)
        put(app, report())
        again = client.get(PUBLIC, headers={"If-None-Match": first.headers["ETag"]})
        other = client.get(f"{PUBLIC}?agency={UNIT}")
    with clock.frozen(NOW + timedelta(minutes=5)):
        later = client.get(PUBLIC)
    assert (first.json["total"]["received"], again.status_code) == (1, 304)
    assert other.json["total"]["received"] == 2
    assert later.json["total"]["received"] == 2
    assert client.get(OFFICERS, headers=lead).json["total"]["received"] == 2


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_public_reads_category_by_area_for_whole_past_months_only(
    client: FlaskClient, lead: Headers
) -> None:
    crossed = (
        "group=area&category=noise",
        "group=category&area=10507",
        "area=10507&category=noise&group=month",
    )
    good, fine = "&since=2026-09-01&until=2026-09-30", "&since=2026-09-02&until=2026-09-30"
    with clock.frozen(NOW):
        for query in crossed:
            assert client.get(f"{PUBLIC}?{query}{good}").status_code == 200
            for bad in (fine, "", "&since=2026-10-01&until=2026-10-31"):
                answer = client.get(f"{PUBLIC}?{query}{bad}")
                assert (answer.status_code, list(answer.json["errors"])) == (422, ["until"])
                assert client.get(f"{PUBLIC}.csv?{query}{bad}").status_code == 422
        assert client.get(f"{PUBLIC}?group=area&agency={UNIT}{fine}").status_code == 200
    assert client.get(f"{OFFICERS}?{crossed[0]}{fine}", headers=lead).status_code == 200


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "query",
    [
        "since=2026-02-30",
        "since=26-01-01",
        "since=2026-01-01T00:00:00Z",
        "until=9999-12-31",
        "since=0001-01-01",
        "since=2026-03-02&until=2026-03-01",
        "since=2020-01-01&until=2026-01-01",
        "group=reporter",
        "group=",
        "q=x",
    ],
)
def test_what_is_no_period_or_group_is_refused(client: FlaskClient, query: str) -> None:
    answer = client.get(f"{PUBLIC}?{query}")
    assert (answer.status_code, bool(answer.json["errors"])) == (422, True), answer.json


def test_the_csv_file_holds_the_same_and_the_total(
    app: Flask, client: FlaskClient, lead: Headers
) -> None:
    put(app, *many(60))
    for path, who in ((PUBLIC, {}), (OFFICERS, lead)):
        told = client.get(f"{path}?group=agency", headers=who).json
        answer = client.get(f"{path}.csv?group=agency", headers=who, buffered=True)
        assert answer.content_type == "text/csv; charset=utf-8"
        lines = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
        wanted = [
            *told["items"],
            {"key": None, "name_vi": "Tổng cộng", "name_en": "Total", **told["total"]},
        ]
        assert lines == [
            {k: "" if v is None else str(v) for k, v in line.items()} for line in wanted
        ]
