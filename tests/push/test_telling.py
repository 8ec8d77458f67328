"""Telling a citizen: an inbox row for each step, and a message to each of his phones."""

import threading
import time
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from smartcity.audit.models import AuditEntry
from smartcity.core import clock
from smartcity.core.db import transaction
from smartcity.core.ids import new_id
from smartcity.jobs.models import JobRow, QueueRow
from smartcity.jobs.perform import perform
from smartcity.jobs.service import enqueue_all
from smartcity.jobs.worker import Worker
from smartcity.push import service
from smartcity.push.models import Device, InboxMessage
from smartcity.sandbox.fcm import Fcm
from tests.conftest import MakeApp
from tests.helpers import (
    Headers,
    bearer,
    citizen,
    count,
    file_report,
    moved,
    rows,
    take,
    until,
    work,
)
from tests.push.conftest import Register

INBOX = "/api/v1/me/inbox"
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def sent(fcm: Fcm) -> list[dict[str, Any]]:
    return fcm.app.test_client().get("/journal").json["sent"]


def shown(fcm: Fcm, address: str) -> list[dict[str, Any]]:
    return fcm.app.test_client().get("/journal").json["devices"].get(address, [])


def waiting(app: Flask) -> list[tuple[str, int]]:
    return [(j.state, j.attempts) for j in rows(app, JobRow, JobRow.queue == "push")]


def make_due(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        session.execute(update(JobRow).values(run_at=JobRow.enqueued_at))
        session.execute(update(QueueRow).values(next_probe_at=QueueRow.opened_at))


def test_each_step_is_in_the_inbox_in_the_readers_language(
    app: Flask, client: FlaskClient, me: Headers, stranger: Headers, operator: Headers
) -> None:
    report = moved(client, operator, file_report(client, me), "acceptance", public_text="{code} %")
    assert work(app, "inbox") == 2
    accepted, filed = client.get(INBOX, headers=me).json["items"]
    assert accepted["title"] == f"Phản ánh {report['code']} đã được tiếp nhận"
    assert accepted["body"].endswith("{code} %")
    assert (filed["link"], filed["read_at"]) == (f"/reports/{report['id']}", None)
    english = client.get(INBOX, headers={**me, "Accept-Language": "en"}).json["items"]
    assert english[1]["title"] == f"Report {report['code']} filed"
    assert client.get(INBOX, headers=stranger).json["items"] == []

    path = f"{INBOX}/{filed['id']}/reading"
    assert client.put(path, headers=stranger).status_code == 404
    first = client.put(path, headers=me).json["read_at"]
    assert first
    assert client.put(path, headers=me).json["read_at"] == first
    unread = client.get(f"{INBOX}?unread=true", headers=me).json["items"]
    assert [m["id"] for m in unread] == [accepted["id"]]


def test_a_repeated_job_writes_nothing_twice(
    app: Flask, client: FlaskClient, me: Headers, register: Register
) -> None:
    register("token-1")
    file_report(client, me)
    (lease,) = _claimed(app)
    with app.app_context():
        with transaction() as session:  # as if the worker had died after its work, twice
            session.execute(update(JobRow).values(leased_by=None, run_at=JobRow.enqueued_at))
        (again,) = _claimed(app)
        perform(again)
        perform(lease)
    assert count(app, InboxMessage) == 1
    assert len(rows(app, JobRow, JobRow.queue == "push")) == 1


def _claimed(app: Flask) -> list[Any]:
    with app.app_context():
        return take("inbox")


def test_a_message_reaches_the_phone_through_the_sdk(
    app: Flask,
    client: FlaskClient,
    me: Headers,
    operator: Headers,
    register: Register,
    fcm: Fcm,
) -> None:
    register("phone-a", locale="en")
    register("phone-b", kind="fid")
    report = file_report(client, me)
    work(app, "inbox", "push")
    moved(client, operator, report, "acceptance")
    work(app, "inbox", "push")
    assert [m["address"] for m in sent(fcm)].count("phone-a") == 2
    (notice,) = shown(fcm, "phone-a")  # the later step stands in the place of the first
    assert notice["title"] == f"Report {report['code']} accepted"
    assert notice["tag"] == report["id"]
    assert notice["data"]["link"] == f"/reports/{report['id']}"
    assert notice["data"]["category"] == "reports"
    newest = client.get(INBOX, headers=me).json["items"][0]
    assert notice["data"]["mid"] == newest["id"]
    assert [m["kind"] for m in sent(fcm) if m["address"] == "phone-b"] == ["fid", "fid"]
    message = sent(fcm)[0]["message"]
    assert message["android"]["ttl"] == "259200s"
    assert message["apns"]["headers"]["apns-collapse-id"] == report["id"]
    assert waiting(app) == []


@on_sqlite
def test_an_older_step_never_takes_the_place_of_a_newer_one(
    app: Flask,
    client: FlaskClient,
    me: Headers,
    operator: Headers,
    register: Register,
    fcm: Fcm,
) -> None:
    register("phone-a")
    moved(client, operator, file_report(client, me), "acceptance")
    other = file_report(client, me)
    work(app, "inbox", "push")
    titles = [notice["title"] for notice in shown(fcm, "phone-a")]
    assert len(sent(fcm)) == len(titles) == 2
    assert f"Đã gửi phản ánh {other['code']}" in titles
    assert waiting(app) == []


@on_sqlite
def test_what_was_read_meanwhile_or_is_switched_off_is_not_pushed(
    app: Flask, client: FlaskClient, me: Headers, register: Register, fcm: Fcm
) -> None:
    phone = register("phone-a")
    file_report(client, me)
    work(app, "inbox")
    (message,) = client.get(INBOX, headers=me).json["items"]
    assert client.put(f"{INBOX}/{message['id']}/reading", headers=me).status_code == 200
    assert work(app, "push") == 1
    off = {"categories": {"reports": False}}
    path = f"/api/v1/me/devices/{phone}/preferences"
    assert client.put(path, json=off, headers=me).status_code == 200
    file_report(client, me)
    assert work(app, "inbox", "push") == 2
    assert sent(fcm) == []
    assert len(client.get(INBOX, headers=me).json["items"]) == 2


def at(hour: int) -> AbstractContextManager[None]:
    """The clock at an hour of tomorrow, local time."""
    day = clock.now().astimezone(clock.LOCAL) + timedelta(days=1)
    return clock.frozen(day.replace(hour=hour, minute=0))


def test_in_quiet_hours_the_push_waits_and_the_inbox_does_not(
    app: Flask, client: FlaskClient, me: Headers, register: Register, fcm: Fcm
) -> None:
    register("phone-a", quiet=True)
    tell = teller(app, client, me)
    with at(2):
        tell()
        tell()  # about the same
        assert work(app, "inbox", "push") == 4
    assert count(app, InboxMessage) == 2
    assert sent(fcm) == []
    assert waiting(app) == [("ready", 0)]  # the first is not sent at all
    (job,) = rows(app, JobRow, JobRow.queue == "push")
    hours = (job.run_at - job.enqueued_at).total_seconds() / 3600
    assert 3.9 <= hours < 4.5  # until six, and a tenth more at most
    make_due(app)
    with at(7):
        work(app, "push")
    assert len(shown(fcm, "phone-a")) == 1
    assert waiting(app) == []


@on_sqlite
def test_a_critical_message_passes_quiet_hours_and_leaves_a_record(
    app: Flask, client: FlaskClient, me: Headers, register: Register, fcm: Fcm
) -> None:
    register("phone-a", quiet=True)
    tell = teller(app, client, me)
    with at(2):
        message = tell(category="warnings", link="/warnings/1")
        work(app, "inbox", "push")
    assert [n["data"]["mid"] for n in shown(fcm, "phone-a")] == [message]
    with at(12):
        tell(category="warnings", link="/warnings/2")
        work(app, "inbox", "push")
    (deed,) = rows(app, AuditEntry, AuditEntry.action == "push.pass_quiet_hours")
    assert str(deed.subject_id) == message
    assert len(sent(fcm)) == 2


def teller(app: Flask, client: FlaskClient, who: Headers) -> Callable[..., str]:
    """Tells somebody something, and whoever calls its id."""
    citizen = uuid.UUID(client.get("/api/v1/me", headers=who).json["id"])

    def tell(**other: str) -> str:
        values = {"code": "HP-1", "public_text": ""}
        told: Any = {"text": "push.report.comment", "values": values, "link": "/reports/1"}
        ident = new_id()
        with app.app_context(), transaction() as session:
            message = service.message(
                citizen=citizen, source=ident, at=clock.now(), **{**told, **other}
            )
            enqueue_all(session, [message])
        return str(ident)

    return tell


@on_sqlite
def test_the_longest_words_fit_into_a_message(
    app: Flask,
    client: FlaskClient,
    me: Headers,
    operator: Headers,
    register: Register,
    fcm: Fcm,
) -> None:
    register("phone-a")
    report = file_report(client, me)
    words = 2_000 * "ộ"
    moved(client, operator, report, "question", public_text=words)
    work(app, "inbox", "push")
    assert [m["status"] for m in sent(fcm)] == [200]
    (notice,) = shown(fcm, "phone-a")
    assert notice["body"].startswith(words[:500])
    inbox = client.get(INBOX, headers=me).json["items"]
    assert inbox[0]["body"] == words


def test_an_address_that_is_gone_is_pruned_and_no_other(
    app: Flask, client: FlaskClient, me: Headers, register: Register, fcm: Fcm
) -> None:
    register("unregistered-1")
    register("invalid-1")
    register("phone-a")
    file_report(client, me)
    work(app, "inbox", "push")
    assert [d.value for d in rows(app, Device)] == ["phone-a"]
    assert waiting(app) == []
    assert len(shown(fcm, "phone-a")) == 1


def test_an_address_that_changed_meanwhile_is_kept(
    app: Flask, client: FlaskClient, me: Headers, register: Register
) -> None:
    phone = register("unregistered-1")
    register("phone-a", installation=phone)
    with app.app_context(), transaction() as session:
        service.prune(session, ("token", "unregistered-1"))
        service.quarantine(session, ("token", "unregistered-1"))
    assert [(d.value, d.quarantined_at) for d in rows(app, Device)] == [("phone-a", None)]


@on_sqlite
def test_a_phone_that_changed_hands_is_told_nothing_of_before(
    app: Flask,
    client: FlaskClient,
    me: Headers,
    stranger: Headers,
    register: Register,
    fcm: Fcm,
) -> None:
    phone = register("phone-a")
    file_report(client, me)
    work(app, "inbox")
    register("phone-a", stranger, installation=phone)
    assert work(app, "push") == 1
    assert sent(fcm) == []
    assert waiting(app) == []


@on_sqlite
def test_an_address_of_another_sender_waits_in_quarantine(
    app: Flask, client: FlaskClient, me: Headers, register: Register, fcm: Fcm
) -> None:
    phone = register("sender-mismatch-1")
    file_report(client, me)
    work(app, "inbox", "push")
    assert [bool(d.quarantined_at) for d in rows(app, Device)] == [True]
    file_report(client, me)
    work(app, "inbox", "push")
    assert len(sent(fcm)) == 1
    register("phone-a", installation=phone)
    file_report(client, me)
    work(app, "inbox", "push")
    assert len(shown(fcm, "phone-a")) == 1


@on_sqlite
def test_a_service_in_trouble_is_asked_again(
    app: Flask, client: FlaskClient, me: Headers, register: Register, fcm: Fcm
) -> None:
    register("phone-a")
    http = fcm.app.test_client()
    file_report(client, me)
    for attempts, fault in enumerate(
        ({"mode": "error", "status": 503}, {"mode": "accept_then_drop"}), 1
    ):
        http.put("/faults", json=fault)
        work(app, "inbox", "push")
        assert waiting(app) == [("ready", attempts)]
        make_due(app)
    http.delete("/faults")
    work(app, "push")
    assert len(shown(fcm, "phone-a")) == 1  # twice on the wire, once on the phone
    assert [m["error"] for m in sent(fcm)] == ["UNAVAILABLE", "NO_ANSWER", None]


@on_sqlite
def test_a_message_that_is_wrong_in_itself_is_a_dead_letter(
    app: Flask, client: FlaskClient, me: Headers, register: Register, fcm: Fcm
) -> None:
    register("phone-a")
    fcm.app.test_client().put("/faults", json={"mode": "error", "status": 400})
    file_report(client, me)
    work(app, "inbox", "push")
    assert waiting(app) == [("dead", 1)]
    assert [d.value for d in rows(app, Device)] == ["phone-a"]


@on_sqlite
def test_credentials_that_are_refused_stop_the_queue(make_app: MakeApp, fcm: Fcm) -> None:
    credentials = fcm.credentials_file.read_text()
    app = make_app(fcm_credentials=fcm.credentials_file, fcm_url=fcm.url, fcm_ca=fcm.ca_file)
    fcm.credentials_file.write_text(credentials.replace("firebase-adminsdk@", "somebody@"))
    client, me = app.test_client(), bearer(citizen(app))
    body = {"kind": "token", "value": "phone-a", "platform": "web", "app_version": "1"}
    path = "/api/v1/me/devices/0198c0de-4a6e-7c3f-9d0f-6f1b2a3c4d5e"
    assert client.put(path, json=body, headers=me).status_code == 200
    never = {"quiet_hours": {"from": "00:00", "to": "00:00"}}
    assert client.put(f"{path}/preferences", json=never, headers=me).status_code == 200
    file_report(client, me)
    work(app, "inbox", "push")
    assert waiting(app) == [("ready", 0)]
    assert [bool(q.opened_at) for q in rows(app, QueueRow)] == [True]
    assert sent(fcm) == []


@on_sqlite
def test_without_credentials_the_inbox_is_all(make_app: MakeApp) -> None:
    app = make_app()
    client, me = app.test_client(), bearer(citizen(app))
    body = {"kind": "token", "value": "phone-a", "platform": "web", "app_version": "1"}
    path = "/api/v1/me/devices/0198c0de-4a6e-7c3f-9d0f-6f1b2a3c4d5e"
    assert client.put(path, json=body, headers=me).status_code == 200
    file_report(client, me)
    work(app, "inbox", "push")
    assert count(app, InboxMessage) == 1
    assert waiting(app) == []


@on_sqlite
def test_an_idle_worker_pushes_within_five_seconds_of_the_commit(
    app: Flask, client: FlaskClient, me: Headers, register: Register, fcm: Fcm
) -> None:
    register("phone-a")
    worker = Worker(app, threads=2, queues=["inbox", "push"])
    running = threading.Thread(target=worker.run)
    running.start()
    try:
        file_report(client, me)
        committed = time.monotonic()
        until(lambda: shown(fcm, "phone-a"))
        assert time.monotonic() - committed < 5
    finally:
        worker.stop()
        running.join(30)
    assert not running.is_alive()
