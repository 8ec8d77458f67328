"""Tôi cũng gặp, and following: counted exactly, told, and forgotten with the citizen."""

import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.core.db import transaction
from smartcity.identity.models import Citizen
from smartcity.reports import service
from smartcity.reports.duplicates.models import ReportFollower, ReportSupport
from tests.helpers import Headers, at_once, bearer, citizen, file_report, moved, rows, work
from tests.reports.duplicates.conftest import change, found


@pytest.fixture
def report(client: FlaskClient, me: Headers) -> dict:
    return file_report(client, me)


def support(client: FlaskClient, who: Headers, report: dict, method: str = "put"):
    return getattr(client, method)(f"/api/v1/reports/{report['id']}/support", headers=who)


def follow(client: FlaskClient, who: Headers, report: dict, method: str = "put"):
    return getattr(client, method)(f"/api/v1/reports/{report['id']}/following", headers=who)


def counts(app: Flask, report: dict) -> tuple[int, int]:
    row = found(app, report)
    held = (len(rows(app, ReportSupport)), len(rows(app, ReportFollower)))
    assert (row.supporters, row.followers) == held
    return held


def test_it_counts_once_and_is_taken_back_once(
    app: Flask, client: FlaskClient, stranger: Headers, report: dict
) -> None:
    for _ in range(2):
        answer = support(client, stranger, report)
        assert (answer.status_code, answer.json["supporters"]) == (200, 1)
    assert answer.json["description"] is None  # no more of it than `similar` tells
    assert counts(app, report) == (1, 1)
    for _ in range(2):
        assert support(client, stranger, report, "delete").status_code == 204
        assert counts(app, report) == (0, 1)
    for _ in range(2):
        assert follow(client, stranger, report, "delete").status_code == 204
        assert counts(app, report) == (0, 0)
    assert found(app, report).sequence == report["version"]


def test_twenty_at_once_are_twenty(app: Flask, report: dict) -> None:
    people = [bearer(citizen(app, f"+849040010{n:02d}")) for n in range(20)]

    def act(number: int) -> int:
        status: int = support(app.test_client(), people[number], report).status_code
        return status

    assert at_once(*(lambda n=n: act(n) for n in range(20))) == [200] * 20
    assert counts(app, report) == (20, 20)


def test_ones_own_and_what_is_over_and_what_is_not_there(
    app: Flask, client: FlaskClient, me: Headers, stranger: Headers, report: dict
) -> None:
    nowhere = {"id": uuid.uuid4()}
    for join in (support, follow):
        assert join(client, me, report).json["type"] == "urn:problem:duplicate.own_report"
        absent = join(client, stranger, nowhere)
        assert absent.status_code == 404
        assert join(client, stranger, nowhere, "delete").status_code == 204
        for status in ("rejected", "resolved"):
            change(app, report, status=status, visibility="hidden")
            assert join(client, stranger, report).json["type"] == absent.json["type"]
            change(app, report, visibility="public")
            over = join(client, stranger, report)
            assert (over.status_code, over.json["type"]) == (409, "urn:problem:duplicate.ended")
        change(app, report, status="submitted", visibility="hidden")
    assert counts(app, report) == (0, 0)


def test_followers_hear_of_steps_but_not_of_what_is_between_two(
    app: Flask, client: FlaskClient, stranger: Headers, operator: Headers, report: dict
) -> None:
    follow(client, stranger, report)
    question = {"public_text": "Số nhà của ông là bao nhiêu?"}
    asked = moved(client, operator, report, "question", **question)
    work(app, "reports", "followers", "inbox")
    (item,) = client.get("/api/v1/me/inbox", headers=stranger).json["items"]
    assert item["title"] == f"Phản ánh {report['code']} đang chờ bổ sung thông tin"
    assert "Số nhà" not in str(item)
    refusal = {"reason": "spam", "public_text": "Lý do của người gửi."}
    moved(client, operator, asked, "rejection", **refusal)
    work(app, "followers", "inbox")
    item = client.get("/api/v1/me/inbox", headers=stranger).json["items"][0]
    assert "không được tiếp nhận" in item["title"]
    assert "Lý do" not in str(item)  # the report is not public


def test_what_one_follows_is_listed_page_by_page(
    app: Flask, client: FlaskClient, me: Headers, stranger: Headers
) -> None:
    reports = [file_report(client, me) for _ in range(3)]
    for report in reports:
        follow(client, stranger, report)
    path, seen = "/api/v1/me/following?limit=2", []
    first = client.get(path, headers=stranger).json
    second = client.get(f"{path}&cursor={first['next_cursor']}", headers=stranger).json
    seen = [item["code"] for item in (*first["items"], *second["items"])]
    assert seen == [report["code"] for report in reversed(reports)]
    assert second["next_cursor"] is None
    assert first["items"][0]["by_way_of"] is None
    assert client.get(path, headers=me).json["items"] == []


def test_a_citizen_who_goes_is_counted_no_more(
    app: Flask, client: FlaskClient, stranger: Headers, report: dict
) -> None:
    support(client, stranger, report)
    gone = rows(app, ReportSupport)[0].citizen_id
    with app.app_context(), transaction() as session:
        told = [list(h(session, gone)) for h in (service.held_supports, service.held_following)]
        assert [line["report"] for lines in told for line in lines] == [report["code"]] * 2
        service.erase_supports(session, gone)
        service.erase_following(session, gone)
    assert counts(app, report) == (0, 0)
    assert len(rows(app, Citizen)) == 2
