"""Places: what may stand in one, and how the public narrows the list."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.core.db import transaction
from smartcity.core.texts import message
from smartcity.guide.places.extras import CATEGORIES
from smartcity.guide.places.place import PLACE
from smartcity.identity.permissions import SYSTEM
from smartcity.registers import service as registers
from tests.helpers import Headers, key
from tests.registers.records_made import made, published

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
GOOD: dict[str, Any] = {
    "title": "Nhà thuốc Hoa Phượng",
    "category": "pharmacy",
    "phones": ["+84 225 3000 021"],
    "hours": "6h–22h",
}
TUESDAY_NIGHT, WEDNESDAY_NIGHT = "2026-12-01T23:30:00+07:00", "2026-12-03T01:30:00+07:00"
TET = "2027-02-06T10:00:00+07:00"  # Saturday, the first day of the year of the Goat


def titles(client: FlaskClient, query: str = "") -> list[str]:
    answer = client.get(f"/api/v1/places?{query.replace('+', '%2B')}")
    assert answer.status_code == 200, answer.json
    return [place["title"] for place in answer.json["items"]]


@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        ({"category": "volcano"}, ["category"]),
        ({"category": None}, ["category"]),
        ({"phones": ["0225 3000"]}, ["phones", 0]),
        ({"phones": ["02253000021", "gọi Lan"]}, ["phones", 1]),
        ({"phones": ["+1 212 555 0100"]}, ["phones", 0]),
        ({"website": "http://nhathuoc.vn/"}, ["website"]),
        ({"hours": "tùy hôm"}, ["hours"]),
        ({"accessibility": ["trampoline"]}, ["accessibility", 0]),
        ({"extras": {"beds": 9}}, ["extras", "beds"]),
        ({"extras": {"night": "maybe"}}, ["extras", "night"]),
        ({"extras": {"duty_days": ["28/11/2026"]}}, ["extras", "duty_days", 0]),
        ({"extras": ["night"]}, ["extras", "_schema"]),
        ({"category": "library", "extras": {"night": True}}, ["extras", "night"]),
        ({"category": "hospital", "extras": {"beds": "900"}}, ["extras", "beds"]),
        ({"category": "hospital", "extras": {"level": "galactic"}}, ["extras", "level"]),
        ({"category": "museum", "extras": {"ticket_adult": -1}}, ["extras", "ticket_adult"]),
        ({"category": "bus_route", "extras": {"first": "25:00"}}, ["extras", "first"]),
        ({"category": "hotline", "latitude": 20.85, "longitude": 106.68}, ["latitude"]),
        ({"colour": "green"}, ["colour"]),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(fields: dict[str, Any], refused: list[Any]) -> None:
    found: Any = PLACE.schema().validate({**GOOD, **fields})
    for name in refused:
        assert list(found) == [name]
        found = found[name]
    assert message(found[0])  # in the catalogue


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("+84 225 370 0436", "02253700436"),
        ("(0225) 370-0436", "02253700436"),
        ("0912.345.678", "0912345678"),
        ("115", "115"),
        ("1900 56 12 92", "1900561292"),
        ("5656", "5656"),
    ],
)
def test_numbers_are_kept_as_they_are_dialled(written: str, kept: str) -> None:
    assert made(PLACE, **{**GOOD, "phones": [written]})["phones"] == [kept]


@SQLITE
def test_a_place_is_told_with_its_hours_in_words(app: Flask, client: FlaskClient) -> None:
    extras = {"duty_days": ["2026-11-28"], "night": True}
    entry = published(app, PLACE, **GOOD, extras=extras)
    whole = client.get(f"/api/v1/places/{entry.id}").json
    assert whole["extras"] == extras
    assert whole["phones"] == ["02253000021"]
    assert whole["opening_words"]["spoken_vi"] == "Hằng ngày từ 6 giờ đến 22 giờ"
    [card] = client.get("/api/v1/places").json["items"]
    assert [(period["from"], period["to"]) for period in card["opening"]] == [("06:00", "22:00")]
    assert "opening_words" not in card


@SQLITE
def test_an_officer_is_told_how_to_write(client: FlaskClient, admin: Headers) -> None:
    place = {**GOOD, "hours": "khi rảnh", "extras": {"beds": 2}}
    answer = client.post("/api/v1/officer/places", json=place, headers={**admin, **key()})
    assert answer.status_code == 422
    assert "“khi rảnh”" in answer.json["errors"]["hours"][0]
    assert list(answer.json["errors"]["extras"]) == ["beds"]


@SQLITE
def test_what_an_officer_kept_he_reads_again(client: FlaskClient, admin: Headers) -> None:
    source = {"name": "Sở Y tế", "address": "https://soyte.vn/", "checked_on": "2026-11-22"}
    route = {"from": "Ga", "to": "Đồ Sơn", "first": "05:30", "stops": ["ga"]}
    place = {"title": "Tuyến 01", "category": "bus_route", "source": source, "extras": route}
    kept = client.post("/api/v1/officer/places", json=place, headers={**admin, **key()})
    assert kept.status_code == 201, kept.json
    assert kept.json["record"]["extras"] == route
    assert kept.json["record"]["source"] == source


def test_who_is_open_at_an_instant(app: Flask, client: FlaskClient) -> None:
    def shop(title: str, hours: str | None) -> None:
        published(app, PLACE, **{**GOOD, "title": title, "hours": hours})

    shop("A ngày", "6h–22h")
    shop("B đêm", "18h–2h")
    shop("C luôn", "24/24, nghỉ lễ, Tết")
    shop("D T4", "T4: 20h–3h hôm sau")
    shop("E không rõ", None)
    assert titles(client, f"open_at={TUESDAY_NIGHT}") == ["B đêm", "C luôn"]
    assert titles(client, f"open_at={WEDNESDAY_NIGHT}") == ["B đêm", "C luôn", "D T4"]
    assert titles(client, f"open_at={TET}") == ["A ngày"]
    assert titles(client, "open_at=2026-12-01T15:00:00Z") == ["B đêm", "C luôn"]  # 22:00 here
    assert titles(client, f"open_at={TUESDAY_NIGHT}&category=museum") == []


@SQLITE
def test_hours_that_change_or_go_are_followed(in_app: Flask, client: FlaskClient) -> None:
    entry = published(in_app, PLACE, **GOOD)
    changed = made(PLACE, **{**GOOD, "hours": "22h–6h"})
    with transaction() as session:
        told = registers.change(session, PLACE, SYSTEM, entry.id, entry.version, changed, "đổi")
        version = told.version
    assert titles(client, f"open_at={TUESDAY_NIGHT}") == [GOOD["title"]]
    with transaction() as session:
        registers.move(session, PLACE, SYSTEM, entry.id, version, registers.WITHDRAW, "nghỉ")
    assert titles(client, f"open_at={TUESDAY_NIGHT}") == []


def test_filters_by_category_duty_access_and_words(app: Flask, client: FlaskClient) -> None:
    duty = {"duty_days": ["2026-11-28", "2026-12-05"]}
    published(app, PLACE, **{**GOOD, "extras": duty, "accessibility": ["ramp", "lift"]})
    published(app, PLACE, **{**GOOD, "title": "Nhà thuốc Sông Cấm", "accessibility": ["ramp"]})
    published(app, PLACE, title="Bảo tàng", category="museum", ward="11311")
    published(app, PLACE, title="Thư viện", category="library")
    assert titles(client, "category=museum&category=library") == ["Bảo tàng", "Thư viện"]
    assert titles(client, "on_duty=2026-12-05") == [GOOD["title"]]
    assert titles(client, "on_duty=2026-12-06") == []
    assert len(titles(client, "accessibility=ramp")) == 2
    assert titles(client, "accessibility=ramp&accessibility=lift") == [GOOD["title"]]
    assert titles(client, "q=song cam") == ["Nhà thuốc Sông Cấm"]
    assert "Bảo tàng" in titles(client, "ward=11311")
    first = client.get("/api/v1/places?category=museum&category=library&limit=1").json
    following = f"category=museum&category=library&limit=1&cursor={first['next_cursor']}"
    assert titles(client, following) == ["Thư viện"]


@SQLITE
@pytest.mark.parametrize(
    "query",
    [
        "category=volcano",
        "open_at=2026-11-24T10:00:00",
        "open_at=9999-12-31T23:59:59Z",
        "open_at=0001-01-01T00:00:00Z",
        "on_duty=soon",
        "accessibility=trampoline",
        "ward=1",
    ],
)
def test_what_is_asked_wrongly_is_refused(client: FlaskClient, query: str) -> None:
    assert client.get(f"/api/v1/places?{query}").status_code == 422


@SQLITE
def test_the_holidays_of_every_year_that_may_be_asked_for_are_known(client: FlaskClient) -> None:
    for year in (2020, 2050, 2099):
        assert titles(client, f"open_at={year}-07-01T10:00:00Z") == []


@SQLITE
def test_categories_are_named_and_counted(app: Flask, client: FlaskClient) -> None:
    published(app, PLACE, **GOOD)
    items = client.get("/api/v1/places/categories").json["items"]
    assert [item["category"] for item in items] == list(CATEGORIES)
    counted = {item["category"]: (item["vi"], item["en"], item["count"]) for item in items}
    assert counted["pharmacy"] == ("Nhà thuốc", "Pharmacies", 1)
    assert counted["hospital"][2] == 0
