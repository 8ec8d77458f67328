"""Many callbacks in one call: each by itself, in order, repeatable as a whole."""

import json
import uuid
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from smartcity.audit.models import AuditEntry
from smartcity.core import clock
from smartcity.core.db import engine, transaction
from smartcity.identity import partners
from smartcity.ioc import batches
from smartcity.ioc.destinations import principal_of
from smartcity.ioc.models import Callback, Destination
from smartcity.ioc.routes import LARGEST_BODY
from smartcity.reports.models import Report, ReportEvent
from smartcity.sandbox import signing
from tests.helpers import Headers, at_once, count, file_report, rows
from tests.ioc.conftest import OTHER_SECRET, SECRET

BATCH = "/api/v1/ioc/callbacks/batch"
WAY = ("accept", "assign", "start", "propose_result", "approve_result", "resolve")


def told(report: dict[str, Any], move: str, sequence: int, **other: Any) -> dict[str, Any]:
    words = {"public_text": "Đã vá mặt đường."} if move == "propose_result" else {}
    unit = {"agency": "so-xay-dung"} if move == "assign" else {}
    return {
        "id": str(uuid.uuid4()),
        "report": report["code"],
        "sequence": sequence,
        "move": move,
        "at": clock.now().isoformat(),
        **words,
        **unit,
        **other,
    }


def send(client: FlaskClient, callbacks: Any, secret: str = SECRET) -> TestResponse:
    body = json.dumps({"callbacks": callbacks}, ensure_ascii=False)
    headers = signing.sign(signing.keys([secret]), "message-1", body)
    return client.post(BATCH, data=body.encode(), headers=headers, content_type="application/json")


def outcomes(answer: TestResponse) -> list[str]:
    assert answer.status_code == 200, answer.json
    return [item["outcome"] for item in answer.json["items"]]


def test_a_report_goes_its_whole_way_in_one_call(
    app: Flask, client: FlaskClient, report: dict
) -> None:
    way = [told(report, move, number) for number, move in enumerate(WAY, 1)]
    answer = send(client, way)
    assert outcomes(answer) == ["applied"] * 6
    assert [item["id"] for item in answer.json["items"]] == [one["id"] for one in way]
    assert [item["status"] for item in answer.json["items"]][-1] == "resolved"
    assert [e.move for e in rows(app, ReportEvent)] == ["submit", *WAY]


def test_one_bad_item_stops_no_other(
    app: Flask, client: FlaskClient, me: Headers, report: dict
) -> None:
    other = file_report(client, me)
    good = told(report, "accept", 2)
    items = [
        "no object",
        {"id": 7},
        told(report, "explode", 1),
        told({"code": "HP-2026-999999"}, "accept", 1),
        told(report, "resolve", 1),
        good,
        good,
        told(report, "assign", 1),
        told(other, "assign", 1, agency="nobody"),
        {**good, "report": other["code"]},
        told(other, "accept", 1),
    ]
    answer = send(client, items)
    assert outcomes(answer) == [
        *["invalid"] * 3,
        *["not_found", "refused", "applied", "applied", "late"],
        *["refused", "invalid", "applied"],
    ]
    found = answer.json["items"]
    assert [item["repeated"] for item in found[5:7]] == [False, True]
    assert found[0]["errors"] == {"_body": ["Phải là đối tượng JSON."]}
    assert found[1]["errors"].keys() >= {"id", "report", "sequence", "move", "at"}
    assert found[1]["id"] is None
    assert found[2]["errors"].keys() == {"move"}
    assert (found[4]["status"], found[4]["errors"]) == ("submitted", None)
    assert found[9]["errors"].keys() == {"id"}
    assert count(app, Callback) == 5


def test_after_a_crash_in_the_middle_the_whole_call_is_repeated(
    app: Flask, client: FlaskClient, report: dict
) -> None:
    way = [told(report, move, number) for number, move in enumerate(WAY, 1)]
    send(client, way[:3])  # as far as it came
    answer = send(client, way)
    assert outcomes(answer) == ["applied"] * 6
    assert [i["repeated"] for i in answer.json["items"]] == [True] * 3 + [False] * 3
    assert [e.move for e in rows(app, ReportEvent)] == ["submit", *WAY]


def test_the_same_batch_many_times_at_once_moves_once(
    app: Flask, client: FlaskClient, me: Headers, report: dict
) -> None:
    both = [report, file_report(client, me)]
    batch = [told(about, move, n) for n, move in enumerate(WAY[:3], 1) for about in both]
    answers = at_once(*[lambda: send(app.test_client(), batch)] * 4)
    assert {tuple(outcomes(answer)) for answer in answers} == {("applied",) * 6}
    assert [e.sequence for e in rows(app, ReportEvent)].count(4) == 2
    assert count(app, ReportEvent) == 8


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_report_that_is_held_keeps_its_own_callbacks_waiting(
    app: Flask, client: FlaskClient, me: Headers, report: dict
) -> None:
    other = file_report(client, me)
    batch = [told(report, "accept", 1), told(other, "accept", 1), told(report, "assign", 2)]
    held = select(Report.id).where(Report.id == uuid.UUID(report["id"])).with_for_update()
    with app.app_context(), engine().begin() as somebody:
        somebody.execute(held)
        answer = send(app.test_client(), batch)
    assert outcomes(answer) == ["busy", "applied", "busy"]
    again = send(client, batch)
    assert outcomes(again) == ["applied"] * 3
    assert [item["repeated"] for item in again.json["items"]] == [False, True, False]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_when_the_time_is_up_the_rest_is_to_be_sent_again(app: Flask, report: dict) -> None:
    batch = [told(report, move, number) for number, move in enumerate(WAY, 1)]
    with app.app_context():
        taken = batches.take_each(principal_of("ioc"), batch, patience=-1.0)
        assert [item["outcome"] for item in taken] == ["busy"] * 6
        taken = batches.take_each(principal_of("ioc"), batch)
    assert [item["outcome"] for item in taken] == ["applied"] * 6


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_envelope_is_signed_and_of_its_size(
    app: Flask, client: FlaskClient, report: dict
) -> None:
    one = told(report, "accept", 1)
    assert send(client, [one], OTHER_SECRET).status_code == 401
    for wrong in ([], {"id": 1}, "x", None, [one] * 501):
        answer = send(client, wrong)
        assert answer.status_code == 422
        assert answer.json["errors"].keys() == {"callbacks"}
    assert count(app, Callback) == 0
    long = told(report, "request_info", 2, public_text="ộ" * 2_000)
    assert outcomes(send(client, [one, *[long] * 499])) == ["applied"] * 500
    assert send(client, ["x" * LARGEST_BODY]).status_code == 413


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_key_is_noted_with_each_callback(app: Flask, client: FlaskClient, report: dict) -> None:
    asked = {"name": "Cổng", "grants": ["call_back"], "per_minute": None, "expires_at": None}
    with app.app_context(), transaction() as session:
        partner, key = partners.create(session, "test", asked)
        session.execute(update(Destination).values(partner_id=partner.id))
    batch = [told(report, "accept", 1), told(report, "explode", 2)]
    headers = {"Authorization": f"Bearer {key}"}
    answer = client.post(BATCH, json={"callbacks": batch}, headers=headers)
    assert outcomes(answer) == ["applied", "invalid"]
    noted = rows(app, AuditEntry, AuditEntry.action == "partner.call_back")
    assert [entry.detail["callback"] for entry in noted] == [batch[0]["id"]]
