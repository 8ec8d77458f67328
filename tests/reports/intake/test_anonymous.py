"""Whoever files anonymously is hidden from everybody: screens, lists, files, events, the record."""

import json
import uuid
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.audit.models import AuditEntry
from smartcity.core.db import reading
from smartcity.ioc.events import cloud_event
from smartcity.reports.models import Report, ReportEvent
from tests.helpers import Headers, bearer, citizen, file_report, moved, rows, work

PHONE = "+84987651234"
SEARCHES = ("", "?q=dam", "?lane=review", "?" + urlencode({"phone": PHONE}))


@pytest.fixture
def hidden(app: Flask) -> Headers:
    return {**bearer(citizen(app, PHONE)), "X-Installation-Id": str(uuid.uuid4())}


@pytest.fixture
def report(app: Flask, client: FlaskClient, hidden: Headers, operator: Headers) -> dict:
    filed = file_report(
        client, hidden, category="security", anonymous=True, description="Đám đông gây rối"
    )
    work(app, "reports", "inbox")
    asked = moved(client, operator, filed, "question", public_text="Ở đâu?")
    path = f"/api/v1/reports/{asked['id']}/answer"
    answered = client.put(path, json={"public_text": "Đầu ngõ."}, headers=hidden).json
    return moved(client, operator, answered, "acceptance")


def test_nobody_reads_who_he_is(
    app: Flask,
    client: FlaskClient,
    operator: Headers,
    lead: Headers,
    unit: Headers,
    admin: Headers,
    auditor: Headers,
    report: dict,
) -> None:
    (row,) = rows(app, Report)
    own = f"/api/v1/officer/reports/{report['id']}"
    paths = [
        own,
        f"{own}/timeline",
        f"/api/v1/reports/{report['id']}",
        f"/api/v1/reports/{report['id']}/timeline",
        *(f"/api/v1/officer/reports{search}" for search in SEARCHES),
        *(f"/api/v1/officer/reports.csv{search}" for search in SEARCHES),
        f"/api/v1/audit?{urlencode({'subject_id': report['id']})}",
        "/api/v1/audit/export",
        "/api/v1/admin/blocked-devices",
    ]
    answered = 0
    for who in (operator, lead, unit, admin, auditor):
        for path in paths:
            answer = client.get(path, headers=who)
            answered += answer.status_code == 200
            for secret in (PHONE[3:], PHONE[-6:]):
                assert secret not in answer.text, path
            if f"{row.reporter_id}" in answer.text:
                _only_of_other_deeds(path, answer.text, report, row)
    assert answered > 15
    seen = client.get(own, headers=lead).json
    assert (seen["reporter"], seen["reporter_restricted"]) == (None, False)
    by_phone = client.get(f"/api/v1/officer/reports{SEARCHES[-1]}", headers=lead)
    assert report["code"] not in by_phone.text


def _only_of_other_deeds(path: str, text: str, report: dict, row: Report) -> None:
    """The record may name him for having signed in, in no line that names the report."""
    assert "/audit" in path
    for line in text.splitlines() if "export" in path else _entries(text):
        assert not (str(row.reporter_id) in line and report["id"] in line), line


def _entries(text: str) -> list[str]:
    return [json.dumps(item) for item in json.loads(text)["items"]]


def test_no_line_of_the_record_and_no_event_names_him(app: Flask, report: dict) -> None:
    (row,) = rows(app, Report)
    deeds = [e for e in rows(app, AuditEntry) if str(e.subject_id) == report["id"]]
    his = [e for e in deeds if e.actor.startswith("anonymous:")]
    assert [e.action for e in his] == ["report.submit", "report.answer_info"]
    assert {(e.address, e.request_id, e.private, e.person_id) for e in his} == {(None,) * 4}
    assert not [e for e in deeds if str(row.reporter_id) in f"{e.actor} {e.detail} {e.after}"]
    with app.app_context(), reading() as session:
        for event in rows(app, ReportEvent):
            told = cloud_event(session, row, event)
            assert str(row.reporter_id) not in json.dumps(told)
            assert PHONE[3:] not in json.dumps(told)
