"""Centres that cannot call us are asked: what they did counts as if they had called."""

import json
import uuid
from typing import Any

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from sqlalchemy import select, update

from smartcity.core import clock
from smartcity.core.db import engine, transaction
from smartcity.ioc import destinations, polling
from smartcity.ioc.models import Callback, Destination
from smartcity.jobs.models import JobRow, QueueRow
from smartcity.reports.models import Report, ReportEvent
from smartcity.sandbox.ioc import Ioc
from tests.conftest import MakeApp
from tests.helpers import Headers, file_report, rows, work
from tests.ioc.conftest import OTHER_SECRET, add_destination, forward

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def app(make_app: MakeApp, ioc: Ioc) -> Flask:
    app = make_app()
    options = {"poll_url": f"{ioc.url}/callbacks", "poll_seconds": "5"}
    add_destination(app, f"{ioc.url}/events", options=options)
    return app


def did(ioc: Ioc, report: dict[str, Any], move: str, **other: Any) -> None:
    """The centre does something, and waits to be asked."""
    wish = {"report": report["code"], "move": move, "queue": True, **other}
    answer = ioc.app.test_client().post("/callbacks", json=wish)
    assert answer.status_code == 200, answer.json


def poll(app: Flask, name: str = "ioc") -> int:
    """As if the minute had come: ask what is to be asked now; how many jobs that were."""
    with app.app_context():
        polling.begin()
    return work(app, f"polls:{name}")


def due(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        session.execute(update(JobRow).values(run_at=JobRow.enqueued_at))
        session.execute(update(QueueRow).values(next_probe_at=QueueRow.opened_at))


def polled_to(app: Flask) -> str | None:
    return rows(app, Destination, Destination.name == "ioc")[0].polled_to


def moves(app: Flask) -> list[str]:
    return [event.move for event in rows(app, ReportEvent)]


def test_what_a_centre_did_is_asked_for_and_taken_once(app: Flask, report: dict, ioc: Ioc) -> None:
    did(ioc, report, "accept")
    did(ioc, report, "assign", agency="so-xay-dung")
    assert poll(app) == 2  # a page, and one more to see that it was the last
    assert moves(app) == ["submit", "accept", "assign"]
    assert polled_to(app) == "2"
    assert {event.actor for event in rows(app, ReportEvent)[1:]} == {"operations_centre:ioc"}
    assert poll(app) == 0  # not before its time
    did(ioc, report, "start")
    due(app)
    assert poll(app) == 2
    assert moves(app)[-1] == "start"
    assert [c.outcome for c in rows(app, Callback)] == ["applied"] * 3
    (waiting,) = rows(app, JobRow, JobRow.name == polling.POLL)
    assert 4 < (waiting.run_at - waiting.enqueued_at).total_seconds() < 6


def test_a_page_that_was_cut_off_is_asked_for_again(app: Flask, report: dict, ioc: Ioc) -> None:
    did(ioc, report, "accept")
    did(ioc, report, "assign", agency="so-xay-dung")
    poll(app)
    with app.app_context(), transaction() as session:  # as if it had died before it noted so
        session.execute(update(Destination).values(polled_to=None))
    due(app)
    poll(app)
    assert moves(app) == ["submit", "accept", "assign"]
    assert polled_to(app) == "2"


def test_what_does_not_fit_holds_up_nothing(app: Flask, report: dict, ioc: Ioc) -> None:
    did(ioc, report, "explode")
    did(ioc, {"code": "HP-2026-999999"}, "accept")
    did(ioc, report, "resolve")
    did(ioc, report, "accept", sequence=9)
    did(ioc, report, "reject", sequence=8, reason="spam", public_text="x")
    poll(app)
    assert moves(app) == ["submit", "accept"]
    assert sorted(c.outcome for c in rows(app, Callback)) == ["applied", "late", "refused"]
    assert polled_to(app) == "5"


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_report_that_is_held_is_asked_about_again(app: Flask, report: dict, ioc: Ioc) -> None:
    did(ioc, report, "accept")
    held = select(Report.id).where(Report.id == uuid.UUID(report["id"])).with_for_update()
    with app.app_context(), engine().begin() as somebody:
        somebody.execute(held)
        assert poll(app) == 1
    assert (moves(app), polled_to(app)) == (["submit"], None)
    due(app)
    poll(app)
    assert (moves(app), polled_to(app)) == (["submit", "accept"], "1")


@SQLITE
def test_one_that_fails_stops_neither_others_nor_its_own_deliveries(
    app: Flask, client: FlaskClient, me: Headers, ioc: Ioc
) -> None:
    with Ioc([OTHER_SECRET]) as other:
        options = {"poll_url": f"{other.url}/nothing"}
        add_destination(app, f"{other.url}/events", "down", OTHER_SECRET, options=options)
        report = file_report(client, me)
        did(ioc, report, "accept")
        assert poll(app, "down") == 1
        poll(app)
        assert moves(app) == ["submit", "accept"]
        (job,) = rows(app, JobRow, JobRow.queue == "polls:down")
        assert (job.state, job.attempts, job.last_error) == ("ready", 0, "HTTP 404")
        opened = QueueRow.opened_at.is_not(None)
        assert [queue.name for queue in rows(app, QueueRow, opened)] == ["polls:down"]
        assert forward(app, "ioc", "down") == 3
        with app.app_context(), transaction() as session:
            found = session.get_one(Destination, "down")
            found.options = {"poll_url": f"{other.url}/callbacks"}
            destinations.forget("down")
        assert poll(app, "down") == 0  # until the next probe
        due(app)
        assert poll(app, "down") == 1
        assert rows(app, QueueRow, opened) == []


@SQLITE
def test_an_answer_out_of_shape_moves_nothing(app: Flask, report: dict, ioc: Ioc) -> None:
    answers = [
        [],
        {"callbacks": {"a": 1}, "next": "1"},
        {"callbacks": [], "next": 7},
        {"callbacks": [], "next": "x" * 201},
        {"callbacks": [], "next": "\x00"},
        {},
    ]
    with Ioc([OTHER_SECRET]) as broken:
        told: list[Any] = []
        broken.app.add_url_rule("/odd", "odd", lambda: json.dumps(told[0]))
        with app.app_context(), transaction() as session:
            found = session.get_one(Destination, "ioc")
            found.options = {"poll_url": f"{broken.url}/odd"}
        for answer in answers:
            told[:] = [answer]
            due(app)
            assert poll(app) == 1, answer
            (job,) = rows(app, JobRow, JobRow.queue == "polls:ioc")
            assert job.last_error, answer
        assert polled_to(app) is None
        told[:] = [{"callbacks": ["x", {"reference": []}, None], "next": "3"}]
        broken.app.view_functions["odd"] = lambda: json.dumps(
            told[0] if request.args["after"] != "3" else {"callbacks": []}
        )
        due(app)
        assert poll(app) == 2
        assert polled_to(app) == "3"


@SQLITE
def test_one_that_calls_is_not_asked_and_one_that_is_gone_no_more(app: Flask, ioc: Ioc) -> None:
    add_destination(app, "", "pulls", OTHER_SECRET, driver="pull")
    assert poll(app) == 1
    assert poll(app, "pulls") == 0
    with app.app_context(), transaction() as session:
        session.get_one(Destination, "ioc").retired_at = clock.now()
    due(app)
    assert poll(app) == 1
    assert rows(app, JobRow, JobRow.name == polling.POLL) == []
    assert poll(app) == 0
