"""Officers' notes: for officers only, and not for every unit."""

import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.audit.models import AuditEntry
from smartcity.identity.permissions import Role
from smartcity.jobs.models import JobRow
from tests.helpers import (
    OTHER_UNIT,
    UNIT,
    Headers,
    bearer,
    file_report,
    key,
    moved,
    officer,
    rows,
)

SECRET = "Người gửi hay gọi lúc nửa đêm."


@pytest.fixture
def report(client: FlaskClient, me: Headers, operator: Headers) -> dict:
    report = moved(client, operator, file_report(client, me), "acceptance")
    return moved(client, operator, report, "assignment", agency=UNIT)


def path(report: dict) -> str:
    return f"/api/v1/officer/reports/{report['id']}/notes"


def write(client: FlaskClient, who: Headers, report: dict, text: str, for_unit: bool = False):
    body = {"text": text, "for_unit": for_unit}
    return client.post(path(report), json=body, headers=who)


def read(client: FlaskClient, who: Headers, report: dict) -> list[str]:
    answer = client.get(path(report), headers=who)
    assert answer.status_code == 200, answer.json
    return [note["text"] for note in answer.json["items"]]


def test_the_centre_reads_all_and_a_unit_its_own_and_what_is_meant_for_it(
    app: Flask,
    client: FlaskClient,
    operator: Headers,
    lead: Headers,
    unit: Headers,
    leader: Headers,
    report: dict,
) -> None:
    write(client, operator, report, SECRET)
    told = write(client, operator, report, "Ưu tiên.", for_unit=True).json
    assert (told["by"], told["agency"], told["for_unit"]) == ("ioc_operator", "ioc", True)
    write(client, unit, report, "Mai đi xem.")
    assert read(client, lead, report) == [SECRET, "Ưu tiên.", "Mai đi xem."]
    assert read(client, unit, report) == read(client, leader, report) == ["Ưu tiên.", "Mai đi xem."]
    returned = {"reason": "outside_authority", "public_text": "Không thuộc đơn vị."}
    report = moved(client, unit, report, "return", **returned)
    moved(client, operator, report, "assignment", agency=OTHER_UNIT)
    other = bearer(officer(app, Role.UNIT_OFFICER, OTHER_UNIT))
    assert read(client, other, report) == []
    assert client.get(path(report), headers=unit).status_code == 404


def test_no_citizen_and_no_other_system_ever_reads_a_note(
    app: Flask, client: FlaskClient, me: Headers, operator: Headers, auditor: Headers, report: dict
) -> None:
    write(client, operator, report, SECRET, for_unit=True)
    ident = report["id"]
    for own in ("", "/timeline", "/comments"):
        assert SECRET not in client.get(f"/api/v1/reports/{ident}{own}", headers=me).text
    for who in (me, auditor):
        assert client.get(path(report), headers=who).status_code == 403
    assert not any(SECRET in str(job.payload) for job in rows(app, JobRow))
    entries = [e for e in rows(app, AuditEntry) if e.action == "note.add"]
    assert [SECRET in str((e.detail, e.before, e.after)) for e in entries] == [False]


def test_a_note_is_for_a_unit_that_there_is(
    client: FlaskClient, me: Headers, operator: Headers
) -> None:
    fresh = file_report(client, me)
    answer = write(client, operator, fresh, "x", for_unit=True)
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["for_unit"])
    assert write(client, operator, {"id": uuid.uuid4()}, "x").status_code == 404


def test_a_repeated_note_is_one(client: FlaskClient, unit: Headers, report: dict) -> None:
    again = {**unit, **key()}
    ids = {write(client, again, report, "Mai đi xem.").json["id"] for _ in range(2)}
    assert len(ids) == 1
    assert read(client, unit, report) == ["Mai đi xem."]
