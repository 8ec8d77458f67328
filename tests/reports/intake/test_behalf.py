"""The hotline's officer files for a caller, whose report it is."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from smartcity.audit.models import AuditEntry
from smartcity.identity.models import Citizen
from smartcity.identity.permissions import Role
from smartcity.reports.models import Report, ReportEvent
from tests.conftest import MakeApp
from tests.helpers import (
    Headers,
    bearer,
    citizen,
    count,
    file_report,
    key,
    moved,
    officer,
    report_body,
    rows,
    work,
)
from tests.media.conftest import send
from tests.media.pictures import jpeg

PATH = "/api/v1/officer/reports"
CALLER = "+84987654321"


def call(client: FlaskClient, operator: Headers, **other: Any) -> TestResponse:
    body = report_body(**{"phone": "0987 654 321", "consent": True, **other})
    return client.post(PATH, json=body, headers={**operator, **key()})


def test_the_report_is_the_callers(
    app: Flask, client: FlaskClient, operator: Headers, me: Headers
) -> None:
    photo = send(client, operator, jpeg(400, 300)).json["id"]
    answer = call(client, operator, media_ids=[photo])
    assert answer.status_code == 201, answer.json
    assert answer.headers["Location"].endswith(f"{PATH}/{answer.json['id']}")
    (row,) = rows(app, Report)
    assert (row.channel, row.filed_by[:8]) == ("hotline", "officer:")
    work(app, "inbox", "reports")
    caller = bearer(citizen(app, CALLER))  # signs in for the first time
    (mine,) = client.get("/api/v1/me/reports", headers=caller).json["items"]
    assert (mine["id"], len(mine["media"])) == (answer.json["id"], 1)
    assert len(client.get("/api/v1/me/inbox", headers=caller).json["items"]) == 1
    (step,) = client.get(f"/api/v1/reports/{mine['id']}/timeline", headers=caller).json["items"]
    assert (step["by"], step["details"]) == ("officer", {"consent": True})
    assert client.get("/api/v1/me/reports", headers=me).json["items"] == []
    report = moved(client, operator, mine, "question", public_text="Ở đoạn nào?")
    answered = client.put(
        f"/api/v1/reports/{mine['id']}/answer", json={"public_text": "Đầu ngõ."}, headers=caller
    )
    assert (answered.json["status"], report["status"]) == ("submitted", "need_info")
    withdrawn = client.put(f"/api/v1/reports/{mine['id']}/withdrawal", headers=caller)
    assert withdrawn.json["status"] == "withdrawn"


def test_one_who_has_an_account_gets_it_there(
    app: Flask, client: FlaskClient, operator: Headers
) -> None:
    caller = bearer(citizen(app, CALLER))
    file_report(client, caller)
    call(client, operator)
    assert count(app, Citizen) == 1
    assert len(client.get("/api/v1/me/reports", headers=caller).json["items"]) == 2


def test_consent_is_asked_for_and_written_down(
    app: Flask, client: FlaskClient, operator: Headers
) -> None:
    for body, field in (
        ({"consent": False}, "consent"),
        ({"phone": None}, "phone"),
        ({"phone": "0225 123 456"}, "phone"),
        ({"phone": "113"}, "phone"),
    ):
        refused = call(client, operator, **body)
        assert (refused.status_code, refused.json["errors"].keys()) == (422, {field}), body
    nobody = client.post(PATH, json=report_body(consent=True), headers=operator)
    assert nobody.json["errors"].keys() == {"phone"}
    assert (count(app, Report), count(app, Citizen)) == (0, 0)
    report = call(client, operator).json
    deeds = {e.action: e for e in rows(app, AuditEntry) if e.subject_kind == "report"}
    assert deeds.keys() == {"report.submit", "report.note_consent"}
    for deed in deeds.values():
        assert (deed.actor[:8], str(deed.subject_id)) == ("officer:", report["id"])
        assert not re.search("987654321", f"{deed.detail} {deed.after} {deed.private}")
    assert rows(app, ReportEvent)[0].details == {"consent": True}


def test_a_caller_may_stay_unknown_where_the_category_allows(
    app: Flask, client: FlaskClient, operator: Headers
) -> None:
    refused = client.post(PATH, json=report_body(anonymous=True), headers=operator)
    assert refused.json["errors"].keys() == {"anonymous"}
    body = report_body(anonymous=True, category="security")
    report = client.post(PATH, json=body, headers=operator).json
    (row,) = rows(app, Report)
    assert (row.reporter_id, row.anonymous) == (None, True)
    seen = client.get(f"{PATH}/{report['id']}", headers=operator).json
    assert (seen["reporter"], seen["intake"]["channel"]) == (None, "hotline")
    assert "request_info" not in seen["allowed_moves"]
    work(app, "reports", "inbox")


def test_a_telephone_that_repeats_files_once(
    app: Flask, client: FlaskClient, operator: Headers
) -> None:
    headers = {**operator, **key()}
    body = report_body(phone="0987654321", consent=True)
    first, again = (client.post(PATH, json=body, headers=headers) for _ in range(2))
    assert (first.json, count(app, Report)) == (again.json, 1)


def test_the_app_cannot_name_a_phone(client: FlaskClient, me: Headers) -> None:
    body = report_body(phone="0987654321", consent=True)
    refused = client.post("/api/v1/reports", json=body, headers=me)
    assert refused.json["errors"].keys() == {"phone", "consent"}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_officer_files_so_many_an_hour(make_app: MakeApp) -> None:
    app = make_app(behalf_limit="2 per hour")
    client = app.test_client()
    one, other = (bearer(officer(app, Role.IOC_OPERATOR, "ioc")) for _ in range(2))
    assert [call(client, one).status_code for _ in range(3)] == [201, 201, 429]
    assert call(client, other).status_code == 201
