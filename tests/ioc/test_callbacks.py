"""What an operations centre tells us: once, in its order, under its signature."""

import base64
import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from standardwebhooks import Webhook
from werkzeug.test import TestResponse

from smartcity.core import clock
from smartcity.core.db import engine, transaction
from smartcity.ioc.administration import rotate
from smartcity.ioc.callbacks import Told, take
from smartcity.ioc.destinations import principal_of
from smartcity.ioc.models import Callback, Destination
from smartcity.jobs.models import JobRow
from smartcity.reports.models import Report, ReportEvent
from tests.helpers import Headers, at_once, count, file_report, report_body, rows, until, work
from tests.ioc.conftest import CALLBACKS, OTHER_SECRET, SECRET, CallBack, forward, post_signed


def status(client: FlaskClient, me: Headers, report: dict) -> tuple[str, int]:
    found = client.get(f"/api/v1/reports/{report['id']}", headers=me).json
    return found["status"], found["version"]


def test_a_callback_moves_the_report(
    app: Flask, client: FlaskClient, me: Headers, report: dict, call_back: CallBack
) -> None:
    words = "Đã cử tổ thoát nước; dự kiến xong trước 17 giờ."
    answer = call_back("accept", public_text=words)
    assert (answer.status_code, answer.json) == (
        200,
        {
            "id": answer.json["id"],
            "outcome": "applied",
            "repeated": False,
            "status": "accepted",
        },
    )
    by_id = call_back("assign", 2, report=report["id"], agency="so-xay-dung")
    assert by_id.json["status"] == "assigned"
    steps = client.get(f"/api/v1/reports/{report['id']}/timeline", headers=me).json["items"]
    assert [(s["move"], s["by"]) for s in steps] == [
        ("submit", "citizen"),
        ("accept", "operations_centre"),
        ("assign", "operations_centre"),
    ]
    assert steps[1]["public_text"] == words
    work(app, "inbox")
    inbox = client.get("/api/v1/me/inbox", headers=me).json["items"]
    assert any(words in message["body"] for message in inbox)


def test_a_repeat_gets_the_first_outcome(
    app: Flask, client: FlaskClient, me: Headers, report: dict, call_back: CallBack
) -> None:
    same = str(uuid.uuid4())
    first, again = (call_back("accept", id=same) for _ in range(2))
    assert (first.json["repeated"], again.json["repeated"]) == (False, True)
    assert again.json["outcome"] == "applied"
    assert status(client, me, report) == ("accepted", 2)
    assert count(app, Callback) == 1


def test_the_same_callback_many_times_at_once_moves_once(
    app: Flask, client: FlaskClient, me: Headers, report: dict
) -> None:
    body = json.dumps(
        {
            "id": "one",
            "report": report["code"],
            "sequence": 1,
            "move": "accept",
            "at": clock.now().isoformat(),
        }
    )
    answers = at_once(*[lambda: post_signed(app.test_client(), body)] * 8)
    assert {a.status_code for a in answers} == {200}
    assert sorted(a.json["repeated"] for a in answers) == [False] + [True] * 7
    assert status(client, me, report) == ("accepted", 2)


def waiting_for_locks(app: Flask) -> int:
    waits = """SELECT count(*) FROM pg_stat_activity
               WHERE datname = current_database() AND wait_event_type = 'Lock'"""
    with app.app_context(), engine().begin() as connection:
        return int(connection.scalar(text(waits)) or 0)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_what_waited_while_a_later_one_was_applied_is_late(
    app: Flask, report: dict, call_back: CallBack
) -> None:
    """Its place is looked up after the wait: in_progress could be returned, too."""

    def deliver(move: str, sequence: int, *words: str) -> str:
        told = Told(move, report["code"], sequence, move, clock.now(), *words)
        with app.app_context(), transaction() as session:
            return str(take(session, principal_of("ioc"), told)["outcome"])

    call_back("accept", 1)
    call_back("assign", 2, agency="so-xay-dung")
    held = select(Report.id).where(Report.id == uuid.UUID(report["id"])).with_for_update()
    with ThreadPoolExecutor() as threads:
        with app.app_context(), engine().begin() as somebody:
            somebody.execute(held)
            later = threads.submit(deliver, "start", 4)
            until(lambda: waiting_for_locks(app) == 1, 4.0)
            earlier = threads.submit(deliver, "return_to_ioc", 3, "outside_authority", "Không.")
            until(lambda: waiting_for_locks(app) == 2, 4.0)
        assert (later.result(), earlier.result()) == ("applied", "late")


def test_an_id_is_of_one_callback(
    app: Flask, client: FlaskClient, me: Headers, report: dict, call_back: CallBack
) -> None:
    others = [file_report(client, me) for _ in range(4)]

    def call(about: dict) -> TestResponse:
        body = {"id": "one", "report": about["code"], "sequence": 1, "move": "accept"}
        body["at"] = clock.now().isoformat()
        return post_signed(app.test_client(), json.dumps(body))

    answers = at_once(*(lambda about=about: call(about) for about in [report, *others]))
    assert sorted(a.status_code for a in answers) == [200, 422, 422, 422, 422]
    refused = next(a for a in answers if a.status_code == 422)
    assert refused.json["errors"].keys() == {"id"}
    assert count(app, Callback) == 1


def test_a_used_id_carries_no_other_step(app: Flask, call_back: CallBack) -> None:
    """Answered as a repeat, the centre would take that step for done."""
    call_back("accept", 1, id="one")
    for other in ({"move": "assign", "sequence": 2}, {"move": "accept", "sequence": 2}):
        answer = call_back(id="one", **other)
        assert (answer.status_code, answer.json["errors"].keys()) == (422, {"id"})
    assert call_back("accept", 1, id="one").json["repeated"] is True
    assert count(app, Callback) == 1


def test_what_comes_late_is_noted_and_moves_nothing(
    app: Flask, client: FlaskClient, me: Headers, report: dict, call_back: CallBack
) -> None:
    assert call_back("accept", 5).json["outcome"] == "applied"
    late = call_back("reject", 4, reason="spam", public_text="Không hợp lệ")
    assert (late.status_code, late.json["outcome"], late.json["status"]) == (
        200,
        "late",
        "accepted",
    )
    assert call_back("assign", 5, agency="so-xay-dung").json["outcome"] == "late"
    assert status(client, me, report) == ("accepted", 2)
    assert sorted(c.outcome for c in rows(app, Callback)) == ["applied", "late", "late"]


def test_an_impossible_move_is_a_conflict_that_is_remembered(
    app: Flask, client: FlaskClient, me: Headers, report: dict, call_back: CallBack
) -> None:
    same = str(uuid.uuid4())
    for _ in range(2):
        answer = call_back("resolve", 1, id=same)
        assert (answer.status_code, answer.json["type"]) == (409, "urn:problem:ioc.move_refused")
        assert "resolve" in answer.json["detail"]
    assert status(client, me, report) == ("submitted", 1)
    assert [c.outcome for c in rows(app, Callback)] == ["refused"]
    assert [e.move for e in rows(app, ReportEvent)] == ["submit"]
    assert call_back("accept", 1).json["outcome"] == "applied"


def test_what_does_not_fit_leaves_no_trace(app: Flask, call_back: CallBack) -> None:
    faults = [
        ("report", 404, {"report": "HP-2026-999999"}),
        ("report", 404, {"report": str(uuid.uuid4())}),
        ("reason", 422, {"move": "reject", "public_text": "x"}),
        ("public_text", 422, {"move": "reject", "reason": "spam"}),
        ("move", 422, {"move": "explode"}),
        ("move", 422, {"move": "submit"}),
        ("move", 422, {"move": "withdraw"}),  # the citizen's own
        ("sequence", 422, {"sequence": 0}),
        ("sequence", 422, {"sequence": True}),
        ("sequence", 422, {"sequence": 1.5}),
        ("sequence", 422, {"sequence": 2**31}),
        ("id", 422, {"id": ""}),
        ("id", 422, {"id": "a" * 65}),
        ("at", 422, {"at": "2026-11-22T08:00:00"}),
        ("at", 422, {"at": "0001-01-01T00:00:00+14:00"}),
        ("colour", 422, {"colour": "red"}),
    ]
    for field, wanted, change in faults:
        answer = call_back(**change)
        assert answer.status_code == wanted, (change, answer.json)
        assert wanted == 404 or field in answer.json["errors"], change
    assert count(app, Callback) == 0


def test_only_an_assignment_names_the_unit(
    client: FlaskClient, me: Headers, report: dict, call_back: CallBack
) -> None:
    call_back("accept", agency="so-y-te")
    found = client.get(f"/api/v1/reports/{report['id']}", headers=me).json
    assert (found["status"], found["agency"]) == ("accepted", None)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_only_the_centre_is_believed(app: Flask, client: FlaskClient, report: dict) -> None:
    body = json.dumps({"id": "1", "report": report["code"], "move": "accept"})
    key = Webhook(SECRET)

    def headers(at=None, body=body, **other: str) -> dict[str, str]:
        at = at or clock.now()
        signature = key.sign("1", at, body)
        stamp = str(int(at.timestamp()))
        signed = {"webhook-id": "1", "webhook-timestamp": stamp, "webhook-signature": signature}
        return {**signed, **other}

    old, ahead = clock.now() - timedelta(minutes=6), clock.now() + timedelta(minutes=6)
    noise = base64.b64encode(b"x" * 32).decode()
    bad = [
        {},
        headers(**{"webhook-signature": ""}),
        headers(**{"webhook-signature": f"v1,{noise}"}),
        headers(**{"webhook-signature": "v1"}),
        headers(**{"webhook-signature": "v1,é"}),
        headers(**{"webhook-timestamp": "inf"}),
        headers(**{"webhook-timestamp": "nan"}),
        headers(**{"webhook-timestamp": "9" * 400}),
        headers(**{"webhook-id": "2"}),
        headers(body=body + " "),
        headers(at=old),
        headers(at=ahead),
    ]
    for faulty in bad:
        answer = client.post(CALLBACKS, data=body, headers=faulty, content_type="application/json")
        assert answer.status_code == 401, faulty
        assert answer.json["type"] == "urn:problem:ioc.bad_signature"
    assert post_signed(client, body, OTHER_SECRET).status_code == 401
    assert post_signed(client, body).status_code == 422  # its signature is good, its fields lack
    not_text = client.post(CALLBACKS, data=b"\xff\xfe", headers=headers())
    assert not_text.status_code == 401


def test_while_a_secret_rotates_both_are_believed(app: Flask, client: FlaskClient) -> None:
    def believed(secret: str) -> bool:
        return post_signed(client, json.dumps(report_body()), secret).status_code == 422

    with app.app_context(), transaction() as session:
        rotate(session, "operator:test", "ioc", 1, timedelta(hours=1), OTHER_SECRET)
    assert believed(SECRET)
    assert believed(OTHER_SECRET)
    with app.app_context(), transaction() as session:
        session.get_one(Destination, "ioc").old_secret_until = clock.now()
    assert not believed(SECRET)
    assert believed(OTHER_SECRET)


def test_the_centre_does_not_hear_what_it_caused(
    app: Flask, client: FlaskClient, report: dict, call_back: CallBack, ioc
) -> None:
    call_back("accept")
    assert forward(app) == 1
    events = ioc.app.test_client().get("/events").json
    assert [e["type"] for e in events] == ["vn.smartcity.report.submit"]
    assert not rows(app, JobRow, JobRow.queue.in_(["events", "ioc:ioc"]))
