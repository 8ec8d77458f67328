"""Telling a citizen: an inbox row for each step, and a message to each of his phones."""

import threading
import time
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from smartcity.audit.models import AuditEntry
from smartcity.core.db import transaction
from smartcity.jobs.models import JobRow
from smartcity.jobs.perform import perform
from smartcity.jobs.worker import Worker
from smartcity.push.models import InboxMessage
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
from tests.push.journal import at, make_due, sent, shown, teller, waiting

INBOX = "/api/v1/me/inbox"
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


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
