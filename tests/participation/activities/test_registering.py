"""A place, a turn in the line, or a refusal that says why."""

import json
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.core import clock
from smartcity.core.errors import Invalid
from smartcity.participation.models import Registration
from tests.helpers import Headers, at_once, bearer, citizen, rows, work
from tests.participation.activities.volunteers import (
    DAY,
    HOUR,
    activity,
    changed,
    give_up,
    inbox,
    mine,
    nobody,
    people,
    places,
    qr,
    register,
    withdrawn,
)

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_first_come_first_served(app: Flask, client: FlaskClient) -> None:
    entry = activity(app)
    first, second, third, fourth, fifth = people(app, 5)
    told = [register(client, who, entry) for who in (first, second, third, fourth)]
    assert [(one["state"], one["turn"]) for one in told] == [
        ("confirmed", None),
        ("confirmed", None),
        ("waiting", 1),
        ("waiting", 2),
    ]
    assert places(client, entry) == [2, 2, 2, 0]
    path = f"/api/v1/activities/{entry.id}/registration"
    refused = client.post(path, json={}, headers=fifth)
    assert (refused.status_code, refused.json["type"]) == (409, "urn:problem:participation.full")
    assert give_up(client, first, entry) == 204
    assert places(client, entry) == [2, 2, 1, 0]
    assert mine(client, third)[0]["state"] == "confirmed"
    assert mine(client, fourth)[0]["turn"] == 1
    work(app, "inbox")
    assert inbox(client, third) == ["Bạn đã có chỗ"]
    assert inbox(client, fourth) == inbox(client, second) == []


@on_sqlite
def test_a_repeat_gives_the_same_again(app: Flask, client: FlaskClient, me: Headers) -> None:
    entry = activity(app)
    once = register(client, me, entry, called="Lan")
    with clock.frozen(clock.now() + timedelta(minutes=5)):
        assert register(client, me, entry) == once
    assert places(client, entry)[1] == 1
    assert once["called"] == "Lan"


@on_sqlite
def test_whoever_gave_up_may_come_again_at_the_end(app: Flask, client: FlaskClient) -> None:
    entry = activity(app, capacity=1)
    first, second = people(app, 2)
    before = register(client, first, entry)
    register(client, second, entry)
    assert give_up(client, first, entry) == give_up(client, first, entry) == 204
    again = register(client, first, entry)
    assert (again["state"], again["turn"], again["id"]) == ("waiting", 1, before["id"])
    assert again["check_in"]["secret"] != before["check_in"]["secret"]
    assert [row.number for row in rows(app, Registration)] == [3, 2]


@on_sqlite
@pytest.mark.parametrize(
    ("hours", "status", "why"),
    [
        (-2, 409, "participation.not_open_yet"),
        (1, 201, None),
        (25, 409, "participation.closed"),
    ],
)
def test_only_while_registration_is_open(app, client, hours, status, why) -> None:
    entry = activity(app)
    with clock.frozen(clock.now() + hours * HOUR):
        path = f"/api/v1/activities/{entry.id}/registration"
        answer = client.post(path, json={}, headers=bearer(citizen(app)))
    assert answer.status_code == status
    assert answer.json.get("type") == (why and f"urn:problem:{why}")


@on_sqlite
def test_only_for_whom_it_is(app: Flask, client: FlaskClient, me: Headers) -> None:
    asked = {"wards": ["11359"], "least_age": 16}
    entry = activity(app, eligibility=asked)
    path = f"/api/v1/activities/{entry.id}/registration"
    missing = client.post(path, json={}, headers=me)
    assert (missing.status_code, missing.json["errors"].keys()) == (422, {"ward", "birth_year"})
    other = client.post(path, json={"ward": "11383", "birth_year": 1990}, headers=me)
    assert other.status_code == 403
    told = register(client, me, entry, ward="11359", birth_year=1990)
    assert (told["ward"], told["birth_year"]) == ("11359", 1990)


@on_sqlite
def test_what_was_not_asked_for_is_not_kept(app: Flask, client: FlaskClient, me: Headers) -> None:
    told = register(client, me, activity(app), ward="11359", birth_year=1990)
    assert (told["ward"], told["birth_year"]) == (None, None)


@on_sqlite
def test_neither_name_nor_secret_lies_open(app: Flask, client: FlaskClient, me: Headers) -> None:
    client.patch("/api/v1/me", json={"display_name": "Trần Thị Lan"}, headers=me)
    told = register(client, me, activity(app))
    assert told["called"] == "Trần Thị Lan"
    (row,) = rows(app, Registration)
    kept = json.dumps({name: str(value) for name, value in vars(row).items()}, ensure_ascii=False)
    assert "Lan" not in kept
    assert told["check_in"]["secret"] not in kept
    assert "check_in" not in mine(client, me)[0]


@on_sqlite
def test_not_given_up_once_it_has_begun(app: Flask, client: FlaskClient) -> None:
    entry = activity(app)
    register(client, bearer(citizen(app)), entry)
    with clock.frozen(clock.now() + 2 * DAY):
        assert give_up(client, bearer(citizen(app)), entry) == 409


@on_sqlite
def test_what_is_not_public_takes_nobody(app: Flask, client: FlaskClient, me: Headers) -> None:
    entry = withdrawn(app, activity(app))
    for ident in (entry.id, nobody()):
        answer = client.post(f"/api/v1/activities/{ident}/registration", json={}, headers=me)
        assert (answer.status_code, answer.json["type"]) == (404, "urn:problem:register.not_found")
        assert client.get(f"/api/v1/activities/{ident}/places").status_code == 404


def test_the_last_place_wanted_by_fifty_at_once(app: Flask) -> None:
    """One wins; the others wait in the order of their commits, by numbers without gaps."""
    entry = activity(app, capacity=3, waiting=60)
    winners = people(app, 52)
    for who in winners[:2]:
        register(app.test_client(), who, entry)

    def call(who: Headers) -> Any:
        return lambda: register(app.test_client(), who, entry)

    told = at_once(*map(call, winners[2:]))
    assert [one["state"] for one in told].count("confirmed") == 1
    waiting = sorted(one["turn"] for one in told if one["state"] == "waiting")
    assert len(waiting) == 49
    kept = sorted(rows(app, Registration), key=lambda row: row.number)
    assert [row.number for row in kept] == list(range(1, 53))
    assert [row.registered_at for row in kept] == sorted(row.registered_at for row in kept)
    assert [row.state for row in kept] == ["confirmed"] * 3 + ["waiting"] * 49
    assert places(app.test_client(), entry) == [3, 3, 49, 0]


def test_giving_up_and_coming_at_once_loses_no_place(app: Flask) -> None:
    entry = activity(app, capacity=5, waiting=20)
    everybody = people(app, 14)
    for who in everybody[:8]:
        register(app.test_client(), who, entry)

    def leave(who: Headers) -> Any:
        return lambda: give_up(app.test_client(), who, entry)

    def come(who: Headers) -> Any:
        return lambda: register(app.test_client(), who, entry)

    def enlarge() -> Any:
        return changed(app, entry, capacity=6)

    at_once(*map(leave, everybody[:4]), *map(come, everybody[8:]), enlarge)
    assert places(app.test_client(), entry) == [6, 6, 4, 0]
    kept = sorted(rows(app, Registration), key=lambda row: row.number)
    standing = [row.state for row in kept if row.state != "cancelled"]
    assert standing == ["confirmed"] * 6 + ["waiting"] * 4


@on_sqlite
def test_more_places_promote_and_fewer_than_taken_are_refused(
    app: Flask, client: FlaskClient
) -> None:
    entry = activity(app)
    everybody = people(app, 4)
    for who in everybody:
        register(client, who, entry)
    entry = changed(app, entry, capacity=3)
    assert places(client, entry) == [3, 3, 1, 0]
    work(app, "inbox")
    assert [inbox(client, who) for who in everybody] == [[], [], ["Bạn đã có chỗ"], []]
    with pytest.raises(Invalid) as refused:
        changed(app, entry, capacity=2)
    assert refused.value.errors == {"capacity": ["participation.places_taken|taken=3"]}


@on_sqlite
@pytest.mark.parametrize(
    ("other", "field"),
    [
        ({"agency": "nobody"}, "agency"),
        ({"closes": clock.now() - DAY}, "closes"),
        ({"closes": clock.now() + 30 * DAY}, "closes"),
        ({"ends": clock.now() + 36 * HOUR}, "ends"),
    ],
)
def test_records_that_make_no_sense(app: Flask, other: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        activity(app, **other)
    assert refused.value.errors.keys() == {field}


@on_sqlite
def test_places_are_told_beside_the_kept_answer(
    app: Flask, client: FlaskClient, me: Headers
) -> None:
    entry = activity(app)
    before = client.get(f"/api/v1/activities/{entry.id}")
    assert places(client, entry) == [2, 0, 0, 2]
    register(client, me, entry)
    assert places(client, entry) == [2, 1, 0, 1]
    after = client.get(f"/api/v1/activities/{entry.id}")
    assert after.headers["ETag"] == before.headers["ETag"]
    assert qr(register(client, me, entry)).startswith("SCIN1.")
