"""Phones on which nobody is signed in: theirs by a key of their own."""

import hashlib
import uuid
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.push.models import Device, DeviceChoice
from tests.conftest import MakeApp
from tests.helpers import Headers, at_once, count, rows
from tests.push.phones import BODY, KEY

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MINE, OTHERS = {"Device-Key": KEY}, {"Device-Key": "o" * 32}


@pytest.fixture
def phone() -> str:
    return f"/api/v1/devices/{uuid.uuid4()}"


def mine(path: str) -> str:
    return path.replace("/api/v1/", "/api/v1/me/")


def test_a_phone_without_an_account_has_a_key(app: Flask, client: FlaskClient, phone: str) -> None:
    made = client.put(phone, json={**BODY, "ward": "10507"}, headers=MINE)
    assert (made.status_code, made.json["ward"]) == (200, "10507")
    assert client.put(phone, json=BODY, headers=OTHERS).status_code == 403
    again = client.put(phone, json={**BODY, "value": "new"}, headers=MINE)
    assert (again.status_code, again.json["ward"]) == (200, None)
    (device,) = rows(app, Device)
    assert (device.value, device.citizen_id, device.app_number) == ("new", None, 3_002_001)
    assert device.key_hash == hashlib.sha256(KEY.encode()).hexdigest()
    assert client.get(phone, headers=MINE).json == again.json
    assert client.delete(phone, headers=MINE).status_code == 204
    assert client.delete(phone, headers=MINE).status_code == 404
    assert rows(app, Device) == []


@on_sqlite
def test_another_key_finds_nothing(client: FlaskClient, phone: str) -> None:
    client.put(phone, json=BODY, headers=MINE)
    for headers in (OTHERS, MINE):
        answers = (
            client.get(phone, headers=headers),
            client.put(f"{phone}/preferences", json={}, headers=headers),
            client.delete(phone, headers=headers),
        )
        assert {a.status_code for a in answers} == ({404} if headers is OTHERS else {200, 204})


@on_sqlite
@pytest.mark.parametrize("key", ["", "k" * 31, "k" * 129, "k" * 32 + "=", "ộ" * 32])
def test_what_is_no_key_is_refused(app: Flask, client: FlaskClient, phone: str, key: str) -> None:
    for path in (phone, mine(phone)):
        answer = client.put(path, json=BODY, headers={"Device-Key": key.encode().decode("latin-1")})
        assert answer.status_code == 422 if path == phone else 401
    assert client.put(phone, json=BODY).json["errors"].keys() == {"Device-Key"}
    assert rows(app, Device) == []


def test_who_signs_in_takes_the_choices_along(
    app: Flask, client: FlaskClient, me: Headers, phone: str
) -> None:
    client.put(phone, json=BODY, headers=MINE)
    client.put(f"{phone}/preferences", json={"categories": {"news": False}}, headers=MINE)
    (before,) = rows(app, Device)
    assert client.put(mine(phone), json=BODY, headers=me).status_code == 403
    taken = client.put(mine(phone), json=BODY, headers={**me, **MINE})
    assert (taken.status_code, taken.json["categories"]["news"]) == (200, False)
    (after,) = rows(app, Device)
    assert (after.number, bool(after.citizen_id)) == (before.number, True)
    assert client.put(mine(phone), json=BODY, headers=me).status_code == 200, "his by now"
    assert client.get(phone, headers=MINE).status_code == 404
    assert client.delete(mine(phone), headers=me).status_code == 204
    assert count(app, Device) == count(app, DeviceChoice) == 0


def test_what_a_citizen_chose_is_gone_when_he_is(
    app: Flask, client: FlaskClient, me: Headers, stranger: Headers, phone: str
) -> None:
    switched = {"categories": {"news": False}}
    for headers in (me, stranger, {}):
        path = mine(phone) if headers else phone
        answer = client.put(path, json=BODY, headers={**headers, **MINE})
        assert answer.status_code == 200, answer.json
        assert answer.json["categories"]["news"] is True
        client.put(f"{path}/preferences", json=switched, headers={**headers, **MINE})
    numbers = [device.number for device in rows(app, Device)]
    assert numbers > [2], "what was frozen for one citizen's phone is not sent to the next's"


@on_sqlite
def test_a_citizens_phone_without_a_key_is_not_to_be_had_by_its_id(
    client: FlaskClient, me: Headers, phone: str
) -> None:
    client.put(mine(phone), json=BODY, headers=me)
    assert client.put(phone, json=BODY, headers=MINE).status_code == 403


def test_an_address_that_two_installations_register_at_once_has_one_owner(app: Flask) -> None:
    paths = [f"/api/v1/devices/{uuid.uuid4()}" for _ in range(4)]

    def put(number: int) -> int:
        body = {**BODY, "value": f"address-{number % 2}"}
        client: Any = app.test_client()
        return client.put(paths[number // 2], json=body, headers=MINE).status_code

    for _ in range(3):
        assert set(at_once(*(lambda n=n: put(n) for n in range(8)))) == {200}
        assert 1 <= count(app, Device) <= 2


@on_sqlite
def test_one_network_address_registers_only_so_many(make_app: MakeApp) -> None:
    client = make_app(device_limit_address="2 per hour").test_client()
    path = f"/api/v1/devices/{uuid.uuid4()}"
    answers = [client.put(path, json=BODY, headers=MINE).status_code for _ in range(3)]
    assert answers == [200, 200, 429]
