"""Where a citizen is reached: one address, one owner."""

import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.push.models import Device
from tests.helpers import Headers, at_once, rows
from tests.push.conftest import Register

GOOD = {"kind": "token", "value": "abc:123", "platform": "ios", "app_version": "1.0"}


def test_a_phone_tells_its_new_address(app: Flask, register: Register) -> None:
    phone = register("first", locale="en")
    register("second", installation=phone, app_version="2.0")
    (device,) = rows(app, Device)
    assert (device.value, device.app_version, device.locale) == ("second", "2.0", "vi")


def test_a_phone_that_changes_hands_changes_owner(
    app: Flask, client: FlaskClient, me: Headers, stranger: Headers, register: Register
) -> None:
    phone = register("token-1")
    register("token-1", stranger, installation=phone)
    path = f"/api/v1/me/devices/{phone}"
    assert client.delete(path, headers=me).status_code == 404
    assert client.delete(path, headers=stranger).status_code == 204
    assert client.delete(path, headers=stranger).status_code == 404
    assert rows(app, Device) == []


def test_an_address_is_forgotten_where_it_was_before(
    app: Flask, stranger: Headers, register: Register
) -> None:
    register("token-1")
    register("token-1", kind="fid")  # another kind of address, though its letters are the same
    new = register("token-1", stranger)
    assert {(d.kind, str(d.installation_id) == new) for d in rows(app, Device)} == {
        ("fid", False),
        ("token", True),
    }


def test_a_phone_that_registers_many_times_at_once_is_one(app: Flask, me: Headers) -> None:
    path = f"/api/v1/me/devices/{uuid.uuid4()}"

    def put(number: int) -> int:
        body = {**GOOD, "value": f"token-{number % 2}"}
        return app.test_client().put(path, json=body, headers=me).status_code

    assert set(at_once(*(lambda n=n: put(n) for n in range(8)))) == {200}
    assert len(rows(app, Device)) == 1


def test_one_address_from_many_phones_at_once_is_one(app: Flask, me: Headers) -> None:
    def put() -> int:
        path = f"/api/v1/me/devices/{uuid.uuid4()}"
        return app.test_client().put(path, json=GOOD, headers=me).status_code

    assert set(at_once(*[put] * 6)) == {200}
    assert len(rows(app, Device)) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_no_address_is_refused(app: Flask, client: FlaskClient, me: Headers) -> None:
    faults = {
        "kind": "carrier_pigeon",
        "value": "two words",
        "platform": "symbian",
        "app_version": "v" * 21,
        "locale": "fr",
        "colour": "red",
    }
    for field, value in [*faults.items(), ("value", ""), ("value", "a" * 501)]:
        body = {**GOOD, field: value}
        answer = client.put(f"/api/v1/me/devices/{uuid.uuid4()}", json=body, headers=me)
        assert (answer.status_code, answer.json["errors"].keys()) == (422, {field}), (field, value)
    assert client.put("/api/v1/me/devices/7", json=GOOD, headers=me).status_code == 404
    assert rows(app, Device) == []
