"""What FCM answers, and what becomes of the phone and of the message."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.core.db import transaction
from smartcity.jobs.models import QueueRow
from smartcity.push import service
from smartcity.push.models import Device
from smartcity.sandbox.fcm import Fcm
from tests.conftest import MakeApp
from tests.helpers import (
    Headers,
    bearer,
    citizen,
    file_report,
    rows,
    work,
)
from tests.push.conftest import Register
from tests.push.journal import make_due, sent, shown, waiting

INBOX = "/api/v1/me/inbox"
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


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
