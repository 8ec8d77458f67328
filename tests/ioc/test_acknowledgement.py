"""What a destination has shown to hold, and who hears when it shows nothing."""

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text, update
from werkzeug.test import TestResponse

from smartcity.core import clock
from smartcity.core.db import engine, reading, transaction
from smartcity.ioc.acknowledging import overdue, overdue_counts, tell_leads
from smartcity.ioc.models import Delivery, Destination
from smartcity.sandbox import signing
from tests.helpers import Headers, bearer, citizen, file_report, moved, rows, work
from tests.ioc.conftest import OTHER_SECRET, SECRET, CallBack, add_destination, forward

ACKNOWLEDGEMENTS = "/api/v1/ioc/acknowledgements"
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def acknowledge(client: FlaskClient, *events: Any, secret: str = SECRET) -> TestResponse:
    body = json.dumps({"events": [str(event) for event in events]})
    headers = signing.sign(signing.keys([secret]), "message-1", body)
    return client.post(
        ACKNOWLEDGEMENTS, data=body, headers=headers, content_type="application/json"
    )


def states(app: Flask) -> list[str]:
    return [delivery.state for delivery in rows(app, Delivery)]


def put(app: Flask, **values: Any) -> None:
    with app.app_context(), transaction() as session:
        session.execute(update(Delivery).values(**values))


def found_overdue(app: Flask) -> tuple[int, dict[str, int]]:
    with app.app_context(), reading() as session:
        listed = session.scalars(select(Delivery).where(overdue(session))).all()
        return len(listed), overdue_counts(session)


def test_each_event_is_answered_for(
    app: Flask, client: FlaskClient, me: Headers, report: dict, operator: Headers
) -> None:
    moved(client, operator, report, "acceptance")
    forward(app)
    first, second = (delivery.event_id for delivery in rows(app, Delivery))
    strange = uuid.uuid4()
    answer = acknowledge(client, first, strange, first)
    assert answer.json["items"] == [
        {"id": str(first), "outcome": "acknowledged", "repeated": False},
        {"id": str(strange), "outcome": "not_found", "repeated": False},
        {"id": str(first), "outcome": "acknowledged", "repeated": False},
    ]
    assert states(app) == ["acknowledged", "delivered"]
    again = acknowledge(client, first, second).json["items"]
    assert [item["repeated"] for item in again] == [True, False]
    assert all(delivery.acknowledged_at for delivery in rows(app, Delivery))


def test_what_may_have_arrived_is_not_sent_again(app: Flask, client: FlaskClient, ioc) -> None:
    """Its word counts for more than our not knowing; what is dead waits for an officer."""
    file_report(client, bearer(citizen(app)))
    work(app, "events")
    (delivery,) = rows(app, Delivery)
    for state, outcome in (
        ("unknown", "acknowledged"),
        ("in_flight", "acknowledged"),
        ("pending", "acknowledged"),
        ("dead", "refused"),
        ("superseded", "refused"),
    ):
        put(app, state=state)
        (item,) = acknowledge(client, delivery.event_id).json["items"]
        assert (state, item["outcome"]) == (state, outcome)
        assert states(app) == [outcome if outcome == "acknowledged" else state]
    put(app, state="acknowledged")
    assert forward(app) == 1  # its job finds nothing to do
    assert ioc.app.test_client().get("/events").json == []


def test_a_callback_acknowledges_what_its_report_was_told(
    app: Flask, client: FlaskClient, me: Headers, report: dict, call_back: CallBack
) -> None:
    file_report(client, me)
    forward(app)
    call_back("accept")
    found = {str(d.report_id): d.state for d in rows(app, Delivery)}
    assert found.pop(report["id"]) == "acknowledged"
    assert list(found.values()) == ["delivered"]


@SQLITE
def test_nobody_acknowledges_for_another(app: Flask, client: FlaskClient, report: dict) -> None:
    add_destination(app, "", "other", OTHER_SECRET, driver="pull", moves=["accept"])
    forward(app)
    (delivery,) = rows(app, Delivery)
    answer = acknowledge(client, delivery.event_id, secret=OTHER_SECRET)
    assert [item["outcome"] for item in answer.json["items"]] == ["not_found"]
    assert states(app) == ["delivered"]
    for wrong in ([], ["x"], [uuid.uuid4()] * 501):
        assert acknowledge(client, *wrong).status_code == 422


def test_silence_is_counted_by_the_destinations_own_hours(app: Flask, report: dict) -> None:
    assert found_overdue(app) == (0, {"ioc": 0})
    forward(app)
    put(app, answered_at=clock.now() - timedelta(hours=25))
    assert found_overdue(app) == (0, {"ioc": 0})
    put(app, answered_at=clock.now() - timedelta(hours=27))
    assert found_overdue(app) == (1, {"ioc": 1})
    with app.app_context(), transaction() as session:
        session.execute(update(Destination).values(ack_hours=None))
    assert found_overdue(app) == (0, {})
    with app.app_context(), transaction() as session:
        session.execute(update(Destination).values(ack_hours=1))
    assert found_overdue(app) == (1, {"ioc": 1})
    put(app, state="acknowledged")
    assert found_overdue(app) == (0, {"ioc": 0})
    put(app, state="delivered")
    with app.app_context(), transaction() as session:
        session.execute(update(Destination).values(retired_at=clock.now()))
    assert found_overdue(app) == (0, {})


def test_only_what_waits_is_read(app: Flask, report: dict) -> None:
    """The partial index of what waits is taken, whatever else the table holds."""
    forward(app)
    add_destination(app, "", "other", OTHER_SECRET, driver="pull")
    with app.app_context(), reading() as session:
        query = select(Delivery.event_id).where(overdue(session))
        kept = {"compile_kwargs": {"literal_binds": True}}
        sql = str(query.compile(session.get_bind(), **kept))
    with app.app_context(), engine().begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL enable_seqscan = off"))
            plan = connection.exec_driver_sql(f"EXPLAIN {sql}")
        else:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}")
        lines = [str(row) for row in plan]
    assert any("ix_ioc_deliveries_unacknowledged" in line for line in lines), lines


def test_leads_hear_of_silence(
    app: Flask, client: FlaskClient, report: dict, lead: Headers, operator: Headers
) -> None:
    forward(app)
    with app.app_context():
        tell_leads()
    put(app, answered_at=clock.now() - timedelta(hours=27))
    with app.app_context():
        tell_leads()
    (notice,) = client.get("/api/v1/officer/me/notices", headers=lead).json["items"]
    assert notice["title"] == '1 thông tin chưa được "ioc" xác nhận'
    assert "26 giờ" in notice["body"]
    assert notice["link"] == "/deliveries?destination=ioc&overdue=true"
    assert client.get("/api/v1/officer/me/notices", headers=operator).json["items"] == []
