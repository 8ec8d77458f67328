"""What an officer sends once more, or gives up: in order, whatever its state, and audited."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from smartcity.audit.models import AuditEntry
from smartcity.core.db import transaction
from smartcity.ioc.models import Delivery, Replay
from smartcity.ioc.replaying import again
from smartcity.jobs.models import JobRow
from smartcity.jobs.service import drop
from smartcity.sandbox.ioc import Ioc
from tests.helpers import Headers, at_once, file_report, key, moved, rows, take, work
from tests.ioc.conftest import add_destination, forward

OFFICER = "/api/v1/officer"
WHY = {"reason": "Trung tâm đã khôi phục dữ liệu."}
Centre = Callable[..., Any]


@pytest.fixture
def centre(ioc: Ioc) -> Centre:
    """The sandbox's history of steps by report, or a fault for it."""
    http = ioc.app.test_client()

    def ask(**fault: Any) -> Any:
        if fault:
            return http.put("/faults", json=fault)
        return [event["sequence"] for event in http.get("/events").json]

    return ask


@pytest.fixture
def steps(app: Flask, client: FlaskClient, report: dict, operator: Headers) -> list[str]:
    """A report of two steps, nothing sent yet: the ids of its events."""
    moved(client, operator, report, "acceptance")
    work(app, "events")
    return [str(d.event_id) for d in rows(app, Delivery)]


def states(app: Flask) -> list[str]:
    return [d.state for d in rows(app, Delivery)]


def deed(client: FlaskClient, who: Headers, event: str, noun: str, **body: Any) -> TestResponse:
    path = f"{OFFICER}/destinations/ioc/deliveries/{event}/{noun}"
    return client.put(path, json=body or None, headers=who)


def deeds(app: Flask) -> list[str]:
    found = [entry.action for entry in rows(app, AuditEntry)]
    return [action for action in found if action.startswith("delivery.")]


def test_a_dead_one_goes_again_and_its_successors_behind_it(
    app: Flask, client: FlaskClient, steps: list[str], lead: Headers, ioc: Ioc, centre: Centre
) -> None:
    centre(mode="error", status=422)
    forward(app)
    assert states(app) == ["dead", "pending"]
    ioc.app.test_client().delete("/faults")
    answer = deed(client, lead, steps[0], "replay")
    assert (answer.status_code, answer.json["state"], answer.json["last_error"]) == (
        200,
        "pending",
        None,
    )
    assert forward(app) == 2
    assert centre() == ["0000000001", "0000000002"]
    assert states(app) == ["delivered", "delivered"]
    assert deeds(app) == ["delivery.replay"]


def test_one_that_arrived_goes_again_as_a_repair(
    app: Flask, client: FlaskClient, steps: list[str], lead: Headers, ioc: Ioc
) -> None:
    forward(app)
    assert states(app) == ["delivered", "delivered"]
    told = deed(client, lead, steps[0], "replay").json
    assert (told["state"], told["answered_at"], bool(told["replayed_at"])) == (
        "pending",
        None,
        True,
    )
    (job,) = rows(app, JobRow, JobRow.queue == "ioc:ioc")
    assert job.payload["repair"]
    assert deed(client, lead, steps[0], "replay").status_code == 200  # twice is once
    assert forward(app) == 1
    assert [(d.state, d.attempts) for d in rows(app, Delivery)] == [
        ("delivered", 2),
        ("delivered", 1),
    ]


def test_one_that_backs_off_goes_at_once(
    app: Flask, client: FlaskClient, steps: list[str], lead: Headers, ioc: Ioc, centre: Centre
) -> None:
    centre(mode="error", status=500)
    forward(app)
    assert states(app) == ["unknown", "pending"]
    ioc.app.test_client().delete("/faults")
    assert forward(app) == 0
    told = deed(client, lead, steps[0], "replay").json
    assert (told["state"], told["next_at"], told["last_error"]) == ("unknown", None, "HTTP 500")
    assert forward(app) == 2
    assert centre() == ["0000000001", "0000000002"]


def test_one_whose_job_was_dropped_gets_another(
    app: Flask, client: FlaskClient, steps: list[str], lead: Headers, ioc: Ioc, centre: Centre
) -> None:
    centre(mode="error", status=422)
    forward(app)
    ioc.app.test_client().delete("/faults")
    (dead,) = rows(app, JobRow, JobRow.state == "dead")
    with app.app_context(), transaction() as session:
        drop(session, dead.id)
    assert deed(client, lead, steps[0], "replay").status_code == 200
    assert forward(app) == 2
    assert states(app) == ["delivered", "delivered"]


def test_a_skip_lets_the_next_go_and_a_replay_takes_it_back(
    app: Flask, client: FlaskClient, steps: list[str], lead: Headers, ioc: Ioc, centre: Centre
) -> None:
    centre(mode="error", status=422)
    forward(app)
    ioc.app.test_client().delete("/faults")
    assert deed(client, lead, steps[0], "skip", **WHY).json["state"] == "superseded"
    assert forward(app) == 1
    assert centre() == ["0000000002"]
    refused = deed(client, lead, steps[0], "skip", **WHY)
    assert (refused.status_code, refused.json["type"]) == (409, "urn:problem:ioc.delivery_settled")
    assert deed(client, lead, steps[0], "replay").status_code == 200
    assert forward(app) == 1
    assert states(app) == ["delivered", "delivered"]
    assert deeds(app) == ["delivery.skip", "delivery.replay"]


def test_one_skipped_in_the_middle_is_passed_over(
    app: Flask, client: FlaskClient, steps: list[str], lead: Headers, centre: Centre
) -> None:
    assert deed(client, lead, steps[1], "skip", **WHY).status_code == 200
    forward(app)
    assert centre() == ["0000000001"]
    assert states(app) == ["delivered", "superseded"]
    assert rows(app, JobRow, JobRow.queue == "ioc:ioc") == []


def test_a_skip_while_it_is_sent_is_no_dead_letter_after_it(
    app: Flask, client: FlaskClient, steps: list[str], lead: Headers, centre: Centre
) -> None:
    with app.app_context():
        taken = take("ioc:ioc")
    assert len(taken) == 1
    assert deed(client, lead, steps[0], "skip", **WHY).status_code == 200
    assert forward(app) == 1
    assert centre() == ["0000000002"]


def test_only_a_reason_skips(client: FlaskClient, steps: list[str], lead: Headers) -> None:
    refused = deed(client, lead, steps[0], "skip", reason=" ")
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["reason"])


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_destination_that_fetches_is_not_sent_to(
    app: Flask, client: FlaskClient, me: Headers, lead: Headers
) -> None:
    add_destination(app, "", "fetcher", "whsec_" + "A" * 40, driver="pull")
    file_report(client, me)
    work(app, "events")
    (waiting,) = rows(app, Delivery, Delivery.destination == "fetcher")
    path = f"{OFFICER}/destinations/fetcher/deliveries/{waiting.event_id}"
    assert client.put(f"{path}/replay", headers=lead).status_code == 409
    asked = {**WHY, "destination": "fetcher", "states": ["pending"]}
    assert client.post(f"{OFFICER}/replays", json=asked, headers=lead).status_code == 409
    assert client.put(f"{path}/skip", json=WHY, headers=lead).status_code == 200


def begin(client: FlaskClient, lead: Headers, **asked: Any) -> TestResponse:
    body = {"destination": "ioc", **WHY, **asked}
    return client.post(f"{OFFICER}/replays", json=body, headers={**lead, **key()})


def test_many_are_counted_first_and_then_sent_in_order(
    app: Flask, client: FlaskClient, me: Headers, steps: list[str], lead: Headers, ioc: Ioc
) -> None:
    other = file_report(client, me)
    forward(app)
    assert begin(client, lead, report=other["code"], dry_run=True).json == {
        "matching": 1,
        "replay": None,
    }
    assert rows(app, Replay) == []
    begun = begin(client, lead, states=["delivered"])
    assert (begun.status_code, begun.json["matching"]) == (202, 3)
    path = f"{OFFICER}/replays/{begun.json['replay']['id']}"
    assert client.get(path, headers=lead).json["ended_at"] is None
    assert work(app, "replays") == 1
    told = client.get(path, headers=lead).json
    assert (told["replayed"], bool(told["ended_at"])) == (3, True)
    assert forward(app) == 3
    assert {(d.state, d.attempts) for d in rows(app, Delivery)} == {("delivered", 2)}
    assert deeds(app) == ["delivery.replay_many"]


@pytest.mark.parametrize(
    ("asked", "many"),
    [
        ({"since": "2026-01-01T00:00:00+07:00"}, 2),
        ({"until": "2026-01-01T00:00:00+07:00"}, 0),
        ({"states": ["dead", "unknown"]}, 0),
        ({"report": "HP-2026-000001", "states": ["pending"]}, 2),
    ],
    ids=str,
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_asked_for_narrows_it(
    client: FlaskClient, steps: list[str], lead: Headers, asked: dict[str, Any], many: int
) -> None:
    assert begin(client, lead, **asked, dry_run=True).json["matching"] == many
    assert begin(client, lead, events=steps[:1], dry_run=True).json["matching"] == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_replay_of_everything_has_to_be_named(client: FlaskClient, lead: Headers) -> None:
    refused = begin(client, lead)
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["states"])
    assert begin(client, lead, destination="nowhere", states=["dead"]).status_code == 404
    assert begin(client, lead, report="HP-2026-999999").status_code == 404


def test_a_replay_whose_worker_died_goes_on_behind_its_last_batch(
    app: Flask, client: FlaskClient, me: Headers, lead: Headers
) -> None:
    for _ in range(5):
        file_report(client, me)
    forward(app)
    begin(client, lead, since="2026-01-01T00:00:00+07:00")
    with app.app_context():
        (lost,) = take("replays")
        with transaction() as session:  # what a batch of two commits, and then kill -9
            held = session.scalars(select(Delivery).order_by(Delivery.position).limit(2)).all()
            again(session, "ioc", held, "r")
            done = {"position": held[-1].position, "replayed": 2}
            session.execute(update(Replay).values(**done))
            due = {"run_at": JobRow.enqueued_at}  # its lease has lapsed
            session.execute(update(JobRow).where(JobRow.id == lost.id).values(**due))
    assert work(app, "replays") == 1
    (replay,) = rows(app, Replay)
    assert (replay.replayed, bool(replay.ended_at)) == (5, True)
    assert forward(app) == 5
    assert {(d.state, d.attempts) for d in rows(app, Delivery)} == {("delivered", 2)}


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_two_who_replay_at_once_send_it_once(
    app: Flask, client: FlaskClient, steps: list[str], lead: Headers
) -> None:
    forward(app)
    ask = lambda: deed(app.test_client(), lead, steps[0], "replay").status_code  # noqa: E731
    assert at_once(*[ask] * 4) == [200] * 4
    assert len(rows(app, JobRow, JobRow.queue == "ioc:ioc")) == 1
