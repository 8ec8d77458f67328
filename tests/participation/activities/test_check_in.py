"""Codes that count once and soon are old; by hand where a phone is in the way; and taken back."""

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.audit.models import AuditEntry
from smartcity.core import clock
from smartcity.identity.permissions import Role
from tests.helpers import UNIT, Headers, at_once, bearer, citizen, key, officer, rows
from tests.participation.activities.volunteers import (
    activity,
    give_up,
    mine,
    nobody,
    people,
    qr,
    register,
)

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NOON = datetime(2026, 12, 1, 5, 0, 10, tzinfo=UTC)  # ten seconds into a step


@pytest.fixture(autouse=True)
def at_noon(app: Flask) -> Any:
    with clock.frozen(NOON):
        yield


def scan(client: FlaskClient, who: Headers, entry: Any, code: str, **headers: str) -> Any:
    path = f"/api/v1/officer/activities/{entry.id}/check-ins"
    return client.post(path, json={"code": code}, headers={**who, **headers})


def by_hand(client: FlaskClient, who: Headers, entry: Any, ident: str) -> Any:
    path = f"/api/v1/officer/activities/{entry.id}/registrations/{ident}/check-in"
    return client.post(path, json={"reason": "Điện thoại hết pin"}, headers=who)


def undo(client: FlaskClient, who: Headers, entry: Any, ident: str) -> Any:
    path = f"/api/v1/officer/activities/{entry.id}/registrations/{ident}/check-in"
    return client.delete(path, query_string={"reason": "Nhầm người"}, headers=who)


def test_a_code_counts_once(app, client, me, operator) -> None:
    entry = activity(app)
    code = qr(register(client, me, entry, called="Lan"))
    answer = scan(client, operator, entry, f" {code} ")
    assert (answer.status_code, answer.json["called"]) == (201, "Lan")
    assert mine(client, me)[0]["checked_in_at"] == "2026-12-01T05:00:10.000+00:00"
    for seconds in (0, 40):
        with clock.frozen(datetime.fromtimestamp(NOON.timestamp() + seconds, UTC)):
            again = scan(client, operator, entry, code)
        assert (again.status_code, again.json["type"]) == (
            409,
            "urn:problem:participation.checked_in",
        )
        assert "12:00 01/12/2026" in again.json["detail"]


def test_a_gate_on_a_weak_network_may_repeat(app, client, me, operator) -> None:
    entry = activity(app)
    code, repeat = qr(register(client, me, entry)), key()
    once, again = (scan(client, operator, entry, code, **repeat) for _ in range(2))
    assert once.status_code == again.status_code == 201
    assert once.json == again.json


def test_two_gates_at_once_check_in_one(make_app, client, app, me, operator) -> None:
    entry = activity(app)
    code = qr(register(client, me, entry))
    told = at_once(*[lambda: scan(app.test_client(), operator, entry, code)] * 4)
    assert sorted(answer.status_code for answer in told) == [201, 409, 409, 409]


@pytest.mark.parametrize(
    ("made", "shown", "status"),
    [(0, 49, 201), (0, 50, 409), (30, 0, 201), (60, 0, 409), (-11, 0, 201), (-41, 0, 409)],
)
def test_a_photograph_is_old_within_the_minute(app, client, me, operator, made, shown, status):
    """NOON is the tenth second of a step: the next but one begins 50 seconds later."""
    entry = activity(app)
    told = register(client, me, entry)
    with clock.frozen(datetime.fromtimestamp(NOON.timestamp() + made, UTC)):
        code = qr(told)
    with clock.frozen(datetime.fromtimestamp(NOON.timestamp() + shown, UTC)):
        answer = scan(client, operator, entry, code)
    assert answer.status_code == status
    if status == 409:
        assert answer.json["type"] == "urn:problem:participation.code_old"


def test_a_phone_with_a_wrong_clock_asks_the_server(app, client, me, stranger, operator) -> None:
    entry = activity(app)
    told = register(client, me, entry)
    assert scan(client, operator, entry, qr(told, steps=40)).status_code == 409
    path = f"/api/v1/me/registrations/{told['id']}/code"
    given = client.get(path, headers=me).json
    assert given == {"content": qr(told), "until": "2026-12-01T05:00:30.000+00:00"}
    assert client.get(path, headers=stranger).status_code == 404
    assert scan(client, operator, entry, given["content"]).status_code == 201


def test_a_code_of_another_activity_is_refused(app, client, me, operator) -> None:
    entry, other = activity(app, title="Hiến máu"), activity(app)
    answer = scan(client, operator, other, qr(register(client, me, entry)))
    assert (answer.status_code, answer.json["type"]) == (
        409,
        "urn:problem:participation.other_activity",
    )
    assert "Hiến máu" in answer.json["detail"]


def test_who_waits_or_gave_up_is_told_so(app, client, operator) -> None:
    entry = activity(app, capacity=1)
    first, second = people(app, 2)
    told = [register(client, who, entry) for who in (first, second)]
    waits = scan(client, operator, entry, qr(told[1]))
    assert (waits.status_code, waits.json["type"]) == (409, "urn:problem:participation.waits")
    assert "thứ 1" in waits.json["detail"]
    code = client.get(f"/api/v1/me/registrations/{told[1]['id']}/code", headers=second)
    assert code.status_code == 409
    give_up(client, first, entry)
    gone = scan(client, operator, entry, qr(told[0]))
    assert gone.json["type"] == "urn:problem:participation.gave_up"
    assert scan(client, operator, entry, qr(told[1])).status_code == 201  # his turn came


@pytest.mark.parametrize(
    "code",
    [
        "https://example.vn/",
        "SCIN1",
        "SCIN2.{id}.123456",
        "SCIN1.{id}.12345",
        "SCIN1.{id}.１２３４５６",
        "SCIN1.{id}.123456.7",
        "SCIN1.nobody.123456",
    ],
)
def test_what_is_no_code_of_ours(app, client, me, operator, code) -> None:
    entry = activity(app)
    told = register(client, me, entry)
    answer = scan(client, operator, entry, code.format(id=told["id"]))
    assert (answer.status_code, answer.json["errors"].keys()) == (422, {"code"})
    unknown = scan(client, operator, entry, f"SCIN1.{nobody()}.123456")
    assert unknown.status_code == 404


def test_by_hand_and_taken_back_with_reasons(app, client, me, operator) -> None:
    entry = activity(app)
    ident = register(client, me, entry)["id"]
    assert undo(client, operator, entry, ident).status_code == 409
    came = by_hand(client, operator, entry, ident)
    assert came.status_code == 200
    assert came.json["checked_in_by"].startswith("officer:")
    assert by_hand(client, operator, entry, ident).status_code == 409
    assert undo(client, operator, entry, ident).json["checked_in_at"] is None
    deeds = [
        (d.action, d.detail["reason"]) for d in rows(app, AuditEntry) if "check_in" in d.action
    ]
    assert deeds == [
        ("activity.check_in", "Điện thoại hết pin"),
        ("activity.undo_check_in", "Nhầm người"),
    ]
    assert by_hand(client, operator, activity(app), ident).status_code == 404


def test_a_code_does_not_count_again_after_it_was_taken_back(app, client, me, operator) -> None:
    entry = activity(app)
    told = register(client, me, entry)
    assert scan(client, operator, entry, qr(told)).status_code == 201
    assert undo(client, operator, entry, told["id"]).status_code == 200
    assert scan(client, operator, entry, qr(told)).status_code == 409
    assert scan(client, operator, entry, qr(told, steps=1)).status_code == 201


def test_a_unit_checks_in_at_its_own_activity_alone(app, client, me, unit) -> None:
    own, other = activity(app, agency=UNIT), activity(app)
    assert scan(client, unit, own, qr(register(client, me, own))).status_code == 201
    assert scan(client, unit, other, qr(register(client, me, other))).status_code == 404
    editor = bearer(officer(app, Role.CONTENT_EDITOR))
    assert scan(client, editor, other, qr(register(client, me, other))).status_code == 201
    assert scan(client, bearer(citizen(app)), other, "x").status_code == 403
