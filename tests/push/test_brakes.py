"""What holds pushes back: FCM's quota holds everybody, a refused platform its own phones."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from smartcity.audit.models import AuditEntry
from smartcity.core import clock
from smartcity.core.db import reading, transaction
from smartcity.jobs.models import JobRow, QueueRow
from smartcity.push import brakes
from smartcity.push.models import Brake
from smartcity.sandbox.fcm import Fcm
from tests.conftest import MakeApp
from tests.helpers import Headers, at_once, file_report, rows, work
from tests.push.conftest import Register
from tests.push.test_telling import make_due, sent, shown, waiting

BRAKES = "/api/v1/officer/push/brakes"
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def held(client: FlaskClient, who: Headers) -> dict[str, Any]:
    answer = client.get(BRAKES, headers=who)
    assert answer.status_code == 200, answer.json
    return {brake["scope"]: brake for brake in answer.json["items"]}


def test_over_the_quota_everybody_waits_and_nobody_spends_an_attempt(
    app: Flask,
    client: FlaskClient,
    me: Headers,
    auditor: Headers,
    register: Register,
    fcm: Fcm,
) -> None:
    register("phone-a")
    register("phone-b", platform="ios")
    http = fcm.app.test_client()
    http.put("/faults", json={"mode": "error", "status": 429, "retry_after": 90})
    file_report(client, me)
    work(app, "inbox", "push")
    assert waiting(app) == [("ready", 0)] * 2
    assert len(sent(fcm)) == 1  # the second did not even ask
    brake = held(client, auditor)["all"]
    assert "429" in brake["reason"]
    for job in rows(app, JobRow, JobRow.queue == "push"):
        assert 85 < (job.run_at - job.enqueued_at).total_seconds() < 105
    assert not any(queue.opened_at for queue in rows(app, QueueRow))
    http.delete("/faults")
    make_due(app)
    with clock.frozen(clock.now() + timedelta(seconds=91)):
        work(app, "push")
    assert len(shown(fcm, "phone-a")) == len(shown(fcm, "phone-b")) == 1
    assert waiting(app) == []


@on_sqlite
def test_a_platform_that_refuses_us_is_held_until_a_person_lets_it_go(
    app: Flask,
    client: FlaskClient,
    me: Headers,
    operator: Headers,
    lead: Headers,
    register: Register,
    fcm: Fcm,
) -> None:
    phone = register("apns-auth-1", platform="ios")
    register("phone-a")
    file_report(client, me)
    work(app, "inbox", "push")
    assert len(shown(fcm, "phone-a")) == 1
    assert waiting(app) == [("ready", 0)]
    brake = held(client, operator)["ios"]
    assert (brake["until"], brake["reason"]) == (None, "THIRD_PARTY_AUTH_ERROR")
    assert 'push_brake{scope="ios"} 1.0' in client.get("/metrics").get_data(as_text=True)
    asked = len(sent(fcm))
    make_due(app)
    assert work(app, "push") == 1
    assert len(sent(fcm)) == asked
    register("phone-b", platform="ios", installation=phone)

    path = f"{BRAKES}/ios"
    assert client.delete(f"{path}?reason=x", headers=operator).status_code == 403
    assert client.delete(path, headers=lead).status_code == 422
    gone = client.delete(f"{path}?reason=Đã gia hạn khóa APNs.", headers=lead)
    assert (gone.status_code, gone.json["scope"]) == (200, "ios")
    assert client.delete(f"{path}?reason=x", headers=lead).status_code == 404
    (deed,) = rows(app, AuditEntry, AuditEntry.action == "push.release")
    assert deed.detail["reason"] == "Đã gia hạn khóa APNs."
    make_due(app)
    work(app, "push")
    assert len(shown(fcm, "phone-b")) == 1
    assert held(client, operator) == {}


def test_the_longer_hold_stays(make_app: MakeApp) -> None:
    app, now = make_app(), clock.now()
    soon, later = now + timedelta(minutes=1), now + timedelta(minutes=2)

    def brake(*untils: Any) -> Any:
        with app.app_context(), transaction() as session:
            for until in untils:
                brakes.brake(session, "all", until, "429")
        (row,) = rows(app, Brake)
        return row.until

    at_once(*[lambda: brake(soon)] * 4)
    assert brake(later, soon) == later
    assert brake(None, later) is None
    with app.app_context(), transaction() as session:
        session.execute(update(Brake).values(until=now))
    with app.app_context(), reading() as session:
        assert brakes.held(session) == {}
        assert brakes.wait(session, "ios") == 0
    assert brake(soon) == soon
