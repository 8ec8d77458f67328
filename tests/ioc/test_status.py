"""How destinations stand: over the API, in /metrics, at the command line."""

import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text, update

from smartcity.audit.models import AuditEntry
from smartcity.cli import main
from smartcity.core import clock
from smartcity.core.db import engine, insert, reading, transaction
from smartcity.ioc.models import Delivery, Destination, Reconciliation
from smartcity.ioc.standing import standings
from smartcity.sandbox.ioc import Ioc
from tests.helpers import Headers, moved, rows, work
from tests.ioc.conftest import forward

PATH = "/api/v1/officer/destinations"
Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask, database_url: str, tmp_path: Path) -> Run:
    env = {"SMARTCITY_DATABASE_URL": database_url, "SMARTCITY_VAR_DIR": str(tmp_path)}
    return lambda *words: CliRunner().invoke(main, words, env=env)


def break_it(ioc: Ioc, status: int) -> None:
    ioc.app.test_client().put("/faults", json={"mode": "error", "status": status})


def standing(client: FlaskClient, who: Headers) -> dict[str, Any]:
    (one,) = client.get(PATH, headers=who).json["items"]
    return one


def test_all_is_well(app: Flask, client: FlaskClient, report: dict, operator: Headers) -> None:
    forward(app)
    one = standing(client, operator)
    assert (one["breaker"], one["reason"], one["worries"]) == ("closed", None, [])
    assert (one["oldest_at"], bool(one["delivered_at"])) == (None, True)
    assert one["waiting"] == {"pending": 0, "in_flight": 0, "unknown": 0, "dead": 0}


def test_what_waits_and_since_when(
    app: Flask, client: FlaskClient, report: dict, operator: Headers, ioc: Ioc
) -> None:
    moved(client, operator, report, "acceptance")
    break_it(ioc, 422)
    forward(app)
    one = standing(client, operator)
    assert one["waiting"] == {"pending": 1, "in_flight": 0, "unknown": 0, "dead": 1}
    assert (one["worries"], bool(one["oldest_at"])) == (["dead"], True)
    later = clock.frozen(clock.now() + timedelta(minutes=16))
    with later, app.app_context(), reading() as session:
        assert [s.worries for s in standings(session)] == [["late", "dead"]]


def test_a_breaker_tells_why_it_is_open(
    app: Flask, client: FlaskClient, report: dict, operator: Headers, ioc: Ioc
) -> None:
    break_it(ioc, 401)
    forward(app)
    one = standing(client, operator)
    assert (one["breaker"], one["reason"], one["worries"]) == ("open", "HTTP 401", ["open"])


def test_a_pause_and_a_410_end_by_a_resumption(
    app: Flask, client: FlaskClient, report: dict, lead: Headers, ioc: Ioc
) -> None:
    why = {"reason": "Trung tâm bảo trì."}
    paused = client.put(f"{PATH}/ioc/pause", json=why, headers=lead).json
    assert (paused["breaker"], paused["reason"], paused["worries"]) == (
        "paused",
        "Trung tâm bảo trì.",
        [],
    )
    assert forward(app) == 0
    assert client.put(f"{PATH}/ioc/resumption", json=why, headers=lead).json["breaker"] == "closed"
    break_it(ioc, 410)
    forward(app)
    gone = standing(client, lead)
    assert (gone["breaker"], gone["reason"], gone["worries"]) == (
        "disabled",
        "HTTP 410",
        ["disabled"],
    )
    resumed = client.put(f"{PATH}/ioc/resumption", json=why, headers=lead).json
    assert (resumed["breaker"], resumed["reason"]) == ("closed", None)
    found = [e for e in rows(app, AuditEntry) if e.action.startswith("destination.")]
    assert [(e.action, e.detail["reason"]) for e in found if "reason" in e.detail] == [
        ("destination.pause", why["reason"]),
        ("destination.resume", why["reason"]),
        ("destination.resume", why["reason"]),
    ]
    assert client.put(f"{PATH}/nowhere/pause", json=why, headers=lead).status_code == 404


def test_metrics_of_what_was_taken(
    app: Flask, client: FlaskClient, report: dict, operator: Headers
) -> None:
    moved(client, operator, report, "acceptance")
    forward(app)
    late = clock.now() - timedelta(hours=27)
    with app.app_context(), transaction() as session:
        session.execute(update(Delivery).values(answered_at=late))
        _reconciled(session, missing=3, repaired=2)
    jobs_of = 'destination="ioc"'
    told = dict(re.findall(r"^(ioc_\S+) (\S+)$", client.get("/metrics").text, re.M))
    assert told[f"ioc_unacknowledged{{{jobs_of}}}"] == "2.0"
    assert told[f"ioc_differences{{{jobs_of}}}"] == "1.0"
    assert told[f'ioc_breaker{{{jobs_of},state="closed"}}'] == "1.0"
    assert told[f'ioc_breaker{{{jobs_of},state="open"}}'] == "0.0"
    assert told[f"ioc_oldest_seconds{{{jobs_of}}}"] == "0.0"


def test_metrics_of_what_waits(
    app: Flask, client: FlaskClient, report: dict, operator: Headers, ioc: Ioc
) -> None:
    moved(client, operator, report, "acceptance")
    break_it(ioc, 422)
    forward(app)
    with clock.frozen(clock.now() + timedelta(hours=1)):
        told = dict(re.findall(r"^(ioc_\S+) (\S+)$", client.get("/metrics").text, re.M))
    assert told['ioc_deliveries{destination="ioc",state="dead"}'] == "1.0"
    assert told['ioc_deliveries{destination="ioc",state="pending"}'] == "1.0"
    assert told['ioc_attempts{destination="ioc"}'] == "1.0"
    assert 3590 < float(told['ioc_oldest_seconds{destination="ioc"}']) < 3700


def test_one_sent_again_waits_from_then_on(
    app: Flask, client: FlaskClient, report: dict, lead: Headers
) -> None:
    forward(app)
    with clock.frozen(clock.now() + timedelta(hours=1)), app.app_context():
        with transaction() as session:
            session.execute(update(Delivery).values(replayed_at=clock.now(), state="pending"))
        with reading() as session:
            assert [s.worries for s in standings(session)] == [[]]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_delivered_rows_are_not_read(app: Flask, report: dict) -> None:
    """Of 20,000 delivered and acknowledged rows, no index but a partial one is scanned."""
    work(app, "events")
    with app.app_context():
        _fill(20_000)
        with engine().connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            connection.execute(text("ANALYZE ioc_deliveries"))
        before = _scanned()
        with reading() as session:
            standings(session)
        assert _scanned() - before < 50


def _fill(many: int) -> None:
    with engine().begin() as connection:
        connection.execute(text("SET session_replication_role = replica"))
        connection.execute(
            text("""
INSERT INTO ioc_deliveries (destination, event_id, position, report_id, state, attempts,
                            created_at, answered_at, acknowledged_at)
SELECT 'ioc', gen_random_uuid(), 1000 + n, gen_random_uuid(), 'acknowledged', 1, now(), now(), now()
FROM generate_series(1, :many) AS n"""),
            {"many": many},
        )


def _scanned() -> int:
    with engine().connect() as connection:
        connection.execute(text("SELECT pg_stat_force_next_flush()"))
        connection.execute(text("SELECT pg_stat_clear_snapshot()"))
        read = text("""
SELECT sum(seq_tup_read) + sum(idx_tup_fetch) FROM pg_stat_user_tables
WHERE relname = 'ioc_deliveries'""")
        return int(connection.execute(read).scalar_one() or 0)


def _reconciled(session: Any, **counts: int) -> None:
    zero = dict.fromkeys(
        ("pages", "reports", "events", "missing", "different", "extra", "repaired"), 0
    )
    now = clock.now()
    times = {"since": now, "until": now, "started_at": now, "ended_at": now}
    told = {"id": uuid.uuid4(), "destination": "ioc", "started_by": "system"}
    insert(session, Reconciliation, **told, **times, cursor=None, last_error=None, **zero | counts)


def test_the_command_tells_and_ends_by_what_it_found(
    app: Flask, run: Run, client: FlaskClient, report: dict, ioc: Ioc
) -> None:
    break_it(ioc, 422)
    forward(app)
    told = run("ioc", "status")
    assert told.exit_code == 1
    assert told.output.startswith("ioc: closed, pending 0, in_flight 0, unknown 0, dead 1")
    assert "look at: dead" in told.output
    ioc.app.test_client().delete("/faults")
    counted = run("ioc", "replay", "ioc", "--state", "dead", "--dry-run")
    assert (counted.exit_code, counted.output) == (0, "1 deliveries\n")
    began = run("ioc", "replay", "ioc", "--state", "dead", "--reason", "đã sửa")
    assert began.exit_code == 0, began.output
    work(app, "replays")
    assert forward(app) == 1
    well = run("ioc", "status")
    assert (well.exit_code, "dead 0" in well.output) == (0, True)


def test_commands_skip_pause_resume_and_retire(
    app: Flask, run: Run, client: FlaskClient, report: dict
) -> None:
    work(app, "events")
    (event,) = [str(d.event_id) for d in rows(app, Delivery)]
    why = ("--reason", "thử")
    assert run("ioc", "skip", "ioc", event, *why).exit_code == 0
    assert [d.state for d in rows(app, Delivery)] == ["superseded"]
    assert run("ioc", "replay", "ioc", "--event", event, *why).exit_code == 0
    assert run("ioc", "replay", "ioc", *why).exit_code == 1
    assert run("ioc", "pause", "ioc", *why).exit_code == 0
    assert "paused" in run("ioc", "status").output
    assert run("ioc", "resume", "ioc", *why).exit_code == 0
    assert run("ioc", "retire", "ioc", *why).exit_code == 1  # nobody confirms
    assert run("ioc", "retire", "ioc", "--yes", *why).exit_code == 0
    assert [bool(d.retired_at) for d in rows(app, Destination)] == [True]
    deeds = [e.action for e in rows(app, AuditEntry) if e.actor.startswith("operator:")]
    assert deeds[-5:] == [
        "delivery.skip",
        "delivery.replay_many",
        "destination.pause",
        "destination.resume",
        "destination.retire",
    ]
    for refused in (("pause", "nowhere"), ("skip", "ioc", str(uuid.uuid4()))):
        answer = run("ioc", *refused, *why)
        assert (answer.exit_code, len(answer.output.splitlines())) == (1, 1)
