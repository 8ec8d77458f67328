"""Notices by area: whom they are for, until when, and from whom."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.core.errors import Invalid
from smartcity.guide.notices.notice import NOTICE
from tests.registers.records_made import drafted, published

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
GOOD: dict[str, Any] = {
    "title": "Tạm ngừng cấp điện",
    "category": "power_cut",
    "starts": "2027-01-05T07:00:00+07:00",
    "ends": "2027-01-05T16:00:00+07:00",
    "areas": ["11383", "11407"],
    "places": "Một phần các phố quanh hồ",
    "issuer": "Đơn vị điện lực (ví dụ)",
}


def titles(client: FlaskClient, query: str = "") -> list[str]:
    answer = client.get(f"/api/v1/city-notices?{query}")
    assert answer.status_code == 200, answer.json
    return [notice["title"] for notice in answer.json["items"]]


@pytest.fixture
def app(app: Flask) -> Flask:
    for title, fields in {
        "Mất điện": {},
        "Cả thành phố": {"areas": [], "starts": "2027-01-04T07:00:00+07:00"},
        "Cấm cầu": {"areas": [], "latitude": 20.94, "longitude": 106.33, "category": "traffic"},
        "Đến khi báo lại": {"ends": None, "areas": ["11407"], "category": "weather"},
    }.items():
        published(app, NOTICE, **{**GOOD, **fields, "title": title})
    return app


def test_a_commune_reads_its_own_and_what_is_for_everybody(app: Flask, client: FlaskClient) -> None:
    assert titles(client, "ward=11383") == ["Cả thành phố", "Mất điện"]  # what begins first, first
    assert titles(client, "ward=11407") == ["Cả thành phố", "Mất điện", "Đến khi báo lại"]
    assert titles(client, "ward=11411") == ["Cả thành phố"]
    assert titles(client, "category=traffic") == ["Cấm cầu"]
    assert len(titles(client)) == 4


@SQLITE
def test_one_with_a_place_is_for_the_commune_there(app: Flask, client: FlaskClient) -> None:
    there = client.get("/api/v1/areas/locate?latitude=20.94&longitude=106.33").json
    assert "Cấm cầu" in titles(client, f"ward={there['ward']['code']}")


@SQLITE
def test_what_is_no_filter_is_refused(client: FlaskClient) -> None:
    for query in ("category=earthquake", "ward=0", "areas=11383"):
        assert client.get(f"/api/v1/city-notices?{query}").status_code == 422


@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        ({"category": "earthquake"}, "category"),
        ({"starts": None}, "starts"),
        ({"issuer": " "}, "issuer"),
        ({"places": "x" * 1_001}, "places"),
        ({"areas": "11383"}, "areas"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(fields: dict[str, Any], refused: str) -> None:
    assert list(NOTICE.schema().validate({**GOOD, "areas": [], **fields})) == [refused]


@SQLITE
def test_communes_are_of_the_province_and_it_ends_after_it_begins(in_app: Flask) -> None:
    assert list(NOTICE.schema().validate({**GOOD, "areas": ["11383", "00001"]})) == ["areas"]
    with pytest.raises(Invalid) as refused:
        drafted(in_app, NOTICE, **{**GOOD, "ends": GOOD["starts"]})
    assert list(refused.value.errors) == ["ends"]
