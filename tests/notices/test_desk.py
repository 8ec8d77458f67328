"""An officer's notices at his desk, and how he chooses to hear of things."""

import uuid
from datetime import timedelta

import jwt
import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.core.clock import frozen, now
from smartcity.core.db import transaction
from smartcity.notices import service
from smartcity.notices.jobs import KEPT, forget
from smartcity.notices.models import Notice
from tests.helpers import Headers, rows

PATH = "/api/v1/officer/me/notices"
CHOICE = "/api/v1/officer/me/notice-preferences"
EMAIL = "linh.nguyen@example.vn"


def who(headers: Headers) -> uuid.UUID:
    token = headers["Authorization"].removeprefix("Bearer ")
    return uuid.UUID(jwt.decode(token, options={"verify_signature": False})["sub"])


def tell(app: Flask, *officers: uuid.UUID, code: str = "HP-2026-000001") -> None:
    values = {"code": code, "due": "17:00 19/11/2026"}
    told = service.Told(officers, "notice.resolve.overdue", values, "/reports/x", "report:x")
    with app.app_context(), transaction() as session:
        service.tell(session, [told])


def test_newest_first_page_by_page(
    app: Flask, client: FlaskClient, unit: Headers, lead: Headers
) -> None:
    for number in range(5):
        tell(app, who(unit), who(lead), code=f"HP-2026-00000{number}")
    first = client.get(f"{PATH}?limit=3", headers=unit).json
    rest = client.get(f"{PATH}?limit=3&cursor={first['next_cursor']}", headers=unit).json
    titles = [notice["title"] for notice in first["items"] + rest["items"]]
    assert titles == [f"Phản ánh HP-2026-00000{n} quá hạn xử lý" for n in range(4, -1, -1)]
    english = client.get(PATH, headers={**unit, "Accept-Language": "en"}).json["items"][0]
    assert english["title"] == "Report HP-2026-000004 is overdue"
    assert english["body"] == "It was to be resolved by 17:00 19/11/2026."


def test_reading(app: Flask, client: FlaskClient, unit: Headers, lead: Headers) -> None:
    tell(app, who(unit))
    [notice] = client.get(PATH, headers=unit).json["items"]
    path = f"{PATH}/{notice['id']}/reading"
    assert client.put(path, headers=lead).status_code == 404
    first, again = (client.put(path, headers=unit).json["read_at"] for _ in range(2))
    assert first == again
    assert client.get(f"{PATH}?unread=true", headers=unit).json["items"] == []
    assert len(client.get(PATH, headers=unit).json["items"]) == 1


def test_a_choice(app: Flask, client: FlaskClient, unit: Headers) -> None:
    unchosen = {"email": None, "mail": "none", "digest_hour": 7, "refused_at": None}
    assert client.get(CHOICE, headers=unit).json == unchosen
    chosen = {"email": EMAIL, "mail": "digest", "digest_hour": 16}
    assert client.put(CHOICE, json=chosen, headers=unit).json == {**chosen, "refused_at": None}
    again = client.put(CHOICE, json={"mail": "none"}, headers=unit)
    assert again.json == unchosen


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({}, "mail"),
        ({"mail": "hourly"}, "mail"),
        ({"mail": "digest"}, "email"),
        ({"mail": "at_once", "email": "linh"}, "email"),
        ({"mail": "at_once", "email": "linh@exämple.vn"}, "email"),
        ({"mail": "at_once", "email": f"{EMAIL}, other@example.vn"}, "email"),
        ({"mail": "at_once", "email": f"Linh <{EMAIL}>"}, "email"),
        ({"mail": "at_once", "email": 7}, "email"),
        ({"mail": "digest", "email": EMAIL, "digest_hour": 24}, "digest_hour"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_choice_that_cannot_be(
    client: FlaskClient, unit: Headers, asked: dict[str, object], field: str
) -> None:
    answer = client.put(CHOICE, json=asked, headers=unit)
    assert (answer.status_code, answer.json["errors"].keys()) == (422, {field})


def test_a_break_in_an_address_is_stripped(client: FlaskClient, unit: Headers) -> None:
    asked = {"mail": "digest", "email": f"{EMAIL}\r\n"}
    assert client.put(CHOICE, json=asked, headers=unit).json["email"] == EMAIL


def test_half_a_year_later(app: Flask, unit: Headers) -> None:
    with frozen(now() - KEPT - timedelta(minutes=1)):
        tell(app, who(unit), code="HP-2026-000001")
    tell(app, who(unit), code="HP-2026-000002")
    with app.app_context():
        forget()
    assert [notice.values["code"] for notice in rows(app, Notice)] == ["HP-2026-000002"]
