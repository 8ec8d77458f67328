"""Officers look for deliveries: filters, pages, a file, one with what was sent."""

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from smartcity.audit.models import AuditEntry
from smartcity.core import clock
from smartcity.core.db import transaction
from smartcity.ioc.models import Delivery, Message
from smartcity.sandbox.ioc import Ioc
from tests.helpers import Headers, file_report, moved, rows, work
from tests.ioc.conftest import OTHER_SECRET, add_destination, forward

PATH = "/api/v1/officer/deliveries"


@pytest.fixture
def reports(
    app: Flask, client: FlaskClient, me: Headers, operator: Headers, ioc: Ioc
) -> list[dict[str, Any]]:
    """Three at two destinations: one of two steps taken, one refused, one not sent yet."""
    add_destination(app, f"{ioc.url}/events", "city", OTHER_SECRET)
    http = ioc.app.test_client()
    taken = file_report(client, me)
    moved(client, operator, taken, "acceptance")
    forward(app)
    http.put("/faults", json={"mode": "error", "status": 422})
    refused = file_report(client, me)
    forward(app)
    http.delete("/faults")
    return [taken, refused, file_report(client, me)]


def listed(client: FlaskClient, who: Headers, **asked: Any) -> list[tuple[str, str, int]]:
    answer = client.get(PATH, query_string=asked, headers=who)
    assert answer.status_code == 200, answer.json
    return [(d["destination"], d["state"], d["sequence"]) for d in answer.json["items"]]


def test_filters(app: Flask, client: FlaskClient, reports: list, operator: Headers) -> None:
    work(app, "events")
    here = {"destination": "ioc"}
    pending = [("city", "pending", 1)]
    everything = listed(client, operator)
    assert everything == [
        *pending,
        ("ioc", "pending", 1),
        *pending,
        ("ioc", "dead", 1),
        ("city", "pending", 2),
        ("ioc", "delivered", 2),
        *pending,
        ("ioc", "delivered", 1),
    ]
    mine = [row for row in everything if row[0] == "ioc"]
    assert listed(client, operator, **here) == mine
    assert listed(client, operator, **here, state="dead") == [("ioc", "dead", 1)]
    assert listed(client, operator, **here, state="delivered", move="accept") == [mine[2]]
    assert listed(client, operator, **here, open=True) == mine[:2]
    assert listed(client, operator, report=reports[0]["code"]) == everything[4:]
    assert listed(client, operator, report=reports[1]["id"]) == everything[2:4]
    assert listed(client, operator, q="http 422") == [("ioc", "dead", 1)]
    assert listed(client, operator, since=clock.now().isoformat()) == []
    assert listed(client, operator, until=clock.now().isoformat()) == everything
    assert listed(client, operator, destination="nowhere") == []


def test_pages_lose_and_repeat_nothing(
    app: Flask, client: FlaskClient, me: Headers, reports: list, operator: Headers
) -> None:
    work(app, "events")
    everything = listed(client, operator)
    for size in (1, 3, len(everything)):
        asked: dict[str, Any] = {"limit": size}
        found = []
        while True:
            page = client.get(PATH, query_string=asked, headers=operator).json
            found += [(d["destination"], d["state"], d["sequence"]) for d in page["items"]]
            if page["next_cursor"] is None:
                break
            asked["cursor"] = page["next_cursor"]
        assert found == everything
    foreign = {"cursor": page["next_cursor"] or asked.get("cursor") or "x", "state": "dead"}
    assert client.get(PATH, query_string=foreign, headers=operator).status_code == 400


def test_what_is_not_acknowledged_in_time_is_found(
    app: Flask, client: FlaskClient, reports: list, operator: Headers
) -> None:
    assert listed(client, operator, overdue=True) == []
    late = clock.now() - timedelta(hours=27)
    with app.app_context(), transaction() as session:
        first = Delivery.state == "delivered"
        session.execute(update(Delivery).where(first).values(answered_at=late))
    assert listed(client, operator, overdue=True) == [
        ("ioc", "delivered", 2),
        ("ioc", "delivered", 1),
    ]


def test_one_shows_what_was_sent_to_whoever_may_read_the_report(
    app: Flask, client: FlaskClient, reports: list, operator: Headers, admin: Headers
) -> None:
    (refused,) = rows(app, Delivery, Delivery.state == "dead")
    path = f"/api/v1/officer/destinations/ioc/deliveries/{refused.event_id}"
    shown = client.get(path, headers=operator).json
    (message,) = rows(app, Message, Message.event_id == refused.event_id)
    assert (shown["body"], shown["sha256"]) == (message.body, message.sha256)
    assert json.loads(shown["body"])["subject"] == reports[1]["code"]
    assert (shown["attempts"], shown["last_error"], shown["next_at"]) == (1, "HTTP 422", None)
    assert client.get(path, headers=admin).json == {**shown, "body": None}
    assert client.get(path.replace("/ioc/", "/nowhere/"), headers=operator).status_code == 404


def test_the_list_as_a_file_is_recorded(
    app: Flask, client: FlaskClient, reports: list, operator: Headers
) -> None:
    asked = {"destination": "ioc", "open": True}
    answer = client.get(f"{PATH}.csv", query_string=asked, headers=operator)
    assert answer.mimetype == "text/csv"
    heading, *lines = csv.reader(io.StringIO(answer.text.lstrip("\ufeff")))
    assert heading[:2] == ["Nơi nhận", "Mã phản ánh"]
    assert [line[5] for line in lines] == ["Bị từ chối"]
    (export,) = [e for e in rows(app, AuditEntry) if e.action == "delivery.export"]
    assert export.detail == {"filters": {"destination": "ioc", "open": "True"}}
    absent = {"report": "HP-2026-999999"}
    assert client.get(f"{PATH}.csv", query_string=absent, headers=operator).status_code == 404
