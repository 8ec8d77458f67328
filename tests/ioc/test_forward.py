"""Every step reaches the centre: in order, at least once, small enough, whatever it answers."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from smartcity.core.db import transaction
from smartcity.ioc.models import Delivery
from smartcity.jobs.models import JobRow, QueueRow
from smartcity.jobs.service import drop, queue_stats, replay, resume
from smartcity.reports.models import ReportEvent
from smartcity.sandbox.ioc import MAX_BODY, Ioc
from tests.conftest import MakeApp
from tests.helpers import (
    Headers,
    bearer,
    citizen,
    file_report,
    moved,
    rows,
    work,
)
from tests.ioc.conftest import add_destination, forward
from tests.media.conftest import send
from tests.media.pictures import jpeg

Centre = Callable[..., Any]


@pytest.fixture
def centre(ioc: Ioc) -> Centre:
    """Ask the sandbox, or give it a fault: `centre()` gives the events that it took."""
    http = ioc.app.test_client()

    def ask(path: str = "/events", **fault: Any) -> Any:
        if fault:
            assert http.put("/faults", json=fault).status_code == 200
            return None
        return http.delete(path) if path == "/faults" else http.get(path).json

    return ask


def make_due(app: Flask) -> None:
    """As if the time of every backing-off job and of the next probe had come."""
    with app.app_context(), transaction() as session:
        session.execute(update(JobRow).values(run_at=JobRow.enqueued_at))
        session.execute(update(QueueRow).values(next_probe_at=QueueRow.opened_at))


def waiting(app: Flask) -> list[tuple[str, int, str | None]]:
    found = rows(app, JobRow, JobRow.queue == "ioc:ioc")
    return [(j.state, j.attempts, j.last_error) for j in found]


def deliveries(app: Flask) -> list[tuple[str, int]]:
    return [(d.state, d.attempts) for d in rows(app, Delivery)]


def test_steps_arrive_in_order_as_cloud_events(
    app: Flask, client: FlaskClient, report: dict, operator: Headers, centre: Centre
) -> None:
    moved(client, operator, report, "acceptance", public_text="Đã nhận, cảm ơn ông/bà.")
    assert forward(app) == 2
    first, second = centre()
    assert (first["specversion"], first["subject"]) == ("1.0", report["code"])
    assert [e["id"] for e in (first, second)] == [str(e.id) for e in rows(app, ReportEvent)]
    assert [e["sequence"] for e in (first, second)] == ["0000000001", "0000000002"]
    assert [e["data"]["status"] for e in (first, second)] == ["submitted", "accepted"]
    assert first["data"]["description"] == "Ổ gà lớn trước số 12 Trần Phú"
    assert second["data"]["public_text"] == "Đã nhận, cảm ơn ông/bà."
    assert "912345678" not in json.dumps([first, second])
    assert "reporter" not in json.dumps(first)
    assert deliveries(app) == [("delivered", 1)] * 2
    assert all(d.reference and d.answered_at for d in rows(app, Delivery))
    assert waiting(app) == []


@pytest.mark.parametrize("letter", ["ộ", '"', "😀"], ids=["three bytes", "an escape", "four bytes"])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_longest_report_fits(
    app: Flask, client: FlaskClient, me: Headers, operator: Headers, centre: Centre, letter: str
) -> None:
    photos = [send(client, me, jpeg(40, 30)).json["id"] for _ in range(10)]
    words = {"description": "Ổ" + 4_999 * letter, "address": 300 * letter, "media_ids": photos}
    report = file_report(client, me, **words)
    report = moved(client, operator, report, "question", public_text=2_000 * letter)
    assert forward(app) == 2
    assert deliveries(app) == [("delivered", 1)] * 2
    for event in centre():
        body = json.dumps(event, ensure_ascii=False, separators=(",", ":"))
        assert len(body.encode()) < MAX_BODY
        assert len(event["data"]["photos"]) == 10
        assert event["data"]["description"].startswith("Ổ" + 100 * letter)


def test_what_the_centre_refuses_is_dead_and_holds_its_report_only(
    app: Flask,
    client: FlaskClient,
    me: Headers,
    report: dict,
    operator: Headers,
    centre: Centre,
) -> None:
    moved(client, operator, report, "acceptance")
    centre(mode="error", status=400)
    assert forward(app) == 1
    assert waiting(app) == [("dead", 1, "HTTP 400"), ("waiting", 0, None)]
    assert deliveries(app) == [("dead", 1), ("pending", 0)]
    centre("/faults")
    other = file_report(client, me)
    assert forward(app) == 1
    assert [e["subject"] for e in centre()] == [other["code"]]
    (dead,) = [j.id for j in rows(app, JobRow, JobRow.state == "dead")]
    with app.app_context(), transaction() as session:
        replay(session, dead)
    assert forward(app) == 2
    assert [e["sequence"] for e in centre() if e["subject"] == report["code"]] == [
        "0000000001",
        "0000000002",
    ]
    assert waiting(app) == []


def test_an_officer_may_skip_what_is_dead(
    app: Flask, client: FlaskClient, report: dict, operator: Headers, centre: Centre
) -> None:
    moved(client, operator, report, "acceptance")
    centre(mode="error", status=422)
    forward(app)
    centre("/faults")
    (dead,) = [j.id for j in rows(app, JobRow, JobRow.state == "dead")]
    with app.app_context(), transaction() as session:
        drop(session, dead)
    assert forward(app) == 1
    assert [e["sequence"] for e in centre()] == ["0000000002"]


def test_a_centre_in_trouble_gets_it_later(app: Flask, report: dict, centre: Centre) -> None:
    for number, status in enumerate((503, 429, 408, 500), 1):
        centre(mode="error", status=status)
        assert forward(app) == 1
        assert forward(app) == 0  # not before its time
        assert waiting(app) == [("ready", number, f"HTTP {status}")]
        make_due(app)
    centre("/faults")
    assert forward(app) == 1
    assert len(centre()) == 1
    assert deliveries(app) == [("delivered", 5)]


def test_retry_after_is_obeyed(app: Flask, report: dict, centre: Centre) -> None:
    centre(mode="error", status=503, retry_after=3600)
    forward(app)
    (job,) = rows(app, JobRow, JobRow.queue == "ioc:ioc")
    assert (job.run_at - job.enqueued_at).total_seconds() > 3500


def test_after_a_time_out_the_same_id_goes_again(app: Flask, report: dict, centre: Centre) -> None:
    centre(mode="timeout_after_accept", delay=1.5)
    forward(app)
    assert deliveries(app) == [("unknown", 1)]
    centre("/faults")
    make_due(app)
    forward(app)
    assert deliveries(app) == [("delivered", 2)]
    assert len(centre()) == 1
    assert centre("/stats")["duplicates"] == 1


def test_a_centre_that_is_away_loses_nothing(
    app: Flask, report: dict, ioc: Ioc, centre: Centre
) -> None:
    ioc.stop()
    forward(app)
    assert [state for state, _, _ in waiting(app)] == ["ready"]
    ioc.start()
    make_due(app)
    forward(app)
    assert len(centre()) == 1


@pytest.mark.parametrize("status", [401, 403])
def test_a_centre_that_refuses_us_stops_the_queue_and_spends_nothing(
    app: Flask, client: FlaskClient, me: Headers, report: dict, centre: Centre, status: int
) -> None:
    file_report(client, me)
    centre(mode="error", status=status)
    with app.app_context(), transaction() as session:
        assert [s.breaker for s in queue_stats(session) if s.queue == "ioc:ioc"] == ["closed"]
    forward(app)
    told = f"HTTP {status}"
    assert sorted(waiting(app), key=str) == sorted([("ready", 0, told)] * 2, key=str)
    assert [bool(q.opened_at) for q in rows(app, QueueRow)] == [True]
    centre("/faults")
    assert forward(app) == 0  # until the next probe
    make_due(app)
    assert forward(app) == 2  # one good probe releases the backlog
    assert len(centre()) == 2
    assert [q.opened_at for q in rows(app, QueueRow)] == [None]


def test_a_centre_that_is_gone_for_good_disables_the_queue(
    app: Flask, client: FlaskClient, me: Headers, report: dict, centre: Centre
) -> None:
    centre(mode="error", status=410)
    forward(app)
    centre("/faults")
    file_report(client, me)
    make_due(app)
    assert forward(app) == 0
    assert {state for state, _, _ in waiting(app)} == {"ready"}
    assert rows(app, QueueRow)[0].disabled_reason == "HTTP 410"
    with app.app_context(), transaction() as session:
        resume(session, "ioc:ioc")
    assert forward(app) == 2
    assert len(centre()) == 2


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_redirect_is_a_failure(make_app: MakeApp, ioc: Ioc) -> None:
    ioc.app.add_url_rule(
        "/moved", "moved", lambda: ("", 301, {"Location": "/events"}), methods=["POST"]
    )
    app = make_app()
    add_destination(app, f"{ioc.url}/moved")
    file_report(app.test_client(), bearer(citizen(app)))
    forward(app)
    assert waiting(app) == [("ready", 1, "HTTP 301")]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_without_a_centre_nothing_waits(make_app: MakeApp) -> None:
    app = make_app()
    file_report(app.test_client(), bearer(citizen(app)))
    assert forward(app) == 0
    assert waiting(app) == []
    assert rows(app, Delivery) == []


def test_nothing_of_the_reporter_leaves(
    app: Flask, client: FlaskClient, me: Headers, centre: Centre
) -> None:
    file_report(client, me, category="security", anonymous=True)
    forward(app)
    told = json.dumps(centre())
    mine = client.get("/api/v1/me", headers=me).json
    assert mine["id"] not in told
    assert mine["phone"] not in told
    assert centre()[0]["data"]["anonymous"] is True


def test_photos_open_from_the_event_without_signing_in(
    app: Flask, client: FlaskClient, me: Headers, centre: Centre
) -> None:
    photo = send(client, me, jpeg(40, 30)).json["id"]
    work(app, "media")
    file_report(client, me, media_ids=[photo])
    forward(app)
    (link,) = centre()[0]["data"]["photos"]
    answer = client.get(link.removeprefix("http://127.0.0.1:8000"))
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
