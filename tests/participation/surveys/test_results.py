"""What the public reads of a survey, what officers do, and that hurried answers wait for them."""

import csv
import io
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.core import clock
from smartcity.core.db import insert_all, transaction
from smartcity.participation.models import SurveyResponse
from smartcity.registers.service import Entry
from tests.helpers import Headers
from tests.participation.surveys.taking import answer, path, running

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def answered(app: Flask, survey: Entry, number: int, *, hurried: bool = False) -> None:
    """So many more answers, as if they had come."""
    kind = "h" if hurried else "a"
    rows = [
        {
            "survey_id": survey.id,
            "respondent": f"{kind}{n}",
            "answers": {"di-lai": "xe-may", "gop-y": "=Nhà tôi ở số 5"},
            "ward": None,
            "seconds": 60,
            "hurried": hurried,
            "counted": not hurried,
            "at": clock.now(),
        }
        for n in range(number)
    ]
    with app.app_context(), transaction() as session:
        insert_all(session, SurveyResponse, rows)


def test_results_are_public_after_it_closed(app: Flask, client: FlaskClient) -> None:
    survey = running(app)
    answered(app, survey, 5)
    early = client.get(path(survey, "results"))
    assert (early.status_code, early.json["type"]) == (409, "urn:problem:survey.results_later")
    with clock.frozen(clock.now() + timedelta(days=2)):
        found = client.get(path(survey, "results"))
    assert (found.status_code, found.json["answered"]) == (200, 5)
    assert found.json["questions"][0]["options"][0]["count"] == 5
    assert "Nhà tôi" not in found.text


def test_open_results_come_at_once_and_follow(app: Flask, client: FlaskClient, me: Headers) -> None:
    survey = running(app, open_results=True)
    answered(app, survey, 4)
    few = client.get(path(survey, "results")).json
    assert (few["answered"], few["questions"][0]["suppressed"]) == (4, True)
    answer(client, survey, me)
    (choice, _) = client.get(path(survey, "results")).json["questions"]
    assert [option["count"] for option in choice["options"]] == [4, 1]


def test_hurried_answers_count_when_an_officer_says_so(
    app: Flask, client: FlaskClient, lead: Headers, operator: Headers
) -> None:
    survey = running(app, open_results=True)
    desk = f"/api/v1/officer/surveys/{survey.id}"
    answered(app, survey, 5)
    answered(app, survey, 3, hurried=True)
    why = {"reason": "Nhập tại hội nghị."}
    for deed, number in (("count-hurried", 8), ("count-hurried", 8), ("set-hurried-aside", 5)):
        changed = client.post(f"{desk}/responses/{deed}", json=why, headers=lead)
        assert changed.status_code == 200, changed.json
        assert client.get(path(survey, "results")).json["answered"] == number
    told = client.get(f"{desk}/results", headers=operator).json
    assert (told["answered"], told["hurried"], told["waiting"]) == (5, 3, 3)
    nobody = client.post(f"{desk}/responses/count-hurried", json=why, headers=operator)
    assert nobody.status_code == 403


def test_officers_take_all_answers_away_without_persons(
    app: Flask, client: FlaskClient, operator: Headers, auditor: Headers
) -> None:
    survey = running(app)
    answered(app, survey, 2)
    file = client.get(f"/api/v1/officer/surveys/{survey.id}/responses.csv", headers=operator)
    head, *lines = csv.reader(io.StringIO(file.get_data(as_text=True).removeprefix("\ufeff")))
    assert head[-2:] == ["Bạn đi làm bằng gì?", "Bạn muốn đổi mới điều gì?"]
    assert [line[-2:] for line in lines] == [["Xe máy", "'=Nhà tôi ở số 5"]] * 2
    assert "a1" not in file.text
    trail = client.get("/api/v1/audit?action=survey_responses.export", headers=auditor)
    assert str(survey.id) in trail.text
