"""Ratings: once for each result, in time; who is dissatisfied reopens once."""

from collections import Counter

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.core.db import transaction
from smartcity.reports import service
from smartcity.reports.handling import jobs
from smartcity.reports.handling.models import Rating
from smartcity.reports.models import ReportEvent
from tests.helpers import UNIT, Headers, at_once, moved, rows
from tests.reports.handling.ways import later, lead_now, moves, put, resolved, seen, to_result

GOOD = {"verdict": "satisfied", "comment": "Làm nhanh, cảm ơn."}
BAD = {"verdict": "dissatisfied", "comment": "Dây lại võng xuống.", "reopen": True}


@pytest.fixture
def done(
    client: FlaskClient, me: Headers, operator: Headers, unit: Headers, leader: Headers
) -> dict:
    return resolved(client, me, operator, unit, leader)


def test_a_rating_closes_the_report_and_may_be_repeated(
    client: FlaskClient, me: Headers, stranger: Headers, unit: Headers, done: dict
) -> None:
    assert put(client, stranger, done, "rating", **GOOD).status_code == 404
    first = put(client, me, done, "rating", **GOOD)
    assert (first.status_code, first.json["status"]) == (200, "closed")
    assert first.json["verdict"] == "satisfied"
    assert first.json["result"]["public_text"] == "Đã nối lại dây."
    repeat = put(client, me, done, "rating", **GOOD)
    assert (repeat.status_code, repeat.json["version"]) == (200, first.json["version"])
    other = put(client, me, done, "rating", verdict="accepted")
    assert (other.status_code, other.json["type"]) == (409, "urn:problem:report.rated_already")
    last = moves(client, me, done)[-1]
    assert (last["move"], last["details"]) == ("close", {"verdict": "satisfied"})
    assert last["public_text"] is None  # his words are for those who did the work
    assert [r["comment"] for r in seen(client, unit, done)["ratings"]] == [GOOD["comment"]]


def test_a_citizen_reopens_once_and_the_unit_sees_why(
    client: FlaskClient,
    me: Headers,
    operator: Headers,
    unit: Headers,
    leader: Headers,
    done: dict,
) -> None:
    opened = put(client, me, done, "rating", **BAD)
    assert (opened.status_code, opened.json["status"]) == (200, "reopened")
    assert opened.json["result"] is None
    assert put(client, me, done, "rating", **BAD).json["version"] == opened.json["version"]
    report = moved(client, operator, opened.json, "assignment", agency=UNIT)
    theirs = seen(client, unit, report)
    assert [(r["comment"], r["reopened"]) for r in theirs["ratings"]] == [(BAD["comment"], True)]
    assert theirs["reopenings"] == 1
    report = moved(client, unit, report, "progress")
    report = to_result(client, operator, unit, leader, report)
    again = put(client, me, report, "rating", **BAD)
    assert (again.status_code, again.json["type"]) == (409, "urn:problem:report.reopened_already")
    closed = put(client, me, report, "rating", verdict="dissatisfied")
    assert (closed.json["status"], closed.json["verdict"]) == ("closed", "dissatisfied")
    assert len(seen(client, operator, report)["ratings"]) == 2


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_reopening_says_why(client: FlaskClient, me: Headers, done: dict) -> None:
    for body, field in [
        ({}, "verdict"),
        ({"verdict": "delighted"}, "verdict"),
        ({"verdict": "satisfied", "reopen": True, "comment": "x"}, "reopen"),
        ({"verdict": "dissatisfied", "reopen": True}, "comment"),
        ({"verdict": "satisfied", "comment": "x" * 1001}, "comment"),
    ]:
        answer = put(client, me, done, "rating", **body)
        assert (answer.status_code, list(answer.json["errors"])) == (422, [field]), body


def test_of_two_ratings_at_once_one_counts(app: Flask, me: Headers, done: dict) -> None:
    bodies = [{"verdict": "satisfied"}, {"verdict": "dissatisfied"}] * 2
    answers = at_once(
        *(lambda body=body: put(app.test_client(), me, done, "rating", **body) for body in bodies)
    )
    statuses = Counter(answer.status_code for answer in answers)
    assert statuses == {200: 2, 409: 2}  # the winner, and his repeat
    assert len(rows(app, Rating)) == 1
    assert len(rows(app, ReportEvent, ReportEvent.move == "close")) == 1


def test_what_nobody_rates_is_closed_after_a_week_once(
    app: Flask, client: FlaskClient, done: dict
) -> None:
    with later(app, days=6, hours=23), app.app_context():
        jobs.close_resolved()
    with later(app, days=7, minutes=1) as me:
        late = put(client, me, done, "rating", **GOOD)
        assert (late.status_code, late.json["type"]) == (409, "urn:problem:report.rating_late")
        at_once(*[lambda: _close(app)] * 3)
        assert seen(client, lead_now(app), done)["status"] == "closed"
        after = put(client, me, done, "rating", **GOOD)
        assert (after.status_code, after.json["type"]) == (
            409,
            "urn:problem:report.move_not_allowed",
        )
    (closing,) = rows(app, ReportEvent, ReportEvent.move == "close")
    assert (closing.actor, closing.details) == ("system:system", None)


def test_the_words_go_with_the_reporter_and_the_verdict_stays(
    app: Flask, client: FlaskClient, me: Headers, done: dict
) -> None:
    assert put(client, me, done, "rating", **GOOD).status_code == 200
    with app.app_context(), transaction() as session:
        report = session.get_one(service.Report, rows(app, Rating)[0].report_id)
        held = list(service.held_reports(session, report.reporter_id))
        assert [r["comment"] for r in held[0]["ratings"]] == [GOOD["comment"]]
        service.erase_reporter(session, report.reporter_id)
    (rating,) = rows(app, Rating)
    assert (rating.verdict, rating.comment) == ("satisfied", None)


def _close(app: Flask) -> None:
    with app.app_context():
        jobs.close_resolved()
