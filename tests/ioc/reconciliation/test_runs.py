"""What a destination holds beside what we delivered: listed, repaired, and nothing left over."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from sqlalchemy import select, update

from smartcity.core import clock
from smartcity.core.db import transaction
from smartcity.ioc.models import Delivery, Difference, Message, Reconciliation
from smartcity.ioc.reconciliation import outbound, runs
from smartcity.jobs.lease import LeaseLost
from smartcity.jobs.models import JobRow
from smartcity.sandbox.ioc import Ioc
from tests.conftest import MakeApp
from tests.helpers import Headers, at_once, file_report, moved, rows, work
from tests.ioc.conftest import OTHER_SECRET, add_destination, forward
from tests.ioc.many import clone
from tests.ioc.reconciliation.conftest import (
    RUNS,
    added,
    age,
    altered,
    carry_out,
    counts,
    damage,
    make_due,
    reconciled,
    run,
    start,
    states,
)


def test_exactly_the_damage_is_listed_and_repaired_and_the_next_run_finds_none(
    app: Flask, ioc: Ioc, journal: Path, delivered: list[dict]
) -> None:
    taken = [json.loads(line) for line in journal.read_text().splitlines()]
    lost = [line["id"] for line in taken]
    spoil = [lambda lines: altered(lines[4]), added, lambda lines: lines.__delitem__(slice(1, 3))]
    with damage(ioc, journal, *spoil) as centre:
        run_id = start(app)
        carry_out(app)
        found = rows(app, Difference, Difference.reconciliation_id == run_id)
        listed = {(d.kind, str(d.event_id) if d.event_id else d.sequence) for d in found}
        assert listed == {
            ("missing", lost[1]),
            ("missing", lost[2]),
            ("different", lost[4]),
            ("extra", 7),
        }
        assert counts(app, run_id) == (2, 1, 1, 3)
        assert [bool(d.repaired_at) for d in found] == [d.kind != "extra" for d in found]
        http = centre.app.test_client()
        held = {event["id"]: event for event in http.get("/events").json}
        assert held.pop("not-ours")
        assert held == {line["id"]: json.loads(line["body"]) for line in taken}
        assert states(app) == ["acknowledged"] * 6
        assert reconciled(app) == (0, 0, 1, 0)  # what is only theirs is theirs to remove
        assert http.delete("/events/not-ours").status_code == 204
        assert reconciled(app) == (0, 0, 0, 0)


def test_what_they_hold_is_acknowledged_in_one_statement_a_page(
    app: Flask, delivered: list[dict]
) -> None:
    assert states(app) == ["delivered"] * 6
    run_id = start(app)
    carry_out(app)
    found = run(app, run_id)
    assert states(app) == ["acknowledged"] * 6
    assert (found.pages, found.reports, found.events) == (1, 3, 6)
    assert counts(app, run_id) == (0, 0, 0, 0)


@pytest.mark.parametrize("state", ["unknown", "dead"])
def test_what_seemed_lost_and_is_there_lets_the_next_of_its_report_go(
    app: Flask, client: FlaskClient, report: dict, operator: Headers, ioc: Ioc, state: str
) -> None:
    http = ioc.app.test_client()
    work(app, "events")
    http.put("/faults", json={"mode": "timeout_after_accept", "delay": 1.0})
    assert forward(app) == 1
    http.delete("/faults")
    moved(client, operator, report, "acceptance")
    work(app, "events")
    with app.app_context(), transaction() as session:
        first = select(Delivery.event_id).order_by(Delivery.position).limit(1).scalar_subquery()
        session.execute(update(Delivery).where(Delivery.event_id == first).values(state=state))
        if state == "dead":
            session.execute(update(JobRow).where(JobRow.state == "ready").values(state="dead"))
    assert states(app) == [state, "pending"]
    run_id = start(app)
    assert work(app, "reconciliation:ioc") == 1
    assert states(app) == ["acknowledged", "pending"]
    assert work(app, "ioc:ioc") == 1
    assert states(app) == ["acknowledged", "delivered"]
    assert counts(app, run_id) == (0, 0, 0, 0)
    assert rows(app, JobRow, JobRow.queue == "ioc:ioc") == []


def test_what_is_on_its_way_is_no_difference_and_what_is_dead_is_one(
    app: Flask, client: FlaskClient, me: Headers, delivered: list[dict], ioc: Ioc
) -> None:
    waits = file_report(client, me)
    work(app, "events")  # pending: its job waits
    assert reconciled_without_delivering(app) == (0, 0, 0, 0)
    ioc.app.test_client().put("/faults", json={"mode": "error", "status": 422, "seconds": 60})
    forward(app)
    ioc.app.test_client().delete("/faults")
    run_id = start(app)
    carry_out(app)
    (found,) = rows(app, Difference)
    assert (found.code, found.kind, found.repaired_at) == (waits["code"], "missing", None)
    assert counts(app, run_id) == (1, 0, 0, 0)
    assert [j.state for j in rows(app, JobRow, JobRow.queue == "ioc:ioc")] == ["dead"]


def reconciled_without_delivering(app: Flask) -> tuple[int, ...]:
    run_id = start(app)
    work(app, "reconciliation:ioc")
    return counts(app, run_id)


def test_what_nobody_carries_any_more_is_found_and_sent(app: Flask, report: dict, ioc: Ioc) -> None:
    work(app, "events")
    with app.app_context(), transaction() as session:
        session.execute(JobRow.__table__.delete().where(JobRow.queue == "ioc:ioc"))
    assert reconciled(app) == (1, 0, 0, 1)
    assert states(app) == ["acknowledged"]
    assert len(ioc.app.test_client().get("/events").json) == 1


def test_what_is_younger_than_an_hour_is_not_judged(
    app: Flask, ioc: Ioc, delivered: list[dict]
) -> None:
    """Nor is it extra: of two reports the last step is young, and one of these was lost."""
    age(app)
    young = sorted(rows(app, Message), key=lambda m: (m.code, m.sequence))[-1:]
    young += [m for m in rows(app, Message, Message.code == delivered[0]["code"]) if m.sequence > 1]
    events = [message.event_id for message in young]
    with app.app_context(), transaction() as session:
        of_them = Delivery.event_id.in_(events)
        session.execute(update(Delivery).where(of_them).values(created_at=clock.now()))
        run_id = runs.start(session, "ioc", "operator:test").id
    assert ioc.app.test_client().delete(f"/events/{events[0]}").status_code == 204
    carry_out(app)
    assert counts(app, run_id) == (0, 0, 0, 0)
    assert run(app, run_id).reports == 3
    assert sorted(states(app)) == ["acknowledged"] * 4 + ["delivered"] * 2


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_a_person_gave_up_is_not_sent_again(
    app: Flask, ioc: Ioc, journal: Path, delivered: list[dict]
) -> None:
    with app.app_context(), transaction() as session:
        session.execute(update(Delivery).values(state="superseded"))
    with damage(ioc, journal, list.clear):
        assert reconciled(app) == (0, 0, 0, 0)
    assert states(app) == ["superseded"] * 6


def test_a_run_goes_on_at_the_page_where_its_worker_died(
    app: Flask, client: FlaskClient, me: Headers, ioc: Ioc
) -> None:
    """It dies with the second page asked and not settled: that one is asked again, no other."""
    report = file_report(client, me)
    forward(app)
    clone(app, report["id"], outbound.PAGE)
    asked: list[int] = []
    answer = ioc.app.view_functions["reconcile"]

    def second_breaks() -> Any:
        asked.append(request.get_json()["page"])
        return ("", 503) if asked == [1, 2] else answer()

    ioc.app.view_functions["reconcile"] = second_breaks
    run_id = start(app)
    work(app, "reconciliation:ioc")
    assert (run(app, run_id).pages, run(app, run_id).last_error) == (1, "HTTP 503")
    make_due(app)
    work(app, "reconciliation:ioc")
    found = run(app, run_id)
    assert (asked, found.pages, found.reports) == ([1, 2, 2], 2, outbound.PAGE + 1)
    assert (found.missing, found.different, found.extra) == (outbound.PAGE, 0, 0)
    jobs = rows(app, JobRow, JobRow.queue == "ioc:ioc")
    assert {job.payload["repair"] for job in jobs} == {str(run_id)}
    assert len({job.payload["event"] for job in jobs}) == len(jobs) == outbound.PAGE


def test_a_page_is_settled_by_one_of_two_workers(app: Flask, delivered: list[dict]) -> None:
    run_id = start(app)

    def compare() -> object:
        with app.app_context():
            try:
                return outbound.compare_page(run_id)
            except LeaseLost:
                return "lost"

    assert sorted(map(str, at_once(compare, compare))) in (["False", "True"], ["True", "lost"])
    assert run(app, run_id).pages == 1
    assert run(app, run_id).events == 6


def test_a_destination_that_fails_is_asked_again_and_the_reason_can_be_read(
    app: Flask, client: FlaskClient, ioc: Ioc, delivered: list[dict], auditor: Headers
) -> None:
    run_id = start(app)
    ioc.stop()
    work(app, "reconciliation:ioc")
    told = client.get(f"{RUNS}/{run_id}", headers=auditor).json
    assert told["ended_at"] is None
    assert "NewConnectionError" in told["last_error"]
    ioc.start()
    carry_out(app)
    assert counts(app, run_id) == (0, 0, 0, 0)
    assert run(app, run_id).last_error is None


@pytest.mark.parametrize(
    "answer",
    ["{}", '{"reports": [1]}', '{"reports": [{"report": "%s", "events": [{"sequence": "x"}]}]}'],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_answer_that_is_not_as_agreed_waits_for_a_person(
    app: Flask, ioc: Ioc, delivered: list[dict], answer: str
) -> None:
    text = answer.replace("%s", delivered[0]["code"])
    ioc.app.view_functions["reconcile"] = lambda: (text, 200, {"Content-Type": "application/json"})
    run_id = start(app)
    work(app, "reconciliation:ioc")
    assert "not as agreed" in (run(app, run_id).last_error or "")
    assert [j.state for j in rows(app, JobRow, JobRow.queue == "reconciliation:ioc")] == ["dead"]
    assert states(app) == ["delivered"] * 6


def test_every_night_each_destination_once(
    app: Flask, ioc: Ioc, delivered: list[dict], make_app: MakeApp
) -> None:
    add_destination(app, f"{ioc.url}/events", "silent", OTHER_SECRET)  # it cannot be asked
    evening = datetime(2027, 1, 8, 23, tzinfo=clock.LOCAL)
    begun = []
    for hours in (0, 1, 3.5, 4, 27, 28):
        with clock.frozen(evening + timedelta(hours=hours)), app.app_context():
            runs.start_due()
            work(app, "reconciliation:ioc")
        begun.append(len(rows(app, Reconciliation)))
    assert begun == [1, 1, 2, 2, 3, 3]
    assert {r.destination for r in rows(app, Reconciliation)} == {"ioc"}
