"""The snapshot and the feed above its position give the truth, whoever writes meanwhile."""

import json
import threading
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from smartcity.core.db import transaction
from smartcity.ioc.models import Message
from smartcity.reports.models import Report, ReportEvent
from tests.conftest import MakeApp
from tests.helpers import Headers, bearer, citizen, file_report, moved, rows, work
from tests.ioc.conftest import OTHER_SECRET, SECRET, CallBack, add_destination
from tests.ioc.test_feed import read, signed

SNAPSHOT = "/api/v1/ioc/snapshot"


@pytest.fixture
def app(make_app: MakeApp) -> Flask:
    app = make_app()
    add_destination(app, "", "puller", driver="pull")
    return app


def pages(client: FlaskClient, secret: str = SECRET, **asked: Any) -> list[dict[str, Any]]:
    found = []
    cursor: dict[str, str] = {}
    while True:
        query = {**asked, **cursor}
        answer = client.get(SNAPSHOT, query_string=query, headers=signed(secret))
        assert answer.status_code == 200, answer.json
        found.append(answer.json)
        if answer.json["next_cursor"] is None:
            return found
        cursor = {"cursor": answer.json["next_cursor"]}


def shown(client: FlaskClient, secret: str = SECRET, **asked: Any) -> dict[str, dict[str, Any]]:
    return {r["report"]: r for page in pages(client, secret, **asked) for r in page["reports"]}


def test_every_report_as_it_stands_by_the_last_step(
    app: Flask, client: FlaskClient, me: Headers, operator: Headers
) -> None:
    reports = [file_report(client, me) for _ in range(5)]
    for report in reports[:2]:
        moved(client, operator, report, "acceptance")
    work(app, "events")
    found = pages(client, limit=2)
    assert [len(page["reports"]) for page in found] == [2, 2, 1]
    assert {page["position"] for page in found} == {7}
    told = {r["report"]: r["status"] for page in found for r in page["reports"]}
    assert told == {r["code"]: "accepted" if n < 2 else "submitted" for n, r in enumerate(reports)}
    written = {m.event_id: m for m in rows(app, Message)}
    for report in shown(client).values():
        body = json.loads(report["body"])
        (message,) = (m for m in written.values() if str(m.event_id) == body["id"])
        assert report["body"] == message.body
        assert (report["sha256"], report["position"]) == (message.sha256, message.position)
        assert body["data"]["status"] == report["status"]


def test_a_destination_made_today_sees_what_was_before_it_by_its_filter(
    app: Flask, client: FlaskClient, me: Headers
) -> None:
    old = {c: file_report(client, me, category=c)["code"] for c in ("noise", "lighting")}
    work(app, "events")
    told = {"driver": "pull", "categories": ["lighting"]}
    add_destination(app, "", "lights", OTHER_SECRET, **told)
    assert read(client, OTHER_SECRET)["events"] == []
    assert set(shown(client, OTHER_SECRET)) == {old["lighting"]}


def test_its_own_steps_are_in_the_status_and_not_the_event(
    app: Flask, client: FlaskClient, report: dict, call_back: CallBack
) -> None:
    assert call_back().status_code == 200
    work(app, "events")
    (found,) = shown(client).values()
    assert (found["status"], json.loads(found["body"])["data"]["move"]) == ("accepted", "submit")


def test_a_body_that_is_gone_is_told_anew_and_not_kept(
    app: Flask, client: FlaskClient, report: dict
) -> None:
    work(app, "events")
    (before,) = rows(app, Message)
    with app.app_context(), transaction() as session:
        session.execute(update(Message).values(body=None))
    (found,) = shown(client).values()
    assert json.loads(found["body"])["id"] == str(before.event_id)
    assert found["sha256"] == before.sha256
    assert rows(app, Message)[0].body is None


def test_a_step_that_the_log_lacks_yet_has_no_position(
    app: Flask, client: FlaskClient, report: dict
) -> None:
    (found,) = shown(client).values()
    assert (found["position"], found["sha256"], found["status"]) == (None, None, "submitted")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_cursor_of_another_destination_is_refused(
    app: Flask, client: FlaskClient, me: Headers
) -> None:
    add_destination(app, "", "other", OTHER_SECRET, driver="pull")
    for _ in range(2):
        file_report(client, me)
    cursor = pages(client, limit=1)[0]["next_cursor"]
    path = f"{SNAPSHOT}?cursor={cursor}"
    assert client.get(path, headers=signed(OTHER_SECRET)).status_code == 400
    assert client.get(SNAPSHOT).status_code == 401


def test_snapshot_and_feed_give_the_truth_beside_writers(app: Flask, operator: Headers) -> None:
    """Reports are filed, moved and written out while the pages are read one by one."""
    client = app.test_client()
    owners = [bearer(citizen(app, f"+8491200000{n}")) for n in range(3)]
    first = [file_report(client, owner) for owner in owners for _ in range(3)]
    work(app, "events")
    ended, begun = threading.Event(), threading.Event()

    def write(mine: list[dict[str, Any]], owner: Headers) -> None:
        own = app.test_client()
        for report in mine:
            moved(own, operator, report, "acceptance")
            file_report(own, owner)
            begun.set()

    def write_out() -> None:
        while not ended.is_set():
            work(app, "events")

    writers = [
        threading.Thread(target=write, args=(first[3 * n : 3 * n + 3], owner))
        for n, owner in enumerate(owners)
    ]
    carrier = threading.Thread(target=write_out)
    for thread in (*writers, carrier):
        thread.start()
    assert begun.wait(60)
    found = pages(app.test_client(), limit=2)
    for thread in writers:
        thread.join(120)
    ended.set()
    carrier.join(60)
    work(app, "events")
    assert statuses(client, found) == {
        report.code: (report.status, steps)
        for report in rows(app, Report)
        if (steps := len(rows(app, ReportEvent, ReportEvent.report_id == report.id)))
    }


def statuses(client: FlaskClient, found: list[dict[str, Any]]) -> dict[str, tuple[str, int]]:
    """Each report's status and sequence, as a centre that follows the rules comes to hold them."""
    held: dict[str, tuple[str, int]] = {}

    def take(body: str) -> None:
        event = json.loads(body)
        code, sequence = event["subject"], int(event["sequence"])
        if sequence > held.get(code, ("", 0))[1]:
            held[code] = event["data"]["status"], sequence

    for page in found:
        for report in page["reports"]:
            take(report["body"])
    after = found[0]["position"]
    while events := (page := read(client, after=after))["events"]:
        for event in events:
            take(event["body"])
        after = page["next"]
    return held
