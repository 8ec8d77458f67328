"""Comments beside a report: who may write, who reads them and when, and what becomes of them."""

import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from smartcity.audit.models import AuditEntry
from smartcity.core.db import transaction
from smartcity.identity.permissions import Role
from smartcity.push.models import InboxMessage
from smartcity.reports.desk.models import Comment
from smartcity.reports.models import Report
from tests.conftest import MakeApp
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
    work,
)

QUEUE = "/api/v1/officer/comments"


@pytest.fixture
def report(client: FlaskClient, me: Headers, operator: Headers) -> dict:
    report = moved(client, operator, file_report(client, me), "acceptance")
    return moved(client, operator, report, "assignment", agency=UNIT)


@pytest.fixture
def public(app: Flask, report: dict) -> dict:
    with app.app_context(), transaction() as session:
        session.execute(update(Report).values(visibility="public"))
    return report


def write(client: FlaskClient, who: Headers, report: dict, text: str = "Vẫn còn.", **more: str):
    path = f"/api/v1/reports/{report['id']}/comments"
    return client.post(path, json={"text": text}, headers={**who, **more})


def read(client: FlaskClient, who: Headers, report: dict) -> list[tuple[str, str]]:
    answer = client.get(f"/api/v1/reports/{report['id']}/comments", headers=who)
    assert answer.status_code == 200, answer.json
    return [(item["text"], item["status"]) for item in answer.json["items"]]


def read_publicly(client: FlaskClient, report: dict) -> list[str]:
    answer = client.get(f"/api/v1/public/reports/{report['id']}/comments")
    assert answer.status_code == 200, answer.json
    return [item["text"] for item in answer.json["items"]]


def decide(client: FlaskClient, who: Headers, comment: dict, noun: str, **body: str):
    path = f"{QUEUE}/{comment['id']}/{noun}"
    return client.put(path, json=body or None, headers=who)


def test_a_comment_is_read_by_others_once_it_is_approved_and_no_more_once_rejected(
    client: FlaskClient, me: Headers, stranger: Headers, operator: Headers, public: dict
) -> None:
    comment = write(client, stranger, public).json
    assert (comment["by"], comment["agency"], comment["status"]) == ("citizen", None, "pending")
    assert read(client, stranger, public) == [("Vẫn còn.", "pending")]
    assert read(client, me, public) == read_publicly(client, public) == []
    assert decide(client, operator, comment, "approval").json["status"] == "approved"
    assert read(client, me, public) == [("Vẫn còn.", "approved")]
    assert read_publicly(client, public) == ["Vẫn còn."]
    reason = "Có số điện thoại của người khác."
    assert decide(client, operator, comment, "rejection", reason=reason).status_code == 200
    assert read(client, me, public) == read_publicly(client, public) == []
    path = f"/api/v1/reports/{public['id']}/comments"
    [own] = client.get(path, headers=stranger).json["items"]
    assert (own["status"], own["reason"]) == ("rejected", reason)
    assert decide(client, operator, comment, "approval").json["reason"] is None
    assert read_publicly(client, public) == ["Vẫn còn."]


def test_a_comment_belongs_on_a_public_report_or_ones_own(
    client: FlaskClient, me: Headers, stranger: Headers, report: dict
) -> None:
    assert write(client, me, report).status_code == 201
    hidden, absent = write(client, stranger, report), write(client, stranger, {"id": uuid.uuid4()})
    assert hidden.status_code == absent.status_code == 404
    assert client.get(f"/api/v1/public/reports/{report['id']}/comments").status_code == 404
    path = f"/api/v1/reports/{report['id']}/comments"
    assert client.get(path, headers=stranger).status_code == 404


def test_nobody_reads_who_wrote_a_comment(
    client: FlaskClient,
    me: Headers,
    stranger: Headers,
    unit: Headers,
    operator: Headers,
    public: dict,
) -> None:
    comment = write(client, stranger, public).json
    decide(client, operator, comment, "approval")
    [written] = rows(client.application, Comment)
    for path, who in {
        f"/api/v1/public/reports/{public['id']}/comments": {},
        f"/api/v1/reports/{public['id']}/comments": me,
        f"/api/v1/officer/reports/{public['id']}/comments": unit,
        QUEUE: operator,
    }.items():
        answer = client.get(path, headers=who)
        assert "Vẫn còn." in answer.text
        for told in (str(written.citizen_id), written.citizen_id.hex, "987654321"):
            assert told not in answer.text, path


def test_an_agency_comments_at_once_and_the_reporter_hears_of_it(
    app: Flask, client: FlaskClient, unit: Headers, public: dict
) -> None:
    work(app, "inbox")
    path = f"/api/v1/officer/reports/{public['id']}/comments"
    repeated = {**unit, **key()}
    answers = [client.post(path, json={"text": "Mai vá."}, headers=repeated) for _ in range(2)]
    assert [a.status_code for a in answers] == [201, 201]
    assert answers[0].json["id"] == answers[1].json["id"]
    assert (answers[0].json["by"], answers[0].json["agency"]) == ("agency", UNIT)
    assert read_publicly(client, public) == ["Mai vá."]
    work(app, "inbox")
    told = [m for m in rows(app, InboxMessage) if m.text == "push.report.comment"]
    assert [m.values["public_text"] for m in told] == ["Mai vá."]


def test_another_unit_neither_comments_nor_reads(
    app: Flask, client: FlaskClient, public: dict
) -> None:
    other = bearer(officer(app, Role.UNIT_OFFICER, OTHER_UNIT))
    path = f"/api/v1/officer/reports/{public['id']}/comments"
    assert client.post(path, json={"text": "x"}, headers=other).status_code == 404
    assert client.get(path, headers=other).status_code == 404


def test_the_queue_is_walked_oldest_first_and_narrowed(
    client: FlaskClient, me: Headers, stranger: Headers, operator: Headers, public: dict
) -> None:
    wrote = [write(client, me, public, f"lần {n}").json for n in range(5)]
    decide(client, operator, wrote[0], "approval")
    seen, cursor = [], ""
    while cursor is not None:
        path = f"{QUEUE}?status=pending&limit=2{cursor and f'&cursor={cursor}'}"
        page = client.get(path, headers=operator).json
        seen += [item["text"] for item in page["items"]]
        cursor = page["next_cursor"]
    assert seen == ["lần 1", "lần 2", "lần 3", "lần 4"]
    of_none = client.get(f"{QUEUE}?report={uuid.uuid4()}", headers=operator)
    assert of_none.json["items"] == []
    assert client.get(f"{QUEUE}?status=dragons", headers=operator).status_code == 422


def test_a_decision_is_written_down_once(
    app: Flask, client: FlaskClient, me: Headers, operator: Headers, public: dict
) -> None:
    comment = write(client, me, public).json
    for _ in range(2):
        assert decide(client, operator, comment, "approval").status_code == 200
    entries = [e for e in rows(app, AuditEntry) if e.subject_kind == "comment"]
    assert [e.action for e in entries] == ["comment.add", "comment.approve"]
    assert "Vẫn còn" not in str([(e.detail, e.before, e.after) for e in entries])
    absent = {"id": uuid.uuid4()}
    assert decide(client, operator, absent, "approval").status_code == 404


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_one_citizen_may_not_flood(make_app: MakeApp, me: Headers, public: dict) -> None:
    client = make_app(comment_limit="2 per hour").test_client()
    assert [write(client, me, public).status_code for _ in range(3)] == [201, 201, 429]
