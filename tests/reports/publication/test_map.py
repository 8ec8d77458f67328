"""The public map: clusters that add up, points when near, and boxes that make sense."""

import random
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert

from smartcity.core import clock
from smartcity.core.db import transaction
from smartcity.core.ids import new_id
from smartcity.reports.models import Report
from smartcity.reports.publication import map as public_map
from tests.reports.publication.moderating import PUBLIC

BOX = (106.3, 20.9, 106.4, 21.0)


def fill(app: Flask, places: list[tuple[float, float]], **other: Any) -> None:
    """Public reports at so many places, by longitude and latitude."""
    now = clock.now()
    rows = [
        {
            "id": new_id(),
            "number": number,
            "prefix": "HP",
            "anonymous": False,
            "urgent": False,
            "category": "lighting",
            "description": "riêng",
            "folded": "rieng",
            "latitude": 0,
            "longitude": 0,
            "area": "10507",
            "status": "accepted",
            "sequence": 1,
            "submitted_at": now,
            "updated_at": now,
            "visibility": "public",
            "published_at": now,
            "public_description": "Đèn tắt",
            "public_words": " den tat ",
            "public_longitude": longitude,
            "public_latitude": latitude,
            **other,
        }
        for number, (longitude, latitude) in enumerate(places, 1)
    ]
    with app.app_context(), transaction() as session:
        session.execute(insert(Report), rows)


def scattered(count: int) -> list[tuple[float, float]]:
    picked = random.Random(7)
    return [
        (round(picked.uniform(106.3, 106.4), 6), round(picked.uniform(20.9, 21.0), 6))
        for _ in range(count)
    ]


def drawn(client: FlaskClient, box: tuple[float, ...], zoom: int, query: str = "") -> dict:
    path = f"{PUBLIC}.geojson?bbox={','.join(map(str, box))}&zoom={zoom}{query}"
    answer = client.get(path)
    assert answer.status_code == 200, answer.json
    assert answer.mimetype == "application/geo+json"
    return answer.json


def test_clusters_add_up_at_every_zoom(app: Flask, client: FlaskClient) -> None:
    places = scattered(300)
    fill(app, places)
    sizes = []
    for zoom in range(15):
        found = drawn(client, BOX, zoom)
        counts = [f["properties"]["count"] for f in found["features"]]
        assert sum(counts) == len(places), zoom
        assert counts == sorted(counts, reverse=True)
        assert all(f["properties"].keys() == {"cluster", "count"} for f in found["features"])
        sizes.append(len(counts))
    assert sizes == sorted(sizes)
    assert (sizes[0], sizes[-1] > 100) == (1, True)
    (whole,) = drawn(client, BOX, 0)["features"]
    centre = [sum(place[i] for place in places) / len(places) for i in (0, 1)]
    assert whole["geometry"]["coordinates"] == pytest.approx(centre, abs=1e-5)


def test_a_cluster_holds_what_lies_in_its_cell(app: Flask, client: FlaskClient) -> None:
    places = scattered(200)
    fill(app, places)
    side = 360 / 2**13 / 4
    cells = {(int((x + 180) / side), int((y + 180) / side)) for x, y in places}
    found = {
        tuple(int((value + 180) / side) for value in f["geometry"]["coordinates"])
        for f in drawn(client, BOX, 13)["features"]
    }
    assert found == cells


def test_near_by_each_report_is_a_point(app: Flask, client: FlaskClient) -> None:
    places = scattered(50)
    fill(app, places)
    box = (106.34, 20.94, 106.36, 20.96)
    inside = [(x, y) for x, y in places if box[0] <= x <= box[2] and box[1] <= y <= box[3]]
    found = drawn(client, box, 16)
    points = [f["geometry"]["coordinates"] for f in found["features"]]
    assert sorted(points) == sorted(map(list, inside))
    assert inside
    pin = found["features"][0]["properties"]
    assert (pin["cluster"], pin["group"], pin["category"]) == (False, "received", "lighting")
    assert found["truncated"] is False
    assert drawn(client, box, 16, "&category=noise")["features"] == []
    assert len(drawn(client, box, 16, "&q=đèn")["features"]) == len(inside)


def test_a_box_wider_than_a_screen_is_seen_from_afar(app: Flask, client: FlaskClient) -> None:
    fill(app, scattered(20))
    found = drawn(client, (-180, -90, 180, 90), 22)
    assert found["zoom"] == 4
    assert [f["properties"]["count"] for f in found["features"]] == [20]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_too_many_points_are_clusters_and_too_many_clusters_are_said(
    app: Flask, client: FlaskClient
) -> None:
    most = public_map.MOST_FEATURES
    fill(app, [(106.3 + n % 50 * 4e-4, 20.9 + n // 50 * 4e-4) for n in range(most + 1)])
    box = (106.2999, 20.8999, 106.3199, 20.9199)
    near = drawn(client, box, 16)
    assert all(f["properties"]["cluster"] for f in near["features"])
    assert sum(f["properties"]["count"] for f in near["features"]) == most + 1
    assert near["truncated"] is False
    close = drawn(client, box, 22)
    assert (close["truncated"], len(close["features"])) == (True, most)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("bbox", "problem"),
    [
        ("106,20,107", "publication.bbox"),
        ("106,20,107,21,22", "publication.bbox"),
        ("a,20,107,21", "publication.bbox"),
        ("nan,20,107,21", "publication.bbox"),
        ("106,20,inf,21", "publication.bbox"),
        ("106,21,107,20", "publication.bbox"),
        ("106,20,106,21", "publication.bbox"),
        ("106,20,107,91", "publication.bbox"),
        ("-181,20,107,21", "publication.bbox"),
        ("179,20,-179,21", "publication.antimeridian"),
    ],
)
def test_a_box_that_makes_no_sense_is_refused(client: FlaskClient, bbox: str, problem: str) -> None:
    english = {"Accept-Language": "en"}
    answer = client.get(f"{PUBLIC}.geojson?bbox={bbox}&zoom=9", headers=english)
    assert (answer.status_code, answer.json["errors"].keys()) == (422, {"bbox"})
    assert ("180th" in answer.json["errors"]["bbox"][0]) == (problem == "publication.antimeridian")
    assert client.get(f"{PUBLIC}.geojson?bbox=106,20,107,21&zoom=23").status_code == 422
    assert client.get(f"{PUBLIC}.geojson?zoom=3").status_code == 422
