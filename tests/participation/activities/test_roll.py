"""Who is registered: for officers, by name without accents, as a file, in figures."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.audit.models import AuditEntry
from smartcity.participation.activities import rolls
from tests.helpers import Headers, rows
from tests.participation.activities.volunteers import activity, give_up, people, register

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NAMES = ("Trần Thị Lan", "Lê Đức Anh", "=1+1", "Đặng Thị Lan Anh", None)


@pytest.fixture
def entry(app: Flask, client: FlaskClient) -> Any:
    """An activity with three places, two who wait, and one who gave up."""
    made = activity(app, capacity=3, waiting=5, eligibility={"wards": ["11359"]})
    *others, last = people(app, len(NAMES) + 1)
    for who, called in zip(others, NAMES, strict=True):
        register(client, who, made, called=called, ward="11359")
    register(client, last, made, called="Ai đó", ward="11359")
    give_up(client, last, made)
    return made


def roll(client: FlaskClient, who: Headers, entry: Any, **asked: Any) -> list[str | None]:
    path = f"/api/v1/officer/activities/{entry.id}/registrations"
    answer = client.get(path, query_string=asked, headers=who)
    assert answer.status_code == 200, answer.json
    found = [one["called"] for one in answer.json["items"]]
    if cursor := answer.json["next_cursor"]:
        found += roll(client, who, entry, **{**asked, "cursor": cursor})
    return found


def test_in_the_order_in_which_they_came(client, operator, entry) -> None:
    assert roll(client, operator, entry, limit=2) == [*NAMES, "Ai đó"]
    assert roll(client, operator, entry, state="waiting") == list(NAMES[3:])
    assert roll(client, operator, entry, came=True) == []
    assert len(roll(client, operator, entry, came=False)) == 6


@pytest.mark.parametrize("at_once", [1, 2, 500])
def test_names_are_found_without_accents(client, operator, entry, monkeypatch, at_once) -> None:
    monkeypatch.setattr(rolls, "AT_ONCE", at_once)
    for limit in (1, 20):
        assert roll(client, operator, entry, q="thi LAN", limit=limit) == [NAMES[0], NAMES[3]]
        assert roll(client, operator, entry, q="dang", limit=limit) == [NAMES[3]]
        assert roll(client, operator, entry, q="lan", state="waiting", limit=limit) == [NAMES[3]]
        assert roll(client, operator, entry, q="nguyen", limit=limit) == []


def test_the_file_is_safe_and_recorded(app, client, operator, entry) -> None:
    path = f"/api/v1/officer/activities/{entry.id}/registrations.csv"
    answer = client.get(path, query_string={"state": "confirmed"}, headers=operator)
    lines = answer.get_data(as_text=True).splitlines()
    assert lines[0].startswith('\ufeff"Số","Tên gọi","Phường, xã"')
    assert lines[1].startswith('"1","Trần Thị Lan","Phường Gia Viên","Có chỗ",')
    assert lines[3].startswith('"3","\'=1+1"')
    assert len(lines) == 4
    export = [deed for deed in rows(app, AuditEntry) if deed.action.endswith(".export")]
    assert [deed.detail["filters"] for deed in export] == [
        {"state": "confirmed", "activity": str(entry.id)}
    ]


def test_figures(client, operator, entry) -> None:
    path = f"/api/v1/officer/activities/{entry.id}"
    first = client.get(f"{path}/registrations", headers=operator).json["items"][0]["id"]
    why = {"reason": "Hết pin"}
    client.post(f"{path}/registrations/{first}/check-in", json=why, headers=operator)
    figures = client.get(f"{path}/figures", headers=operator).json
    assert figures == {"confirmed": 3, "waiting": 2, "cancelled": 1, "came": 1}


def test_a_unit_sees_no_roll_but_its_own(client, unit, entry) -> None:
    path = f"/api/v1/officer/activities/{entry.id}"
    for tail in ("/registrations", "/registrations.csv", "/figures"):
        assert client.get(path + tail, headers=unit).status_code == 404
