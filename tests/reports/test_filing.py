"""Filing a report: one transaction, done once however often the phone asks."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from smartcity.audit.models import AuditEntry
from smartcity.core.db import transaction
from smartcity.core.idempotency import IdempotencyKey
from smartcity.jobs.models import JobRow
from smartcity.reports.models import Report, ReportEvent
from tests.conftest import MakeApp
from tests.helpers import (
    Headers,
    at_once,
    bearer,
    citizen,
    count,
    file_report,
    key,
    report_body,
    rows,
    statements,
)
from tests.media.conftest import send
from tests.media.pictures import jpeg

REPORTS = "/api/v1/reports"
MOST_STATEMENTS = 12  # of one creation, idempotency, history, audit and jobs included


def test_a_report_its_event_its_audit_row_and_its_jobs_are_one(
    app: Flask, client: FlaskClient, me: Headers
) -> None:
    answer = client.post(REPORTS, json=report_body(address="12 Trần Phú", urgent=True), headers=me)
    assert answer.status_code == 201
    report = answer.json
    assert answer.headers["Location"].endswith(f"{REPORTS}/{report['id']}")
    assert re.fullmatch(r"HP-20\d\d-\d{6}", report["code"])
    assert (report["status"], report["version"], report["urgent"]) == ("submitted", 1, True)
    assert report["status_label"] == "Chờ tiếp nhận"
    assert client.get(answer.headers["Location"], headers=me).json == report

    (event,) = rows(app, ReportEvent)
    assert (event.sequence, event.move, event.from_status, event.to_status) == (
        1,
        "submit",
        None,
        "submitted",
    )
    deeds = [e for e in rows(app, AuditEntry) if e.action == "report.submit"]
    assert [str(e.subject_id) for e in deeds] == [report["id"]]
    assert report_body()["description"] not in str(deeds[0].detail)
    jobs = {j.name: j for j in rows(app, JobRow)}
    assert jobs.keys() == {"ioc.forward", "push.notify", "reports.examine"}
    assert jobs["ioc.forward"].ordering_key == f"ioc:{report['id']}"


def test_numbers_follow_each_other_and_ids_cannot_be_guessed(
    client: FlaskClient, me: Headers
) -> None:
    first, second = (file_report(client, me) for _ in range(2))
    assert int(second["code"][-6:]) == int(first["code"][-6:]) + 1
    assert first["id"][-20:] != second["id"][-20:]


def test_what_fails_last_undoes_everything(app: Flask, client: FlaskClient, me: Headers) -> None:
    with app.app_context(), transaction() as session:  # the last statement has nowhere to go
        session.execute(text("ALTER TABLE jobs RENAME TO jobs_away"))
    try:
        answer = client.post(REPORTS, json=report_body(), headers={**me, **key()})
    finally:
        with app.app_context(), transaction() as session:
            session.execute(text("ALTER TABLE jobs_away RENAME TO jobs"))
    assert answer.status_code >= 500
    assert "jobs" not in answer.text
    for table in (Report, ReportEvent, IdempotencyKey):
        assert count(app, table) == 0
    assert file_report(client, me)["code"]


def test_what_a_citizen_wrote_stays_out_of_the_log(
    app: Flask, client: FlaskClient, me: Headers, caplog: pytest.LogCaptureFixture
) -> None:
    with app.app_context(), transaction() as session:
        session.execute(text("ALTER TABLE reports RENAME TO reports_away"))
    try:
        assert client.post(REPORTS, json=report_body(), headers=me).status_code >= 500
    finally:
        with app.app_context(), transaction() as session:
            session.execute(text("ALTER TABLE reports_away RENAME TO reports"))
    assert caplog.records
    assert "Trần Phú" not in caplog.text


def test_the_same_request_again_gets_the_first_answer(
    app: Flask, client: FlaskClient, me: Headers
) -> None:
    headers = {**me, **key()}
    first, again = (client.post(REPORTS, json=report_body(), headers=headers) for _ in range(2))
    assert (again.status_code, again.json) == (201, first.json)
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["Content-Type"] == first.headers["Content-Type"]
    assert (first.headers.get("Idempotency-Replayed"), again.headers["Idempotency-Replayed"]) == (
        None,
        "true",
    )
    quoted = {**me, "Idempotency-Key": f'"{headers["Idempotency-Key"]}"'}
    assert client.post(REPORTS, json=report_body(), headers=quoted).json == first.json
    assert (count(app, Report), count(app, ReportEvent), count(app, JobRow)) == (1, 1, 3)


def test_a_key_is_of_one_body_and_one_citizen(
    app: Flask, client: FlaskClient, me: Headers, stranger: Headers
) -> None:
    same = key()
    mine = client.post(REPORTS, json=report_body(), headers={**me, **same})
    other = client.post(REPORTS, json=report_body(description="khác"), headers={**me, **same})
    assert (other.status_code, other.json["type"]) == (422, "urn:problem:idempotency.other_body")
    theirs = client.post(REPORTS, json=report_body(), headers={**stranger, **same})
    assert theirs.status_code == 201
    assert theirs.json["id"] != mine.json["id"]
    assert count(app, Report) == 2


def test_a_request_that_ended_in_a_problem_leaves_its_key_free(
    app: Flask, client: FlaskClient, me: Headers
) -> None:
    headers = {**me, **key()}
    bad = report_body(category="no_such_thing")
    assert client.post(REPORTS, json=bad, headers=headers).status_code == 422
    assert count(app, IdempotencyKey) == 0
    assert client.post(REPORTS, json=report_body(), headers=headers).status_code == 201


def test_a_phone_that_asks_many_times_at_once_files_once(app: Flask, me: Headers) -> None:
    headers = {**me, **key()}

    def ask() -> Any:
        return app.test_client().post(REPORTS, json=report_body(), headers=headers)

    answers = at_once(*[ask] * 8)
    assert {a.status_code for a in answers} == {201}
    assert len({a.json["id"] for a in answers}) == 1
    assert (count(app, Report), count(app, JobRow)) == (1, 3)


def test_creating_costs_few_statements(app: Flask, client: FlaskClient, me: Headers) -> None:
    file_report(client, me)  # reference data and the session are read once
    with statements(app) as seen:
        assert client.post(REPORTS, json=report_body(), headers={**me, **key()}).status_code == 201
    print(f"statements of a creation: {len(seen)}")
    assert len(seen) <= MOST_STATEMENTS, "\n".join(seen)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_citizen_files_so_many_an_hour(make_app: MakeApp) -> None:
    app = make_app(report_limit="2 per hour")
    client, me = app.test_client(), bearer(citizen(app))
    answers = [client.post(REPORTS, json=report_body(), headers=me) for _ in range(3)]
    assert [a.status_code for a in answers] == [201, 201, 429]
    assert int(answers[2].headers["Retry-After"]) > 0
    assert answers[0].headers["RateLimit"] == '"default";r=1'
    other = bearer(citizen(app, "+84987654321"))
    assert client.post(REPORTS, json=report_body(), headers=other).status_code == 201


def test_one_photo_in_two_reports_at_once_is_in_one(
    app: Flask, client: FlaskClient, me: Headers
) -> None:
    photo = send(client, me, jpeg(40, 30)).json["id"]

    def ask() -> Any:
        body = report_body(media_ids=[photo])
        return app.test_client().post(REPORTS, json=body, headers=me)

    answers = at_once(*[ask] * 5)
    assert sorted(a.status_code for a in answers) == [201, 422, 422, 422, 422]
    assert count(app, Report) == 1
