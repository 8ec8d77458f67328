"""The nearest places and those on a map: against a plain count of every distance."""

import math
import random
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.core.db import transaction
from smartcity.guide.places.place import PLACE
from smartcity.identity.permissions import SYSTEM
from smartcity.registers import service as registers
from tests.registers.records_made import made, published

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
HERE = (20.8571, 106.6818)
KINDS = ("pharmacy", "bank", "park")


def near(client: FlaskClient, place: tuple[float, float] = HERE, **asked: Any) -> list[Any]:
    query = {"latitude": place[0], "longitude": place[1], **asked}
    answer = client.get("/api/v1/places/nearest", query_string=query)
    assert answer.status_code == 200, answer.json
    return [(item["title"], item["metres"]) for item in answer.json["items"]]


def scattered(app: Flask, count: int) -> list[tuple[str, str, float, float]]:
    """Places here and there, half of them close together."""
    chance = random.Random(9)
    places = []
    for number in range(count):
        spread = 0.004 if number % 2 else 0.03
        latitude = round(HERE[0] + chance.uniform(-spread, spread), 5)
        longitude = round(HERE[1] + chance.uniform(-spread, spread), 5)
        places.append((f"Nơi {number}", chance.choice(KINDS), latitude, longitude))
    records = [
        made(PLACE, key=f"p{n}", title=title, category=kind, latitude=lat, longitude=lon)
        for n, (title, kind, lat, lon) in enumerate(places)
    ]
    with app.app_context(), transaction() as session:
        registers.bring_in(session, PLACE, SYSTEM, records, origin="test")
    return places


def metres(here: tuple[float, float], latitude: float, longitude: float) -> float:
    """The haversine formula, on a ball of 6,371 km."""
    first, second = math.radians(here[0]), math.radians(latitude)
    half = math.sin((second - first) / 2) ** 2
    around = math.sin(math.radians(longitude - here[1]) / 2) ** 2
    return 2 * 6_371_000 * math.asin(math.sqrt(half + math.cos(first) * math.cos(second) * around))


def test_the_nearest_are_the_nearest(app: Flask, client: FlaskClient) -> None:
    places = scattered(app, 160)
    for here in (HERE, (20.95, 106.75), (20.75, 106.60)):
        for wanted in ({}, {"category": ["bank", "park"]}):
            found = near(client, here, limit=12, **wanted)
            expected = sorted(
                (metres(here, latitude, longitude), title)
                for title, kind, latitude, longitude in places
                if kind in wanted.get("category", KINDS)
            )[:12]
            assert [title for title, _ in found] == [title for _, title in expected]
            for (_, told), (true, _) in zip(found, expected, strict=True):
                assert told == pytest.approx(true, rel=0.005, abs=1)


@SQLITE
def test_all_are_told_when_there_are_fewer(app: Flask, client: FlaskClient) -> None:
    published(app, PLACE, title="Xa", category="park", latitude=20.72, longitude=107.05)
    published(app, PLACE, title="Đường dây", category="hotline", phones=["1022"])
    published(app, PLACE, title="Tuyến 01", category="bus_route", ward="11311")
    assert [title for title, _ in near(client)] == ["Xa"]
    assert near(client, (-89.9, 20.0)) == near(client, (-89.9, 20.0), limit=100)
    assert near(client, category="bank") == []


def test_the_nearest_that_are_open(app: Flask, client: FlaskClient) -> None:
    def shop(title: str, hours: str, north: float, **extras: Any) -> None:
        place = {"latitude": HERE[0] + north, "longitude": HERE[1]}
        published(app, PLACE, title=title, category="pharmacy", hours=hours, **place, **extras)

    shop("Gần", "7h–17h", 0.001)
    shop("Xa hơn", "24/24", 0.01, extras={"duty_days": ["2026-12-01"]}, accessibility=["ramp"])
    assert near(client) == [("Gần", 111), ("Xa hơn", 1112)]
    for asked in (
        {"open_at": "2026-12-01T20:00:00+07:00"},
        {"on_duty": "2026-12-01"},
        {"accessibility": "ramp"},
    ):
        assert near(client, **asked) == [("Xa hơn", 1112)]


@SQLITE
@pytest.mark.parametrize(
    "query",
    [
        "",
        "latitude=20.8",
        "latitude=91&longitude=106",
        "latitude=nan&longitude=106",
        "latitude=20.8&longitude=106&limit=101",
        "latitude=20.8&longitude=106&category=volcano",
    ],
)
def test_nearest_to_nowhere_is_refused(client: FlaskClient, query: str) -> None:
    assert client.get(f"/api/v1/places/nearest?{query}").status_code == 422


def box(client: FlaskClient, corners: str, **asked: Any) -> Any:
    names = ("west", "south", "east", "north")
    query = dict(zip(names, corners.split(), strict=True)) | asked
    return client.get("/api/v1/places/box", query_string=query)


def test_a_box_holds_what_lies_in_it(app: Flask, client: FlaskClient) -> None:
    places = scattered(app, 60)
    answer = box(client, "106.68 20.85 106.70 20.88", category=["park", "bank"])
    assert answer.mimetype == "application/geo+json"
    told = answer.json
    assert (told["type"], told["more"]) == ("FeatureCollection", False)
    found = {
        (f["properties"]["title"], *reversed(f["geometry"]["coordinates"]))
        for f in told["features"]
    }
    assert found == {
        (title, latitude, longitude)
        for title, kind, latitude, longitude in places
        if kind != "pharmacy" and 106.68 <= longitude <= 106.70 and 20.85 <= latitude <= 20.88
    }
    assert found


@SQLITE
def test_a_box_says_that_there_are_more(in_app: Flask) -> None:
    scattered(in_app, 8)
    with transaction() as session:
        corners = (106.0, 20.0, 108.0, 22.0)
        assert [len(registers.box(session, PLACE, corners, most)[0]) for most in (7, 8)] == [7, 8]
        assert registers.box(session, PLACE, corners, 7)[1]
        assert not registers.box(session, PLACE, corners, 8)[1]


@SQLITE
@pytest.mark.parametrize(
    ("corners", "field"),
    [("106.7 20.8 106.6 20.9", "east"), ("106.6 20.9 106.7 20.9", "north")],
)
def test_a_box_without_an_inside_is_refused(client: FlaskClient, corners: str, field: str) -> None:
    answer = box(client, corners)
    assert (answer.status_code, list(answer.json["errors"])) == (422, [field])


@SQLITE
def test_a_bus_route_tells_its_stops_in_their_order(app: Flask, client: FlaskClient) -> None:
    for name in ("ga", "cau", "bien"):
        published(app, PLACE, key=name, title=f"Điểm {name}", category="bus_stop")
    stops = ["bien", "ga", "not-there", "cau"]
    route = published(app, PLACE, title="01", category="bus_route", extras={"stops": stops})
    items = client.get(f"/api/v1/places/{route.id}/stops").json["items"]
    assert [item["title"] for item in items] == ["Điểm bien", "Điểm ga", "Điểm cau"]
    assert client.get(f"/api/v1/places/{items[0]['id']}/stops").status_code == 404
