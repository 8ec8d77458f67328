"""Who sees a report, who sees its reporter, and that the look is written down."""

import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.areas import service as areas
from smartcity.audit.models import AuditEntry
from smartcity.identity.permissions import Role
from tests.helpers import (
    OTHER_UNIT,
    UNIT,
    Headers,
    bearer,
    file_report,
    move,
    moved,
    officer,
    report_body,
    rows,
)

MINE = "+84912345678"


@pytest.fixture
def assigned(client: FlaskClient, me: Headers, operator: Headers) -> dict:
    report = moved(client, operator, file_report(client, me), "acceptance")
    return moved(client, operator, report, "assignment", agency=UNIT)


def looked_at(client: FlaskClient, headers: Headers, report: dict):
    return client.get(f"/api/v1/officer/reports/{report['id']}", headers=headers)


def listed(client: FlaskClient, headers: Headers) -> list[str]:
    items = client.get("/api/v1/officer/reports", headers=headers).json["items"]
    return [item["id"] for item in items]


def test_a_stranger_finds_nothing_where_something_is(
    client: FlaskClient, me: Headers, stranger: Headers
) -> None:
    report = file_report(client, me)
    for path in ("", "/timeline"):
        hidden = client.get(f"/api/v1/reports/{report['id']}{path}", headers=stranger)
        absent = client.get(f"/api/v1/reports/{uuid.uuid4()}{path}", headers=stranger)
        assert hidden.status_code == absent.status_code == 404
        told = [{**a.json, "instance": ""} for a in (hidden, absent)]
        assert told[0] == told[1]
    assert client.get("/api/v1/me/reports", headers=stranger).json["items"] == []


def test_a_unit_sees_what_it_was_given_and_never_who_reported(
    app: Flask, client: FlaskClient, me: Headers, assigned: dict, unit: Headers, leader: Headers
) -> None:
    other = bearer(officer(app, Role.UNIT_OFFICER, OTHER_UNIT))
    unassigned = file_report(client, me)
    for who in (unit, leader):
        found = looked_at(client, who, assigned)
        assert (found.status_code, found.json["reporter"]) == (200, None)
        assert MINE.removeprefix("+84") not in found.text
        assert listed(client, who) == [assigned["id"]]
        assert looked_at(client, who, unassigned).status_code == 404
    assert looked_at(client, other, assigned).status_code == 404
    assert listed(client, other) == []
    assert move(client, other, assigned, "progress").status_code == 404
    by_agency = client.get(f"/api/v1/officer/reports?agency={UNIT}", headers=other)
    assert by_agency.json["items"] == []


def test_a_unit_officer_without_a_unit_sees_nothing(
    app: Flask, client: FlaskClient, me: Headers
) -> None:
    report = file_report(client, me)  # no agency has it yet
    astray = bearer(officer(app, Role.UNIT_OFFICER, None))
    assert listed(client, astray) == []
    assert looked_at(client, astray, report).status_code == 404


def test_the_leader_of_a_commune_sees_what_lies_in_it(
    app: Flask, client: FlaskClient, me: Headers, operator: Headers, assigned: dict
) -> None:
    elsewhere = file_report(client, me, latitude=20.86, longitude=106.68)
    unassigned = file_report(client, me)
    assert unassigned["area"] == assigned["area"] != elsewhere["area"]
    with app.app_context():
        here = areas.reference().committees[assigned["area"]].code
    leader, clerk = (
        bearer(officer(app, role, here)) for role in (Role.UNIT_LEADER, Role.UNIT_OFFICER)
    )
    assert listed(client, leader) == [unassigned["id"], assigned["id"]]
    for report in (assigned, unassigned):
        seen = looked_at(client, leader, report)
        assert (seen.status_code, seen.json["reporter"]) == (200, None)
        assert seen.json["allowed_moves"] == []  # it is another unit's, or nobody's yet
        assert client.get(f"/api/v1/reports/{report['id']}", headers=leader).status_code == 200
        assert looked_at(client, clerk, report).status_code == 404
    assert looked_at(client, leader, elsewhere).status_code == 404
    assert listed(client, clerk) == []
    assert move(client, leader, assigned, "progress").status_code == 404
    accepted = moved(client, operator, elsewhere, "acceptance")
    moved(client, operator, accepted, "assignment", agency=here)
    given = looked_at(client, leader, elsewhere)  # what the unit was given, wherever it lies
    assert given.json["allowed_moves"] == [
        "propose_question",
        "start",
        "return_to_ioc",
        "request_extension",
    ]
    assert listed(client, clerk) == [elsewhere["id"]]


def test_the_leader_of_a_department_has_no_commune(
    app: Flask, client: FlaskClient, assigned: dict, leader: Headers
) -> None:
    assert listed(client, leader) == [assigned["id"]]
    for nowhere in (OTHER_UNIT, "no-such-unit", None):
        other = bearer(officer(app, Role.UNIT_LEADER, nowhere))
        assert listed(client, other) == []
        assert looked_at(client, other, assigned).status_code == 404


def test_lists_tell_nobody_who_reported(
    app: Flask, client: FlaskClient, assigned: dict, operator: Headers, lead: Headers
) -> None:
    looks = len([e for e in rows(app, AuditEntry) if e.action == "report.see_reporter"])
    for who in (operator, lead):
        page = client.get("/api/v1/officer/reports", headers=who)
        assert page.json["items"][0].keys().isdisjoint({"reporter", "reporter_id"})
        assert MINE.removeprefix("+84") not in page.text
    after = [e for e in rows(app, AuditEntry) if e.action == "report.see_reporter"]
    assert len(after) == looks


def test_a_look_at_the_reporter_is_written_down(
    app: Flask, client: FlaskClient, me: Headers, operator: Headers, lead: Headers
) -> None:
    report = file_report(client, me)
    for who in (operator, lead):
        assert looked_at(client, who, report).json["reporter"] == {"phone": MINE}
    looks = [e for e in rows(app, AuditEntry) if e.action == "report.see_reporter"]
    assert [str(e.subject_id) for e in looks] == [report["id"]] * 2
    assert len({e.actor for e in looks}) == 2
    assert all(e.actor.startswith("officer:") and e.request_id and e.address for e in looks)


def test_who_reports_anonymously_stays_so_to_everybody(
    app: Flask, client: FlaskClient, me: Headers, operator: Headers
) -> None:
    refused = client.post(
        "/api/v1/reports",
        json=report_body(anonymous=True),
        headers=me,
    )
    assert (refused.status_code, refused.json["errors"].keys()) == (422, {"anonymous"})
    report = file_report(client, me, category="security", anonymous=True)
    found = looked_at(client, operator, report)
    assert (found.json["anonymous"], found.json["reporter"]) == (True, None)
    assert MINE.removeprefix("+84") not in found.text
    answer = moved(client, operator, report, "acceptance")
    assert answer["reporter"] is None
    assert not [e for e in rows(app, AuditEntry) if e.action == "report.see_reporter"]


def test_an_auditor_reads_and_does_nothing(app: Flask, client: FlaskClient, assigned: dict) -> None:
    auditor = bearer(officer(app, Role.AUDITOR))
    found = looked_at(client, auditor, assigned)
    assert (found.status_code, found.json["reporter"]) == (200, None)
    assert found.json["allowed_moves"] == []
    assert move(client, auditor, assigned, "progress").status_code == 403


def test_who_left_his_unit_loses_its_reports(
    app: Flask, client: FlaskClient, assigned: dict, unit: Headers, operator: Headers
) -> None:
    assert listed(client, unit) == [assigned["id"]]
    words = {"reason": "outside_authority", "public_text": "Không thuộc thẩm quyền."}
    report = moved(client, unit, assigned, "return", **words)
    moved(client, operator, report, "assignment", agency=OTHER_UNIT)
    assert listed(client, unit) == []
    assert looked_at(client, unit, assigned).status_code == 404
