"""Destinations as an admin keeps them over the API."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from standardwebhooks import Webhook

from smartcity.audit.models import AuditEntry
from smartcity.core.db import transaction
from smartcity.identity import partners
from smartcity.ioc.models import Delivery, Destination
from smartcity.jobs.models import JobRow, QueueRow
from smartcity.sandbox.ioc import Ioc
from tests.helpers import Headers, file_report, moved, rows
from tests.ioc.conftest import OTHER_SECRET, SECRET, CallBack, forward

PATH = "/api/v1/admin/destinations"
OPEN311 = {"driver": "open311", "secret": "key", "options": {"default_service": "other"}}


def make(client: FlaskClient, admin: Headers, **asked: Any) -> Any:
    body = {"name": "city", "url": "https://city.test/events", **asked}
    return client.post(PATH, json=body, headers=admin)


def test_an_admin_adds_changes_and_lists(app: Flask, client: FlaskClient, admin: Headers) -> None:
    made = make(client, admin, categories=["drainage"], ack_hours=None)
    assert made.status_code == 201, made.json
    Webhook(made.json["secret"])
    assert (made.headers["ETag"], made.headers["Cache-Control"]) == ('"1"', "no-store")
    assert made.json["destination"]["per_second"] == 50.0
    asked = {"per_second": None, "areas": ["10525"]}
    seen = {**admin, "If-Match": '"1"'}
    changed = client.patch(f"{PATH}/city", json=asked, headers=seen)
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"2"')
    assert client.patch(f"{PATH}/city", json=asked, headers=seen).status_code == 412
    assert client.patch(f"{PATH}/city", json=asked, headers=admin).status_code == 428
    got = client.get(f"{PATH}/city", headers=admin)
    assert got.json == changed.json
    assert (got.json["per_second"], got.json["categories"]) == (None, ["drainage"])
    listed = client.get(PATH, headers=admin)
    assert [d["name"] for d in listed.json["items"]] == ["city", "ioc"]
    assert made.json["secret"] not in listed.text + got.text
    assert [q.per_second for q in rows(app, QueueRow, QueueRow.name == "ioc:city")] == [None]
    assert {"destination.create", "destination.change"} <= {
        entry.action for entry in rows(app, AuditEntry)
    }


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"name": "Thành phố"}, "name"),
        ({"name": "a:b"}, "name"),
        ({"url": ""}, "url"),
        ({"driver": "pull"}, "url"),
        ({"driver": "fax"}, "driver"),
        ({"categories": ["dragons"]}, "categories"),
        ({"areas": ["1"]}, "areas"),
        ({"moves": ["fly"]}, "moves"),
        ({"categories": []}, "categories"),
        ({"secret": "whsec_short"}, "secret"),
        ({"secret": SECRET}, "secret"),
        ({"partner_id": "0198c0de-4a6e-7c3f-9d0f-6f1b2a3c4d5e"}, "partner_id"),
        ({"timeout": 0}, "timeout"),
        ({"per_second": 0}, "per_second"),
        ({"ack_hours": 0}, "ack_hours"),
        ({"concurrency": 1000}, "concurrency"),
        ({"options": {"poll_url": 1}}, "options"),
        ({**OPEN311, "secret": "whsec_" + "A" * 40}, "secret"),
        ({**OPEN311, "options": {"colour": "red"}}, "options"),
        ({**OPEN311, "url": "https://a.test/?b=c"}, "url"),
        ({"colour": "red"}, "colour"),
    ],
    ids=str,
)
def test_what_cannot_work_is_refused_by_field(
    client: FlaskClient, admin: Headers, asked: dict[str, Any], field: str
) -> None:
    answer = make(client, admin, **asked)
    assert answer.status_code == 422, answer.json
    assert field in answer.json["errors"]
    assert len(client.get(PATH, headers=admin).json["items"]) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_name_is_used_once_and_a_partner_stands_for_one(
    app: Flask, client: FlaskClient, admin: Headers
) -> None:
    asked = {"name": "Cổng", "grants": ["call_back"], "per_minute": None, "expires_at": None}
    with app.app_context(), transaction() as session:
        partner, _ = partners.create(session, "test", asked)
    assert make(client, admin, name="ioc").status_code == 409
    assert make(client, admin, partner_id=str(partner.id)).status_code == 201
    taken = make(client, admin, name="other", partner_id=str(partner.id))
    assert (taken.status_code, list(taken.json["errors"])) == (422, ["partner_id"])
    seen = {**admin, "If-Match": '"1"'}
    told = {"reason": "Hết hợp đồng."}
    assert client.put(f"{PATH}/city/retirement", json=told, headers=seen).status_code == 200
    assert make(client, admin, name="other", partner_id=str(partner.id)).status_code == 201


def test_a_rotation_keeps_both_secrets_good_for_a_time(
    client: FlaskClient, admin: Headers, call_back: CallBack
) -> None:
    path, seen = f"{PATH}/ioc/secret", {**admin, "If-Match": '"1"'}
    asked = {"grace_hours": 1, "secret": OTHER_SECRET}
    rotated = client.post(path, json=asked, headers=seen)
    assert (rotated.status_code, rotated.json["secret"]) == (201, OTHER_SECRET)
    assert rotated.json["destination"]["old_secret_until"]
    assert call_back(secret=SECRET).status_code == 200
    assert call_back(secret=OTHER_SECRET, sequence=2, move="request_info").status_code != 401
    at_once = client.post(path, json={"grace_hours": 0}, headers={**admin, "If-Match": '"2"'})
    assert at_once.status_code == 201
    assert call_back(secret=SECRET).status_code == 401


def test_one_that_is_retired_hears_nothing_and_leaves_nothing(
    app: Flask, client: FlaskClient, report: dict, operator: Headers, admin: Headers, ioc: Ioc
) -> None:
    moved(client, operator, report, "acceptance")
    ioc.app.test_client().put("/faults", json={"mode": "error", "status": 400})
    forward(app)
    assert {d.state for d in rows(app, Delivery)} == {"dead", "pending"}
    seen = {**admin, "If-Match": '"1"'}
    told = {"reason": "Trung tâm đã giải thể."}
    retired = client.put(f"{PATH}/ioc/retirement", json=told, headers=seen)
    assert (retired.status_code, bool(retired.json["retired_at"])) == (200, True)
    assert {d.state for d in rows(app, Delivery)} == {"superseded"}
    assert rows(app, JobRow, JobRow.queue == "ioc:ioc") == []
    assert rows(app, QueueRow, QueueRow.name == "ioc:ioc") == []
    (deed,) = [e for e in rows(app, AuditEntry) if e.action == "destination.retire"]
    assert deed.detail == told
    assert client.put(f"{PATH}/ioc/retirement", json=told, headers=seen).status_code == 404
    assert client.get("/api/v1/officer/destinations", headers=admin).json == {"items": []}
    assert len(rows(app, Destination)) == 1


def test_a_step_after_the_retirement_goes_nowhere(
    app: Flask, client: FlaskClient, me: Headers, admin: Headers
) -> None:
    seen = {**admin, "If-Match": '"1"'}
    client.put(f"{PATH}/ioc/retirement", json={"reason": "x"}, headers=seen)
    file_report(client, me)
    assert forward(app) == 0
    assert rows(app, Delivery) == []


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_name_that_none_can_have_is_not_there(client: FlaskClient, admin: Headers) -> None:
    for name in ("%00", "%F0%9F%98%80", "a%3Ab", "x" * 300):
        assert client.get(f"{PATH}/{name}", headers=admin).status_code == 404
        paused = client.put(
            f"/api/v1/officer/destinations/{name}/pause", json={"reason": "x"}, headers=admin
        )
        assert paused.status_code == 404
