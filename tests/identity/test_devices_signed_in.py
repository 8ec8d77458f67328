"""A citizen sees where he is signed in, and signs devices out."""

import pytest

from tests.helpers import bearer, citizen

PATH = "/api/v1/me/sessions"


@pytest.fixture
def phones(app):
    return [bearer(citizen(app)) for _ in range(3)]


def listed(client, headers, **query):
    return client.get(PATH, headers=headers, query_string=query).json


def test_the_devices_newest_first_page_by_page(client, phones, app):
    stranger = bearer(citizen(app, "+84987654321"))
    whole = listed(client, phones[0])["items"]
    assert [found["current"] for found in whole] == [False, False, True]
    first = listed(client, phones[0], limit=2)
    rest = listed(client, phones[0], limit=2, cursor=first["next_cursor"])
    assert first["items"] + rest["items"] == whole
    assert len(listed(client, stranger)["items"]) == 1


def test_a_lost_phone_is_signed_out(client, phones):
    lost = next(found for found in listed(client, phones[2])["items"] if found["current"])
    assert client.delete(f"{PATH}/{lost['id']}", headers=phones[0]).status_code == 204
    assert client.get("/api/v1/me", headers=phones[2]).status_code == 401
    assert client.delete(f"{PATH}/{lost['id']}", headers=phones[0]).status_code == 404
    assert len(listed(client, phones[0])["items"]) == 2


def test_nobody_signs_another_persons_phone_out(client, phones, app):
    stranger = bearer(citizen(app, "+84987654321"))
    other = listed(client, stranger)["items"][0]["id"]
    assert client.delete(f"{PATH}/{other}", headers=phones[0]).status_code == 404
    assert client.get("/api/v1/me", headers=stranger).status_code == 200


def test_all_others_at_once(make_app, client, phones):
    assert client.delete(PATH, headers=phones[1]).status_code == 204
    assert [found["current"] for found in listed(client, phones[1])["items"]] == [True]
    elsewhere = make_app().test_client()  # a process that has not looked them up yet
    answers = [elsewhere.get("/api/v1/me", headers=phone).status_code for phone in phones]
    assert answers == [401, 200, 401]
