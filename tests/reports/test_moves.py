"""Officers and citizens move a report through HTTP: who wins, who is told what."""

from collections import Counter

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.identity.permissions import Role
from smartcity.reports.models import ReportEvent
from tests.helpers import (
    UNIT,
    Headers,
    at_once,
    bearer,
    file_report,
    move,
    moved,
    officer,
    rows,
    upload,
)

REFUSAL = {"reason": "spam", "public_text": "Nội dung quảng cáo."}


@pytest.fixture
def report(client: FlaskClient, me: Headers) -> dict:
    return file_report(client, me)


def test_from_the_phone_to_the_result(
    client: FlaskClient,
    me: Headers,
    report: dict,
    operator: Headers,
    unit: Headers,
    leader: Headers,
) -> None:
    steps = [
        (operator, "acceptance", {}, "accepted"),
        (operator, "assignment", {"agency": UNIT}, "assigned"),
        (unit, "progress", {}, "in_progress"),
        (
            unit,
            "result",
            {"public_text": "Đã vá xong.", "media_ids": [upload(client, unit)]},
            "pending_approval",
        ),
        (leader, "approval", {}, "pending_publication"),
        (operator, "resolution", {"public_text": "Đã vá mặt đường."}, "resolved"),
    ]
    for version, (who, noun, body, status) in enumerate(steps, 2):
        answer = move(client, who, report, noun, **body)
        report = answer.json
        assert (answer.status_code, report["status"]) == (200, status)
        assert (report["version"], answer.headers["ETag"]) == (version, f'"{version}"')
    items = client.get(f"/api/v1/reports/{report['id']}/timeline", headers=me).json["items"]
    assert [i["sequence"] for i in items] == list(range(1, 8))
    assert [i["by"] for i in items] == ["citizen", *["officer"] * 6]
    assert items[-1]["public_text"] == "Đã vá mặt đường."
    assert items[2]["agency"] == UNIT
    assert [i["status_label"] for i in items][:2] == ["Chờ tiếp nhận", "Đã tiếp nhận"]
    english = {**me, "Accept-Language": "en"}
    items = client.get(f"/api/v1/reports/{report['id']}/timeline", headers=english).json["items"]
    assert items[1]["status_label"] == "Accepted"


def test_a_question_and_its_answer_lead_back(
    client: FlaskClient, me: Headers, report: dict, operator: Headers
) -> None:
    for noun in ("question", "acceptance", "question"):
        if noun == "acceptance":
            path = f"/api/v1/reports/{report['id']}/answer"
            answer = client.put(path, json={"public_text": "Ở đầu ngõ."}, headers=me)
            assert (answer.status_code, answer.json["status"]) == (200, "submitted")
            report = answer.json
        body = {} if noun == "acceptance" else {"public_text": "Ở đoạn nào?"}
        report = moved(client, operator, report, noun, **body)
    assert report["status"] == "need_info"
    path = f"/api/v1/reports/{report['id']}/answer"
    back = client.put(path, json={"public_text": "Ở đầu ngõ."}, headers=me)
    assert back.json["status"] == "accepted"
    assert client.put(path, json={"public_text": "Lần nữa"}, headers=me).status_code == 409


def test_a_citizen_withdraws_until_it_is_accepted(
    client: FlaskClient, me: Headers, stranger: Headers, operator: Headers
) -> None:
    first, second = (file_report(client, me) for _ in range(2))
    path = f"/api/v1/reports/{first['id']}/withdrawal"
    assert client.put(path, headers=stranger).status_code == 404
    assert client.put(path, headers=me).json["status"] == "withdrawn"
    assert client.put(path, headers=me).status_code == 409
    assert move(client, operator, {**first, "version": 2}, "acceptance").status_code == 409
    moved(client, operator, second, "acceptance")
    late = client.put(f"/api/v1/reports/{second['id']}/withdrawal", headers=me)
    assert (late.status_code, late.json["type"]) == (409, "urn:problem:report.move_not_allowed")


def test_a_conflict_tells_what_is_possible(
    client: FlaskClient, report: dict, operator: Headers
) -> None:
    answer = move(client, {**operator, "Accept-Language": "en"}, report, "resolution")
    assert answer.status_code == 409
    for word in ('"resolve"', "Waiting to be accepted", "accept", "reject", "request_info"):
        assert word in answer.json["detail"]
    looked = client.get(f"/api/v1/officer/reports/{report['id']}", headers=operator)
    assert looked.json["allowed_moves"] == ["accept", "reject", "mark_duplicate", "request_info"]


def test_a_move_names_the_version_that_was_seen(
    client: FlaskClient, report: dict, operator: Headers
) -> None:
    path = f"/api/v1/officer/reports/{report['id']}/acceptance"
    statuses = {None: 428, "3": 412, '"2"': 412, 'W/"1"': 412, '"x"': 412, '"' + "9" * 40: 412}
    for tag, status in statuses.items():
        headers = {**operator, **({"If-Match": tag} if tag else {})}
        answer = client.put(path, json={}, headers=headers)
        assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    moved(client, operator, report, "acceptance")
    assert move(client, operator, report, "acceptance").status_code == 412
    assert move(client, operator, {**report, "version": 2}, "acceptance").status_code == 409


def test_a_refusal_has_a_reason_and_words(
    client: FlaskClient, report: dict, operator: Headers, lead: Headers
) -> None:
    faults = [
        ({}, {"reason", "public_text"}),
        ({"reason": "spam"}, {"public_text"}),
        ({"public_text": "x"}, {"reason"}),
        ({**REFUSAL, "reason": "because"}, {"reason"}),
        ({**REFUSAL, "public_text": " \u200b "}, {"public_text"}),
    ]
    for body, fields in faults:
        answer = move(client, operator, report, "rejection", **body)
        assert (answer.status_code, answer.json["errors"].keys()) == (422, fields), body
    report = moved(client, operator, report, "rejection", **REFUSAL)
    assert report["status"] == "rejected"
    appeal = {"public_text": "Xem xét lại theo yêu cầu."}
    assert move(client, operator, report, "appeal", **appeal).status_code == 403
    assert move(client, lead, report, "appeal", **appeal).status_code == 409  # nobody appealed


def test_a_unit_is_there_and_a_return_has_its_own_reasons(
    client: FlaskClient, report: dict, operator: Headers, unit: Headers
) -> None:
    report = moved(client, operator, report, "acceptance")
    for agency in ("nowhere", "", None, 7):
        answer = move(client, operator, report, "assignment", agency=agency)
        assert (answer.status_code, answer.json["errors"].keys()) == (422, {"agency"})
    report = moved(client, operator, report, "assignment", agency=UNIT)
    assert report["agency"] == UNIT
    answer = move(client, unit, report, "return", **REFUSAL)
    assert (answer.status_code, answer.json["errors"].keys()) == (422, {"reason"})


def test_of_fifty_officers_at_once_one_wins(app: Flask, report: dict) -> None:
    people = [bearer(officer(app, Role.IOC_OPERATOR, "ioc")) for _ in range(50)]
    nouns = [("acceptance", {}), ("rejection", REFUSAL), ("question", {"public_text": "Ở đâu?"})]

    def act(number: int):
        noun, body = nouns[number % 3]
        return move(app.test_client(), people[number], report, noun, **body)

    answers = at_once(*(lambda n=n: act(n) for n in range(50)))
    statuses = Counter(answer.status_code for answer in answers)
    assert statuses[200] == 1, statuses
    assert statuses[409] + statuses[412] == 49, statuses
    assert all(a.json["detail"] for a in answers if a.status_code != 200)
    assert [e.sequence for e in rows(app, ReportEvent)] == [1, 2]
