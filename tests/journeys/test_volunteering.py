"""A volunteer day: announced, filled, one steps back, one moves up, and who came is checked in."""

from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from smartcity.core import clock
from smartcity.identity.permissions import Role
from tests.helpers import Headers, bearer, citizen, key, officer, work
from tests.participation.activities.volunteers import fields, inbox, mine, places, qr
from tests.participation.activities.volunteers import register as registered

DESK = "/api/v1/officer/activities"


class Activity:
    """What the helpers of activities want to know of one."""

    def __init__(self, ident: str) -> None:
        self.id = ident


def test_a_day_from_publication_to_check_in(app: Flask, client: FlaskClient) -> None:
    editor = bearer(officer(app, Role.CONTENT_EDITOR))
    record = fields(capacity=2, waiting=2, eligibility={"least_age": 16}, ward="11455")
    entry = announced(client, editor, record)
    people = [bearer(citizen(app, f"+8491200000{n}")) for n in range(5)]
    told = [registered(client, who, entry, birth_year=1998) for who in people[:4]]
    assert [one["state"] for one in told] == ["confirmed"] * 2 + ["waiting"] * 2
    path = f"/api/v1/activities/{entry.id}/registration"
    full = client.post(path, json={"birth_year": 1998}, headers=people[4])
    assert full.json["type"] == "urn:problem:participation.full"
    assert client.delete(path, headers=people[1]).status_code == 204
    enlarged(client, editor, entry, capacity=3)
    work(app, "inbox")
    assert [inbox(client, who)[:1] for who in people[:4]] == [
        [],
        [],
        ["Bạn đã có chỗ"],
        ["Bạn đã có chỗ"],
    ]
    assert places(client, entry) == [3, 3, 0, 0]
    came(client, entry, told, bearer(officer(app, Role.IOC_OPERATOR, "ioc")))
    assert [
        one["checked_in_at"] is not None for who in people[:4] for one in mine(client, who)
    ] == [
        True,
        False,
        True,
        True,
    ]


def announced(client: FlaskClient, editor: Headers, record: dict[str, Any]) -> Activity:
    """Entered as a draft, published, and found by everybody."""
    draft = client.post(DESK, json=record, headers={**editor, **key()})
    assert draft.status_code == 201, draft.json
    ident = draft.json["id"]
    assert client.get(f"/api/v1/activities/{ident}").status_code == 404
    seen = {**editor, "If-Match": draft.headers["ETag"]}
    why = {"reason": "Đã duyệt kế hoạch"}
    assert client.post(f"{DESK}/{ident}/publication", json=why, headers=seen).status_code == 200
    listed = client.get("/api/v1/activities", query_string={"q": "nhat rac"}).json["items"]
    assert [one["id"] for one in listed] == [ident]
    return Activity(ident)


def enlarged(client: FlaskClient, editor: Headers, entry: Activity, **other: Any) -> None:
    standing = client.get(f"{DESK}/{entry.id}", headers=editor)
    record = {**standing.json["record"], **other}
    seen = {**editor, "If-Match": standing.headers["ETag"]}
    path = f"{DESK}/{entry.id}?reason=Th%C3%AAm%20xe"
    answer = client.put(path, json=record, headers=seen)
    assert answer.status_code == 200, answer.json


def came(client: FlaskClient, entry: Activity, told: list[dict[str, Any]], gate: Headers) -> None:
    """Three came: two by their phones, of which one is photographed; one by hand."""
    check_ins = f"{DESK}/{entry.id}/check-ins"
    first, gone, second, third = told

    def scan(code: str) -> int:
        return client.post(check_ins, json={"code": code}, headers={**gate, **key()}).status_code

    photograph = qr(first)
    assert scan(photograph) == 201
    assert scan(photograph) == 409
    assert scan(qr(gone)) == 409
    with clock.frozen(clock.now() - timedelta(seconds=90)):
        old = qr(second)
    assert scan(old) == 409
    assert scan(qr(second)) == 201
    by_hand = f"{DESK}/{entry.id}/registrations/{third['id']}/check-in"
    why = {"reason": "Điện thoại hết pin"}
    assert client.post(by_hand, json=why, headers=gate).status_code == 200
    figures = client.get(f"{DESK}/{entry.id}/figures", headers=gate).json
    assert figures == {"confirmed": 3, "waiting": 0, "cancelled": 1, "came": 3}
    roll = client.get(f"{DESK}/{entry.id}/registrations.csv", headers=gate)
    assert len(roll.get_data(as_text=True).splitlines()) == 5
