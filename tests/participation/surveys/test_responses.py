"""A survey is answered once by an account, by nobody's name, and not by a script in its hurry."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.audit.models import AuditEntry
from smartcity.core import clock
from smartcity.core.db import transaction
from smartcity.core.idempotency import IdempotencyKey
from smartcity.participation.models import SurveyResponse
from smartcity.participation.surveys.personal import erase_responses, held_responses
from tests.conftest import MakeApp
from tests.helpers import Headers, at_once, bearer, citizen, count, rows
from tests.participation.surveys.taking import (
    BY_BUS,
    CHOICE,
    WORDS,
    answer,
    path,
    running,
    started,
)

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_an_account_answers_once_however_often_it_asks(
    app: Flask, client: FlaskClient, me: Headers, stranger: Headers
) -> None:
    survey = running(app)
    start = started(client, survey, me)
    given = {**BY_BUS, "gop-y": "Thêm chuyến."}

    def ask() -> int:
        return answer(app.test_client(), survey, me, given, start=start).status_code

    with clock.frozen(clock.now() + timedelta(minutes=5)):
        assert at_once(*[ask] * 4) == [201] * 4
    assert count(app, SurveyResponse) == 1
    other = answer(client, survey, me, {"di-lai": "xe-may"}, start=start)
    assert (other.status_code, other.json["type"]) == (409, "urn:problem:survey.answered")
    assert answer(client, survey, stranger).status_code == 201
    assert client.get(path(survey, "form"), headers=me).json["answered"] is True
    assert sorted(row.counted for row in rows(app, SurveyResponse)) == [True, True]


@SQLITE
def test_nothing_kept_says_who_answered(app: Flask, client: FlaskClient, me: Headers) -> None:
    survey = running(app)
    before = count(app, AuditEntry)
    with_key = {**me, "Idempotency-Key": "1"}
    assert answer(client, survey, with_key).status_code == 201
    (row,) = rows(app, SurveyResponse)
    who = client.get("/api/v1/me", headers=me).json["id"]
    assert who not in str(vars(row))
    assert row.ward is None
    assert (row.at.astimezone(clock.LOCAL).hour, row.at.minute, row.at.second) == (0, 0, 0)
    assert (count(app, AuditEntry), count(app, IdempotencyKey)) == (before, 0)
    another = running(app)
    answer(client, another, me)
    (other,) = rows(app, SurveyResponse, SurveyResponse.survey_id == another.id)
    assert other.respondent != row.respondent  # nor can two surveys be laid side by side


@SQLITE
def test_who_is_too_fast_or_shows_nothing_is_set_aside(app: Flask, client: FlaskClient) -> None:
    survey = running(app, questions=[{**CHOICE, "text": "chữ " * 40}])
    fast, slow, bare, borrowed, forged = (bearer(citizen(app, f"+8491234500{n}")) for n in range(5))
    now = clock.now()
    for who, seconds in ((fast, 4), (slow, 5)):
        with clock.frozen(now):
            start = client.get(path(survey, "form"), headers=who).json["start"]
        with clock.frozen(now + timedelta(seconds=seconds)):
            assert answer(client, survey, who, start=start).status_code == 201
    lent = started(client, survey, slow)
    made_up = lent.replace(lent.partition(".")[0], "1000000000")
    for who, start in ((bare, None), (borrowed, lent), (forged, made_up)):
        assert answer(client, survey, who, start=start).status_code == 201
    found = {row.seconds: row.hurried for row in rows(app, SurveyResponse)}
    assert found == {4: True, 5: False, 0: True}
    assert sum(row.counted for row in rows(app, SurveyResponse)) == 1


@SQLITE
@pytest.mark.parametrize(
    ("fields", "body", "status", "told"),
    [
        ({}, {"answers": {}}, 422, "answers.di-lai"),
        ({}, {"answers": {"di-lai": "xe-tang"}}, 422, "answers.di-lai"),
        ({"opens": "2126-01-01T00:00:00Z", "closes": "2126-01-02T00:00:00Z"}, {}, 409, "not_open"),
        ({"opens": "2026-01-01T00:00:00Z", "closes": "2026-01-02T00:00:00Z"}, {}, 409, "closed"),
        ({"eligibility": {"least_age": 16}}, {}, 422, "birth_year"),
        ({"eligibility": {"least_age": 16}}, {"birth_year": 2020}, 403, "not_eligible.age"),
        ({"eligibility": {"verified": True}}, {}, 403, "not_eligible.verified"),
    ],
)
def test_a_refusal_says_what_to_do(
    app: Flask,
    client: FlaskClient,
    me: Headers,
    fields: dict[str, Any],
    body: dict[str, Any],
    status: int,
    told: str,
) -> None:
    refusal = answer(client, running(app, **fields), me, **{"start": None, **body})
    assert (refusal.status_code, told in refusal.text) == (status, True), refusal.json
    assert count(app, SurveyResponse) == 0


@SQLITE
def test_a_commune_is_kept_only_where_it_is_asked_for(
    app: Flask, client: FlaskClient, me: Headers
) -> None:
    ward = "11359"
    condition = {"wards": [ward]}
    for asked, kept in ((True, ward), (False, None)):
        survey = running(app, ask_ward=asked, eligibility=condition)
        assert answer(client, survey, me, ward=ward).status_code == 201
        (row,) = rows(app, SurveyResponse, SurveyResponse.survey_id == survey.id)
        assert row.ward == kept


@SQLITE
def test_an_address_and_an_account_have_their_limits(make_app: MakeApp) -> None:
    for limited, other in (("survey_limit", 201), ("survey_limit_address", 429)):
        app = make_app(**{limited: "1 per hour"})
        survey, client = running(app), app.test_client()
        first, second = (bearer(citizen(app, f"+8491234500{n}")) for n in (1, 2))
        assert answer(client, survey, first).status_code == 201
        assert answer(client, survey, first).status_code == 429
        assert answer(client, survey, second).status_code == other


@SQLITE
def test_his_answers_are_told_to_him_and_taken_from_him(
    app: Flask, client: FlaskClient, me: Headers
) -> None:
    survey = running(app)
    answer(client, survey, me, {**BY_BUS, "gop-y": "Tôi là Nam."})
    citizen_id = uuid.UUID(client.get("/api/v1/me", headers=me).json["id"])
    with app.app_context(), transaction() as session:
        (held,) = held_responses(session, citizen_id)
        assert held["answers"] == {**BY_BUS, "gop-y": "Tôi là Nam."}
        erase_responses(session, citizen_id)
    with app.app_context(), transaction() as session:
        assert list(held_responses(session, citizen_id)) == []
    (row,) = rows(app, SurveyResponse)
    assert (row.answers, row.counted) == (BY_BUS, True)


def test_what_was_answered_keeps_its_question(
    app: Flask, client: FlaskClient, me: Headers, lead: Headers
) -> None:
    survey = running(app)
    desk = f"/api/v1/officer/surveys/{survey.id}"

    def change(*questions: dict[str, Any]) -> tuple[int, str]:
        entry = client.get(desk, headers=lead)
        body = {**entry.json["record"], "questions": list(questions)}
        headers = {**lead, "If-Match": entry.headers["ETag"]}
        put = client.put(f"{desk}?reason=sửa", json=body, headers=headers)
        return put.status_code, str(put.json.get("errors", {}))

    reworded = {**CHOICE, "text": "Bạn đi làm bằng cách nào?"}
    assert change(reworded, WORDS)[0] == 200
    assert answer(client, survey, me).status_code == 201
    status, why = change(CHOICE, WORDS)
    assert (status, "questions" in why) == (422, True)
    assert change(reworded, {**WORDS, "closed": True})[0] == 200
    form = client.get(path(survey, "form"), headers=me).json
    assert [question["id"] for question in form["questions"]] == ["di-lai"]
