"""What is wrong of a place becomes a field report, where the place is."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.guide.models import PlaceError
from smartcity.guide.places.place import PLACE
from smartcity.reports.models import Report
from tests.helpers import Headers, key, rows, upload
from tests.registers.records_made import drafted, published

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
WRONG = {"what": "hours", "text": "Nay đóng cửa lúc 20h."}
OPERA: dict[str, Any] = {
    "title": "Nhà hát lớn",
    "category": "attraction",
    "latitude": 20.8571,
    "longitude": 106.6818,
    "address": "Quảng trường Nhà hát",
}


def test_an_error_becomes_a_report_of_ones_own(
    app: Flask, client: FlaskClient, me: Headers, admin: Headers
) -> None:
    place = published(app, PLACE, **OPERA)
    path, photo = f"/api/v1/places/{place.id}/error-reports", upload(client, me)
    headers = {**me, **key()}
    answer = client.post(path, json={**WRONG, "media_ids": [photo]}, headers=headers)
    assert answer.status_code == 201, answer.json
    again = client.post(path, json={**WRONG, "media_ids": [photo]}, headers=headers)
    assert again.json == answer.json

    [mine] = client.get("/api/v1/me/reports", headers=me).json["items"]
    assert (mine["id"], mine["code"]) == (answer.json["report_id"], answer.json["code"])
    assert (mine["latitude"], mine["longitude"]) == (OPERA["latitude"], OPERA["longitude"])
    assert (mine["category"], mine["address"]) == ("city_guide", OPERA["address"])
    assert [told["id"] for told in mine["media"]] == [photo]
    assert "“Nhà hát lớn” – giờ mở cửa: Nay đóng cửa lúc 20h." in mine["description"]

    desk = f"/api/v1/officer/places/{place.id}/error-reports"
    [told] = client.get(desk, headers=admin).json["items"]
    assert told == answer.json
    assert (told["what"], told["status"]) == ("hours", "submitted")


@SQLITE
def test_what_has_no_coordinates_is_reported_at_its_commune(
    app: Flask, client: FlaskClient, me: Headers
) -> None:
    for place in (
        {"title": "Một cửa", "category": "one_stop_shop", "ward": "11311"},
        {"title": "1022", "category": "hotline", "phones": ["1022"]},
    ):
        entry = published(app, PLACE, **place)
        path = f"/api/v1/places/{entry.id}/error-reports"
        assert client.post(path, json=WRONG, headers={**me, **key()}).status_code == 201
    assert "11311" in {report.area for report in rows(app, Report)}


@SQLITE
@pytest.mark.parametrize(
    "body",
    [
        {"what": "colour", "text": "Sai"},
        {"what": "hours"},
        {"what": "hours", "text": ""},
        {**WRONG, "media_ids": ["0198c0de-4a6e-7c1a-9b7e-2f1d3c4b5a69"]},
        {**WRONG, "category": "noise"},
    ],
)
def test_nothing_is_kept_of_what_is_refused(
    app: Flask, client: FlaskClient, me: Headers, body: dict[str, Any]
) -> None:
    entry = published(app, PLACE, **OPERA)
    path = f"/api/v1/places/{entry.id}/error-reports"
    assert client.post(path, json=body, headers={**me, **key()}).status_code == 422
    assert rows(app, Report) == rows(app, PlaceError) == []


@SQLITE
def test_only_of_what_the_public_sees(app: Flask, client: FlaskClient, me: Headers) -> None:
    entry = drafted(app, PLACE, **OPERA)
    path = f"/api/v1/places/{entry.id}/error-reports"
    assert client.post(path, json=WRONG, headers={**me, **key()}).status_code == 404
    assert client.post(path, json=WRONG, headers=key()).status_code == 401
