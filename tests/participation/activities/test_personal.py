"""What registrations hold of a citizen: told, erased with a place for the next, over in time."""

import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.core import clock, expiry
from smartcity.core.db import reading, transaction
from smartcity.participation.activities import personal
from smartcity.participation.models import Registration
from tests.helpers import Headers, rows, work
from tests.participation.activities.volunteers import (
    DAY,
    activity,
    inbox,
    mine,
    people,
    places,
    register,
)

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def ident(client: FlaskClient, who: Headers) -> uuid.UUID:
    return uuid.UUID(client.get("/api/v1/me", headers=who).json["id"])


def test_told_without_what_makes_his_codes(app: Flask, client: FlaskClient, me: Headers) -> None:
    told = register(client, me, activity(app), called="Lan")
    with app.app_context(), reading() as session:
        (held,) = personal.held_registrations(session, ident(client, me))
    assert (held["title"], held["called"], str(held["id"])) == (
        "Nhặt rác bờ biển",
        "Lan",
        told["id"],
    )
    assert told["check_in"]["secret"] not in str(held)


def test_the_place_of_the_erased_goes_to_the_next(app: Flask, client: FlaskClient) -> None:
    entry, other = activity(app, capacity=1), activity(app)
    first, second = people(app, 2)
    for who in (first, second):
        register(client, who, entry)
        register(client, who, other)
    with app.app_context(), transaction() as session:
        personal.erase_registrations(session, ident(client, first))
    assert mine(client, first) == []
    assert [one["state"] for one in mine(client, second)] == ["confirmed", "confirmed"]
    assert [places(client, one) for one in (entry, other)] == [[1, 1, 0, 0], [2, 1, 0, 1]]
    work(app, "inbox")
    assert inbox(client, second) == ["Bạn đã có chỗ"]


def test_over_a_year_after_the_end(app: Flask, client: FlaskClient, me: Headers) -> None:
    entry = activity(app)
    register(client, me, entry)
    ends = entry.closes_at
    assert ends
    with app.app_context():
        expiry.destroy(personal.registrations_over(ends))
        assert len(rows(app, Registration)) == 1
        expiry.destroy(personal.registrations_over(ends + DAY))
    assert rows(app, Registration) == []
    assert clock.now() < ends
