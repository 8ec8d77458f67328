"""A centre that cannot receive reads the log: all of its own, in order, byte for byte."""

import hashlib
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text, update
from werkzeug.test import TestResponse

from smartcity.audit.models import AuditEntry
from smartcity.core.db import transaction
from smartcity.identity import partners
from smartcity.ioc.models import Delivery, Destination, Message
from smartcity.jobs.models import JobRow
from smartcity.sandbox import signing
from smartcity.sandbox.ioc import Ioc
from tests.conftest import MakeApp
from tests.docs.pages import GUIDES, block
from tests.helpers import Headers, bearer, citizen, file_report, moved, rows, served, work
from tests.ioc.conftest import OTHER_SECRET, SECRET, add_destination, forward
from tests.ioc.many import clone
from tests.journeys.demonstration import clean_env

FEED = "/api/v1/ioc/feed"
OFFSET = f"{FEED}/offset"


@pytest.fixture
def app(make_app: MakeApp) -> Flask:
    """One destination, which fetches."""
    app = make_app()
    add_destination(app, "", "puller", driver="pull")
    return app


def signed(secret: str, body: str = "") -> Headers:
    return signing.sign(signing.keys([secret]), "message-1", body)


def read(client: FlaskClient, secret: str = SECRET, **asked: Any) -> Any:
    answer = client.get(FEED, query_string=asked, headers=signed(secret))
    assert answer.status_code == 200, answer.json
    return answer.json


def commit(client: FlaskClient, position: int, secret: str = SECRET, **more: Any) -> TestResponse:
    body = json.dumps({"position": position, **more})
    headers = signed(secret, body)
    return client.put(OFFSET, data=body, headers=headers, content_type="application/json")


def states(app: Flask, name: str = "puller") -> list[str]:
    mine = rows(app, Delivery, Delivery.destination == name)
    return [d.state for d in sorted(mine, key=lambda d: d.position)]


def test_the_events_come_in_order_as_they_were_written(
    app: Flask, client: FlaskClient, me: Headers, operator: Headers
) -> None:
    reports = [file_report(client, me) for _ in range(2)]
    moved(client, operator, reports[0], "acceptance", public_text="Đã nhận, cảm ơn ông/bà.")
    work(app, "events")
    written = sorted(rows(app, Message), key=lambda m: m.position)
    first = read(client, limit=2)
    assert [e["body"] for e in first["events"]] == [m.body for m in written[:2]]
    assert (first["next"], first["end"], first["offset"]) == (2, 3, 0)
    second = read(client, after=first["next"], limit=2)
    (last,) = second["events"]
    assert (last["position"], second["next"]) == (3, 3)
    assert last["sha256"] == hashlib.sha256(last["body"].encode()).hexdigest()
    assert json.loads(last["body"])["data"]["public_text"] == "Đã nhận, cảm ơn ông/bà."
    assert read(client, after=3)["events"] == []
    assert rows(app, JobRow, JobRow.queue == "ioc:puller") == []
    assert states(app) == ["pending"] * 3


def test_each_reads_its_own_only_and_goes_on_behind_that_of_others(
    app: Flask, client: FlaskClient, me: Headers
) -> None:
    add_destination(app, "", "lights", OTHER_SECRET, driver="pull", categories=["lighting"])
    for category in ("noise", "lighting", "noise"):
        file_report(client, me, category=category)
    work(app, "events")
    mine = read(client, OTHER_SECRET)
    assert [e["position"] for e in mine["events"]] == [2]
    assert mine["next"] == mine["end"] == 3
    assert [e["position"] for e in read(client)["events"]] == [1, 2, 3]


def test_the_offset_acknowledges_and_is_where_the_feed_goes_on(
    app: Flask, client: FlaskClient, me: Headers
) -> None:
    for _ in range(3):
        file_report(client, me)
    work(app, "events")
    assert commit(client, 2).json == {"position": 2, "end": 3}
    assert states(app) == ["acknowledged", "acknowledged", "pending"]
    assert [e["position"] for e in read(client)["events"]] == [3]
    first = rows(app, Delivery, Delivery.position == 1)[0]
    assert first.answered_at == first.acknowledged_at is not None
    assert commit(client, 2).status_code == 200  # an answer that was lost


def test_it_goes_back_only_when_asked_to_and_that_is_audited(
    app: Flask, client: FlaskClient, me: Headers
) -> None:
    for _ in range(2):
        file_report(client, me)
    work(app, "events")
    commit(client, 2)
    refused = commit(client, 1)
    assert (refused.status_code, refused.json["type"]) == (409, "urn:problem:ioc.offset_ahead")
    assert "2" in refused.json["detail"]
    assert commit(client, 0, reset=True).status_code == 200
    assert [e["position"] for e in read(client)["events"]] == [1, 2]
    (deed,) = rows(app, AuditEntry, AuditEntry.action == "destination.reset_offset")
    assert (deed.actor, deed.before, deed.after) == (
        "operations_centre:puller",
        {"offset": 2},
        {"offset": 0},
    )
    assert commit(client, 3).json["errors"].keys() == {"position"}
    assert rows(app, Destination)[0].offset == 0


@pytest.fixture
def ioc() -> Iterator[Ioc]:
    with Ioc([OTHER_SECRET]) as server:
        yield server


def test_a_centre_that_is_sent_to_reads_what_it_missed(
    app: Flask, client: FlaskClient, ioc: Ioc, me: Headers, operator: Headers
) -> None:
    """What it has by then is settled: nothing is sent twice, and nothing is held up."""
    add_destination(app, f"{ioc.url}/events", "ioc", OTHER_SECRET)
    report = file_report(client, me)
    moved(client, operator, report, "acceptance")
    http = ioc.app.test_client()
    http.put("/faults", json={"mode": "error", "status": 422})
    forward(app)
    http.delete("/faults")
    assert states(app, "ioc") == ["dead", "pending"]
    assert len(read(client, OTHER_SECRET)["events"]) == 2
    assert commit(client, 1, OTHER_SECRET).status_code == 200
    assert states(app, "ioc") == ["acknowledged", "pending"]
    assert forward(app) == 1
    assert [e["sequence"] for e in http.get("/events").json] == ["0000000002"]
    assert rows(app, JobRow, JobRow.queue == "ioc:ioc") == []


def test_what_waits_and_was_read_is_not_sent(
    app: Flask, client: FlaskClient, ioc: Ioc, me: Headers
) -> None:
    add_destination(app, f"{ioc.url}/events", "ioc", OTHER_SECRET)
    file_report(client, me)
    work(app, "events")
    commit(client, 1, OTHER_SECRET)
    assert forward(app) == 1
    assert ioc.app.test_client().get("/stats").json["received"] == 0
    assert states(app, "ioc") == ["acknowledged"]


def test_a_body_that_is_gone_is_410_and_the_rest_is_read(
    app: Flask, client: FlaskClient, me: Headers
) -> None:
    for _ in range(4):
        file_report(client, me)
    work(app, "events")
    with app.app_context(), transaction() as session:
        session.execute(update(Message).where(Message.position == 3).values(body=None))
    page = read(client)
    assert ([e["position"] for e in page["events"]], page["next"]) == ([1, 2], 2)
    gone = client.get(f"{FEED}?after=2", headers=signed(SECRET))
    assert (gone.status_code, gone.json["type"]) == (410, "urn:problem:ioc.feed_gone")
    assert [e["position"] for e in read(client, after=3)["events"]] == [4]


def test_who_holds_the_page_already_is_told_so(
    app: Flask, client: FlaskClient, me: Headers
) -> None:
    file_report(client, me)
    work(app, "events")
    tag = client.get(FEED, headers=signed(SECRET)).headers["ETag"]
    again = {**signed(SECRET), "If-None-Match": tag}
    assert client.get(FEED, headers=again).status_code == 304
    file_report(client, me)
    work(app, "events")
    assert client.get(FEED, headers=again).status_code == 200


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_who_is_not_a_destination_reads_nothing(
    app: Flask, client: FlaskClient, admin: Headers
) -> None:
    assert client.get(FEED).status_code == 401
    assert client.get(FEED, headers=signed(OTHER_SECRET)).status_code == 401
    assert client.get(FEED, headers=admin).status_code == 403
    for path in ("?after=-1", "?after=x", "?limit=501", "?limit=0", "?more=1"):
        assert client.get(f"{FEED}{path}", headers=signed(SECRET)).status_code == 422, path
    for body in ({}, {"position": -1}, {"position": "1"}, {"position": 2**60}):
        text_ = json.dumps(body)
        answer = client.put(
            OFFSET, data=text_, headers=signed(SECRET, text_), content_type="application/json"
        )
        assert answer.status_code == 422, body


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_partners_key_stands_for_a_centre_that_cannot_sign(
    app: Flask, client: FlaskClient, me: Headers
) -> None:
    asked = {"name": "Thành phố", "grants": ["pull_events"], "per_minute": None, "expires_at": None}
    with app.app_context(), transaction() as session:
        partner, key = partners.create(session, "operator:test", asked)
    add_destination(app, "", "city", OTHER_SECRET, driver="pull", partner_id=partner.id)
    file_report(client, me)
    work(app, "events")
    headers = {"Authorization": f"Bearer {key}"}
    assert len(client.get(FEED, headers=headers).json["events"]) == 1
    answer = client.put(OFFSET, json={"position": 1}, headers=headers)
    assert answer.status_code == 200, answer.json
    assert states(app, "city") == ["acknowledged"]


def test_a_reader_beside_writers_misses_nothing(app: Flask) -> None:
    """It reads on from `next` while eight write the log at once: every position, each once."""
    client = app.test_client()
    citizens = [bearer(citizen(app, f"+8491200000{n}")) for n in range(4)]
    for headers in citizens:
        for _ in range(6):
            file_report(client, headers)
    ended = threading.Event()
    seen: list[int] = []

    def follow() -> None:
        reader, after, last = app.test_client(), 0, False
        while True:
            page = read(reader, after=after, limit=3)
            seen.extend(e["position"] for e in page["events"])
            after = page["next"]
            if last and not page["events"]:
                return
            last = ended.is_set()

    def write() -> None:
        work(app, "events")

    follower = threading.Thread(target=follow)
    follower.start()
    writers = [threading.Thread(target=write) for _ in range(4)]
    for thread in writers:
        thread.start()
    for thread in writers:
        thread.join(120)
    work(app, "events")
    ended.set()
    follower.join(60)
    assert seen == list(range(1, 25))


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_the_feed_reads_no_more_than_its_page(app: Flask, client: FlaskClient, me: Headers) -> None:
    """Of 20,000 rows, by the index of positions."""
    report = file_report(client, me)
    work(app, "events")
    clone(app, report["id"], 20_000)
    with app.app_context(), transaction() as session:
        session.execute(text("ANALYZE ioc_messages, ioc_deliveries"))
        plan = session.scalars(
            text(
                "EXPLAIN SELECT d.position, m.body FROM ioc_deliveries d"
                " JOIN ioc_messages m ON m.event_id = d.event_id WHERE d.destination = 'puller'"
                " AND d.position > 15000 AND d.position <= 20001 ORDER BY d.position LIMIT 100"
            )
        ).all()
    assert any("ix_ioc_deliveries_position" in line for line in plan), plan
    assert not any("Sort" in line or "Seq Scan" in line for line in plan), plan
    assert [e["position"] for e in read(client, after=15_000, limit=2)["events"]] == [
        15_001,
        15_002,
    ]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_program_of_the_guide_fetches_all(app: Flask, client: FlaskClient, me: Headers) -> None:
    for _ in range(3):
        file_report(client, me)
    work(app, "events")
    program = block(GUIDES / "ioc.md", "## A centre that fetches", "python").text
    with served(app) as port:
        told = {"API": f"http://127.0.0.1:{port}", "SECRET": SECRET}
        for expected in (3, 0):
            ran = subprocess.run(
                [sys.executable, "-c", program],
                capture_output=True,
                text=True,
                timeout=60,
                env=clean_env() | told,
                check=True,
            )
            assert len(ran.stdout.splitlines()) == expected
    assert states(app) == ["acknowledged"] * 3
