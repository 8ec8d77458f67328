"""A directory, from an office's spreadsheet to a citizen who finds a place and puts it right."""

import io
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.identity.permissions import Role
from tests.helpers import Headers, bearer, key, officer

PLACES, DESK = "/api/v1/places", "/api/v1/officer/places"
LIST = """\
Mã;Tên;Loại;Vĩ độ;Kinh độ;Điện thoại;Giờ mở cửa
tram-a;Trạm y tế A;hospital;20,8571;106,6818;0225 3000 011;7h–11h, 13h30–17h T2–T6
tram-b;Trạm y tế B;hospital;20,8601;106,6818;;24/24
nha-thuoc-c;Nhà thuốc C;pharmacy;20,8580;106,6820;;6h–22h
"""
SWAPPED = LIST + "tram-d;Trạm y tế D;hospital;106,6818;20,8571;;24/24\n"
HERE = "latitude=20.8570&longitude=106.6818"
MONDAY_NOON = "2026-11-23T12:00:00%2B07:00"
WRONG = {"what": "hours", "text": "Trạm nay làm cả thứ Bảy."}


@pytest.fixture
def editor(app: Flask) -> Headers:
    return bearer(officer(app, Role.CONTENT_EDITOR, "ioc"))


def test_from_a_spreadsheet_to_a_field_report(
    client: FlaskClient, editor: Headers, operator: Headers, me: Headers
) -> None:
    refused = _bring(client, editor, SWAPPED, apply=True)
    assert refused["applied"] is False
    [fault] = refused["refusals"]
    assert (fault["line"], fault["field"]) == (5, "latitude")
    assert client.get(PLACES).json["items"] == []

    compared = _bring(client, editor, LIST)
    assert (compared["new"], compared["applied"]) == (3, False)
    assert client.get(PLACES).json["items"] == []
    assert _bring(client, editor, LIST, apply=True)["applied"] is True
    assert _bring(client, editor, LIST, apply=True)["same"] == 3

    near = client.get(f"{PLACES}/nearest?{HERE}&category=hospital").json["items"]
    assert [(place["title"], place["metres"]) for place in near] == [
        ("Trạm y tế A", 11),
        ("Trạm y tế B", 345),
    ]
    at_noon = client.get(f"{PLACES}?category=hospital&open_at={MONDAY_NOON}").json["items"]
    assert [place["title"] for place in at_noon] == ["Trạm y tế B"]

    path = f"{PLACES}/{near[0]['id']}/error-reports"
    told = client.post(path, json=WRONG, headers={**me, **key()}).json
    report = client.get(f"/api/v1/officer/reports/{told['report_id']}", headers=operator).json
    assert (report["category"], report["status"]) == ("city_guide", "submitted")
    assert WRONG["text"] in report["description"]
    [known] = client.get(f"{DESK}/{near[0]['id']}/error-reports", headers=editor).json["items"]
    assert known["code"] == report["code"]


def _bring(client: FlaskClient, who: Headers, text: str, *, apply: bool = False) -> Any:
    form = {"file": (io.BytesIO(text.encode("utf-8-sig")), "danh-ba.csv"), "apply": str(apply)}
    answer = client.post(f"{DESK}/import", data=form, headers=who)
    assert answer.status_code == 200, answer.json
    return answer.json
