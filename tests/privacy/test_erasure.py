"""Whoever asks for it is gone, everywhere and for good; his cases go on."""

import os
import signal
import subprocess
import sys
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import LargeBinary, String, Uuid, cast, select

from smartcity.audit import jobs as audit_jobs
from smartcity.audit import service as audit
from smartcity.audit.models import AuditEntry
from smartcity.audit.verification import Walk
from smartcity.core import clock
from smartcity.core.db import Base, reading
from smartcity.core.quota import Quota
from smartcity.identity.models import Citizen
from smartcity.identity.permissions import Role
from smartcity.media.models import Media
from smartcity.privacy import erasure, jobs
from smartcity.privacy.models import DataRequest
from smartcity.push.models import InboxMessage
from tests.helpers import (
    UNIT,
    Headers,
    at_once,
    bearer,
    citizen,
    count,
    moved,
    officer,
    rows,
    upload,
    work,
)
from tests.privacy.life import PHONE, QUEUES, Life, live

ME = "/api/v1/me"
GRACE = timedelta(days=7, minutes=3)
# The record of deeds grows only: there the id stays, and leads to nobody.
PSEUDONYMS = {"audit_entries.actor", "audit_entries.person_id", "audit_entries.subject_id"}


@pytest.fixture
def life(app: Flask) -> Life:
    return live(app)


def leave(app: Flask, headers: Headers) -> None:
    assert app.test_client().delete(ME, headers=headers).status_code == 202


def sweep(app: Flask, later: timedelta = GRACE) -> None:
    """The worker's turn after some time, and its ordinary queues."""
    with clock.frozen(clock.now() + later):
        with app.app_context():
            jobs.erase_due()
        work(app, "media", "exports", "periodic")


def found(app: Flask, traces: list[str]) -> list[tuple[str, str]]:
    """Each column, wherever it is, that still holds a trace."""
    hits = []
    with app.app_context(), reading() as session:
        for table in Base.metadata.sorted_tables:
            for column in table.columns:
                text = column if isinstance(column.type, LargeBinary) else cast(column, String)
                if isinstance(column.type, Uuid):
                    values = [v and str(v) for v in session.scalars(select(column))]
                else:
                    values = [str(v) for v in session.scalars(select(text))]
                name = f"{table.name}.{column.name}"
                hits += [(name, t) for t in traces if any(v and t in v for v in values)]
    return hits


def test_nothing_is_left_of_him(
    app: Flask, life: Life, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert {name for name, _ in found(app, life.traces())} >= {
        "reports.reporter_id",
        "report_events.actor",
        "media.owner",
        "inbox_messages.citizen_id",
        "broadcast_marks.reader",
        "devices.value",
        "consents.citizen_id",
        "exports.citizen_id",
        "idempotency_keys.caller",
        "jobs.payload",
        "sessions.principal_id",
    }
    leave(app, life.headers)
    sweep(app)
    left = [(column, trace) for column, trace in found(app, life.traces())]
    assert {column for column, _ in left} <= PSEUDONYMS
    assert {trace for _, trace in left} <= {str(life.id), life.id.hex}
    assert rows(app, Citizen) == []
    assert not [row.name for row in rows(app, Quota) if row.name.startswith("export:")]
    stored = [f for f in (tmp_path / "media").rglob("*") if f.is_file()]
    assert {f.name.partition("-")[2] for f in stored} == {
        "large.jpg",
        "large.webp",
        "small.jpg",
        "small.webp",
    }
    for trace in life.traces():
        assert not any(trace.encode() in f.read_bytes() for f in stored)
    logged = capfd.readouterr().err
    assert [trace for trace in life.traces() if trace in logged] == []


def test_the_case_goes_on_without_him(app: Flask, client: FlaskClient, life: Life) -> None:
    leave(app, life.headers)
    sweep(app)
    operator, unit, leader = (
        bearer(officer(app, role, agency))
        for role, agency in (
            (Role.IOC_OPERATOR, "ioc"),
            (Role.UNIT_OFFICER, UNIT),
            (Role.UNIT_LEADER, UNIT),
        )
    )
    report = moved(client, operator, life.report, "acceptance")
    assert (report["reporter"], report["reporter_restricted"]) == (None, False)
    assert [photo["status"] for photo in report["media"]] == ["ready"]
    assert client.get(report["media"][0]["links"]["large"]).status_code == 200
    report = moved(client, operator, report, "assignment", agency=UNIT)
    report = moved(client, unit, report, "progress")
    proof = upload(client, unit)
    report = moved(client, unit, report, "result", public_text="Đã vá.", media_ids=[proof])
    report = moved(client, leader, report, "approval")
    report = moved(client, operator, report, "resolution")
    assert report["status"] == "resolved"
    assert work(app, "events") > 0
    work(app, *QUEUES)
    assert count(app, InboxMessage) == 0
    steps = client.get(f"/api/v1/reports/{report['id']}/timeline", headers=operator).json["items"]
    assert [step["by"] for step in steps[:3]] == ["citizen", "officer", "citizen"]


def test_until_then_the_account_works_and_he_may_take_it_back(
    app: Flask, client: FlaskClient
) -> None:
    me = bearer(citizen(app))
    told = client.delete(ME, headers=me)
    assert told.status_code == 202
    with clock.frozen(clock.now() + timedelta(days=2)):
        me = bearer(citizen(app))  # signing in anew takes nothing back
        again = client.delete(ME, headers=me)
        assert again.json == told.json, "asked again, it is no later"
        assert client.get(ME, headers=me).json["erase_at"] == told.json["erase_at"]
        assert client.delete(f"{ME}/erasure", headers=me).status_code == 204
        assert client.delete(f"{ME}/erasure", headers=me).status_code == 409
        assert client.get(ME, headers=me).json["erase_at"] is None
    sweep(app)
    assert count(app, Citizen) == 1
    (request,) = rows(app, DataRequest)
    assert (request.kind, request.outcome) == ("erasure", "cancelled")


def test_nobody_goes_before_his_time(app: Flask, client: FlaskClient) -> None:
    leave(app, bearer(citizen(app)))
    sweep(app, timedelta(days=6, hours=23))
    assert count(app, Citizen) == 1


def test_his_sessions_end_with_the_grace(app: Flask, client: FlaskClient) -> None:
    tokens = citizen(app)
    leave(app, bearer(tokens))
    with clock.frozen(clock.now() + timedelta(days=7, seconds=1)):
        spent = client.post("/api/v1/auth/refresh", json={"refresh_token": tokens.refresh_token})
        assert spent.status_code == 401
        assert client.get(ME, headers=bearer(tokens)).status_code == 401


def test_the_number_enrols_anew_as_somebody_else(app: Flask, life: Life) -> None:
    leave(app, life.headers)
    sweep(app)
    client, me = app.test_client(), bearer(citizen(app, PHONE))
    account = client.get(ME, headers=me).json
    assert (account["phone"], account["display_name"]) == (PHONE, None)
    assert account["id"] != str(life.id)
    assert client.get(f"{ME}/reports", headers=me).json["items"] == []
    path = f"/api/v1/reports/{life.report['id']}"
    assert client.get(path, headers=me).status_code == 404


def test_others_keep_what_is_theirs(app: Flask, life: Life) -> None:
    other = live(app, "+84987654321", "another-token")
    leave(app, life.headers)
    sweep(app)
    client = app.test_client()
    assert client.get(ME, headers=bearer(citizen(app, "+84987654321"))).json["id"] == str(other.id)
    assert found(app, [str(other.id)])
    assert {photo.owner for photo in rows(app, Media)} == {f"citizen:{other.id}", "citizen:erased"}


def test_two_sweeps_at_once_erase_once(app: Flask) -> None:
    for number in range(3):
        leave(app, bearer(citizen(app, f"+8491234567{number}")))
    with clock.frozen(clock.now() + GRACE):

        def run() -> None:
            with app.app_context():
                erasure.erase_due()

        at_once(run, run)
    assert count(app, Citizen) == 0
    done = [(row.kind, row.outcome, row.citizen_id) for row in rows(app, DataRequest)]
    assert done == [("erasure", "done", None)] * 3


def test_a_worker_killed_in_the_middle_leaves_him_whole_or_gone(
    app: Flask, life: Life, database_url: str, tmp_path: Path
) -> None:
    leave(app, life.headers)
    before = found(app, [str(life.id)])
    program = [sys.executable, "-m", "tests.privacy.erasing", database_url, str(tmp_path)]
    running = subprocess.Popen(program, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2])
    assert running.stdout
    assert running.stdout.readline() == b"in the middle\n"
    os.kill(running.pid, signal.SIGKILL)
    running.wait(10)
    assert found(app, [str(life.id)]) == before, "half of him is gone"
    sweep(app)
    assert {column for column, _ in found(app, life.traces())} <= PSEUDONYMS


def test_the_chain_of_deeds_holds(app: Flask, life: Life) -> None:
    leave(app, life.headers)
    with app.app_context():
        audit_jobs.seal()
        assert any(opened(life.id)), "what he did from where is readable while he is there"
    sweep(app)
    with app.app_context():
        audit_jobs.seal()
        walk = Walk()
        with reading() as session:
            assert walk.step(session) == []
            assert walk.over
        assert walk.reached.position == count(app, AuditEntry)
        assert not any(opened(life.id))


def opened(citizen_id: uuid.UUID) -> list[Any]:
    with reading() as session:
        return [deed["private"] for deed in audit.deeds_of(session, citizen_id)]
