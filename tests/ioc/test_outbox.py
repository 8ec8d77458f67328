"""Each step written out once, for every destination that hears of it."""

import hashlib
import json
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from sqlalchemy import update

from smartcity.core import clock
from smartcity.core.db import transaction
from smartcity.ioc.models import Delivery, Message
from smartcity.jobs.models import JobRow
from smartcity.privacy import retention
from smartcity.sandbox.ioc import Ioc
from tests.conftest import MakeApp
from tests.helpers import Headers, at_once, file_report, moved, rows, statements, work
from tests.ioc.conftest import OTHER_SECRET, CallBack, add_destination, forward

Told = Callable[[str], list[str]]


@pytest.fixture
def second() -> Iterator[Ioc]:
    with Ioc([OTHER_SECRET]) as server:
        yield server


@pytest.fixture
def app(make_app: MakeApp, ioc: Ioc) -> Flask:
    app = make_app(report_limit="100000 per hour")
    add_destination(app, f"{ioc.url}/events")
    return app


def heard(app: Flask, name: str) -> list[tuple[str, int]]:
    """The steps that a destination hears: move and sequence, in order."""
    wanted = {d.event_id for d in rows(app, Delivery, Delivery.destination == name)}
    told = [m for m in rows(app, Message) if m.event_id in wanted]
    return [(m.move, m.sequence) for m in sorted(told, key=lambda message: message.position)]


def handled(client: FlaskClient, operator: Headers, report: dict[str, Any]) -> None:
    """Accepted, and given to a unit."""
    report = moved(client, operator, report, "acceptance")
    moved(client, operator, report, "assignment", agency="so-xay-dung")


@pytest.mark.parametrize(
    ("filter", "steps"),
    [
        ({}, ["submit", "accept", "assign"]),
        ({"categories": ["traffic_infra"]}, ["submit", "accept", "assign"]),
        ({"categories": ["noise"]}, []),
        ({"areas": ["10525"]}, ["submit", "accept", "assign"]),
        ({"areas": ["10507"]}, []),
        ({"moves": ["assign"]}, ["assign"]),
        ({"start": "accepted"}, ["accept", "assign"]),
    ],
    ids=lambda value: json.dumps(value) if isinstance(value, dict) else "",
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_destination_hears_what_its_filter_lets_through(
    app: Flask,
    client: FlaskClient,
    me: Headers,
    operator: Headers,
    filter: dict[str, Any],
    steps: list[str],
) -> None:
    add_destination(app, "http://127.0.0.1:9/", "narrow", OTHER_SECRET, **filter)
    handled(client, operator, file_report(client, me))
    work(app, "events")
    assert [move for move, _ in heard(app, "narrow")] == steps
    assert [move for move, _ in heard(app, "ioc")] == ["submit", "accept", "assign"]


def test_what_one_centre_did_the_others_hear(
    app: Flask, client: FlaskClient, report: dict, call_back: CallBack, second: Ioc
) -> None:
    add_destination(app, f"{second.url}/events", "city", OTHER_SECRET)
    assert call_back("accept").status_code == 200
    assert call_back("assign", 2, agency="so-y-te").status_code == 200
    assert call_back("start", 1, OTHER_SECRET).status_code == 200
    forward(app, "ioc", "city")
    assert heard(app, "ioc") == [("submit", 1), ("start", 4)]
    assert heard(app, "city") == [("submit", 1), ("accept", 2), ("assign", 3)]


def test_one_destination_down_holds_up_no_other(
    app: Flask, client: FlaskClient, me: Headers, ioc: Ioc, second: Ioc
) -> None:
    add_destination(app, f"{second.url}/events", "city", OTHER_SECRET)
    ioc.stop()
    for _ in range(3):
        file_report(client, me)
    forward(app, "ioc", "city")
    assert len(second.app.test_client().get("/events").json) == 3
    states = {(d.destination, d.state, d.attempts) for d in rows(app, Delivery)}
    assert states == {("ioc", "pending", 1), ("city", "delivered", 1)}


def test_every_attempt_sends_the_same_bytes(
    app: Flask, client: FlaskClient, me: Headers, operator: Headers, ioc: Ioc
) -> None:
    seen: list[bytes] = []
    ioc.app.before_request(lambda: seen.append(request.get_data()) if request.data else None)
    report = file_report(client, me)
    work(app, "events")
    moved(client, operator, report, "acceptance", public_text="Đổi mô tả cũng không đổi bản gửi.")
    fault = {"mode": "timeout_after_accept", "delay": 1.0, "seconds": 0.9}
    ioc.app.test_client().put("/faults", json=fault)
    work(app, "ioc:ioc")
    with app.app_context(), transaction() as session:
        session.execute(update(JobRow).values(run_at=JobRow.enqueued_at))
    ioc.app.test_client().delete("/faults")
    work(app, "ioc:ioc")
    sent = [body for body in seen if b"report.submit" in body]
    assert len(sent) == 2
    assert sent[0] == sent[1]
    (kept,) = rows(app, Message, Message.move == "submit")
    assert kept.sha256 == hashlib.sha256(sent[0]).hexdigest()


def test_what_is_about_to_be_sent_is_written_down_before(
    app: Flask, client: FlaskClient, me: Headers, ioc: Ioc
) -> None:
    while_sent: list[tuple[str, int]] = []

    def look() -> None:
        while_sent.extend((d.state, d.attempts) for d in rows(app, Delivery))

    ioc.app.before_request(look)
    file_report(client, me)
    forward(app)
    assert while_sent == [("in_flight", 1)]
    assert [d.state for d in rows(app, Delivery)] == ["delivered"]


def test_positions_have_no_gaps_whoever_writes(
    app: Flask, client: FlaskClient, me: Headers
) -> None:
    for _ in range(24):
        file_report(client, me)
    at_once(*[lambda: work(app, "events")] * 6)
    assert sorted(m.position for m in rows(app, Message)) == list(range(1, 25))


def test_an_old_body_goes_and_is_told_anew_when_it_must_be_sent(
    app: Flask, client: FlaskClient, me: Headers, ioc: Ioc
) -> None:
    ioc.stop()
    file_report(client, me)
    forward(app)
    with app.app_context(), clock.frozen(clock.now() + timedelta(days=31)):
        retention.carry_out()
    (message,) = rows(app, Message)
    assert message.body is None
    ioc.start()
    with app.app_context(), transaction() as session:
        session.execute(update(JobRow).values(run_at=JobRow.enqueued_at))
    assert work(app, "ioc:ioc") == 1
    (told,) = ioc.app.test_client().get("/events").json
    assert uuid.UUID(told["id"]) == message.event_id
    (again,) = rows(app, Message)
    assert json.loads(again.body) == told
    assert again.sha256 == hashlib.sha256(again.body.encode()).hexdigest()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_filing_puts_all_its_jobs_into_the_queue_by_one_statement(
    app: Flask, client: FlaskClient, me: Headers
) -> None:
    file_report(client, me)
    with statements(app) as seen:
        file_report(client, me)
    assert sum("jobs" in statement for statement in seen) == 1
