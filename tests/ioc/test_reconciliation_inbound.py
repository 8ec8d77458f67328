"""A centre that fetches asks for itself what it lacks."""

import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from smartcity.core.ids import new_id
from smartcity.ioc.models import Message
from smartcity.sandbox import signing
from tests.helpers import Headers, at_once, file_report, moved, rows, work
from tests.ioc.conftest import OTHER_SECRET, SECRET, add_destination

RUNS = "/api/v1/officer/reconciliations"
COUNTS = ("missing", "different", "extra", "repaired")


def signed(client: FlaskClient, held: Any, secret: str = OTHER_SECRET, **more: Any) -> TestResponse:
    body = json.dumps({"reports": held, **more})
    headers = signing.sign(signing.keys([secret]), "message-1", body)
    path = "/api/v1/ioc/reconciliation"
    return client.post(path, data=body, headers=headers, content_type="application/json")


@pytest.fixture
def fetched(app: Flask, client: FlaskClient, me: Headers, operator: Headers) -> list[Message]:
    """What a centre that fetches has read and committed: two reports of two steps."""
    add_destination(app, "", "puller", OTHER_SECRET, driver="pull")
    for _ in range(2):
        moved(client, operator, file_report(client, me), "acceptance")
    work(app, "events")
    body = json.dumps({"position": 4})
    headers = signing.sign(signing.keys([OTHER_SECRET]), "message-1", body)
    path = "/api/v1/ioc/feed/offset"
    answer = client.put(path, data=body, headers=headers, content_type="application/json")
    assert answer.status_code == 200, answer.json
    return sorted(rows(app, Message), key=lambda m: (m.code, m.sequence))


def holds(*events: Message, **other: str) -> list[dict[str, Any]]:
    """These events by report, as a centre tells them; `other` are digests by sequence of a first
    report."""
    held: dict[str, list[dict[str, str]]] = {}
    for event in events:
        told = {"sequence": f"{event.sequence:010d}", "sha256": event.sha256}
        held.setdefault(event.code, []).append(told)
    return [{"report": code, "events": told} for code, told in held.items()]


def test_a_centre_that_fetches_hears_what_it_lacks(
    app: Flask, client: FlaskClient, auditor: Headers, fetched: list[Message]
) -> None:
    first, second, third, fourth = fetched
    held = holds(first, third, fourth)
    held[0]["events"][0]["sha256"] = "0" * 64
    held[1]["events"].append({"sequence": "0000000009", "sha256": "0" * 64})
    held.append({"report": "HP-2026-999999", "events": []})
    run_id = str(new_id())
    answer = signed(client, held, run=run_id, page=1)
    assert answer.status_code == 200, answer.json
    one, other, nothing = answer.json["reports"]
    assert [row["position"] for row in one["missing"]] == [second.position]
    assert [row["event"] for row in one["different"]] == [str(first.event_id)]
    assert one["extra"] == other["missing"] == other["different"] == []
    assert other["extra"] == [{"sequence": "0000000009"}]
    assert nothing == {"report": "HP-2026-999999", "missing": [], "different": [], "extra": []}
    told = client.get(f"{RUNS}/{run_id}", headers=auditor).json
    assert [told[name] for name in COUNTS] == [1, 1, 1, 0]
    assert (told["destination"], told["started_by"]) == ("puller", "operations_centre:puller")
    again = signed(client, holds(*fetched), run=run_id, page=2).json["reports"]
    assert all(row[kind] == [] for row in again for kind in COUNTS[:3])
    told = client.get(f"{RUNS}/{run_id}", headers=auditor).json
    assert [told[name] for name in COUNTS] == [1, 1, 1, 2]
    assert (told["pages"], told["reports"], told["events"]) == (2, 5, 8)


def test_what_was_not_fetched_yet_is_not_missing(
    app: Flask, client: FlaskClient, me: Headers, fetched: list[Message]
) -> None:
    later = file_report(client, me)
    work(app, "events")
    answer = signed(client, [{"report": later["code"], "events": []}])
    assert answer.json["reports"][0]["missing"] == []


def test_pages_of_a_run_may_come_at_once(
    app: Flask, auditor: Headers, client: FlaskClient, fetched: list[Message]
) -> None:
    run_id = str(new_id())

    def tell() -> int:
        return signed(app.test_client(), holds(*fetched), run=run_id).status_code

    assert at_once(tell, tell, tell) == [200] * 3
    told = client.get(f"{RUNS}/{run_id}", headers=auditor).json
    assert (told["pages"], told["reports"]) == (3, 6)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_run_of_another_and_what_makes_no_sense_are_refused(
    app: Flask, client: FlaskClient, fetched: list[Message]
) -> None:
    run_id = str(new_id())
    assert signed(client, [], run=run_id).status_code == 200
    assert signed(client, [], SECRET, run=run_id).json["errors"].keys() == {"run"}
    event = {"sequence": "1", "sha256": "0" * 64}
    for wrong in ({"sequence": "9999999999"}, {"sequence": "x"}, {"sha256": "y" * 64}):
        held = [{"report": "HP-2026-000001", "events": [{**event, **wrong}]}]
        assert signed(client, held).status_code == 422, wrong
    assert signed(client, [{"report": "x", "events": []}] * 201).status_code == 422
    assert client.post("/api/v1/ioc/reconciliation", json={"reports": []}).status_code == 401
