"""A small survey that runs, and how somebody takes it."""

from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from smartcity.core import clock
from smartcity.participation.surveys.survey import SURVEY
from smartcity.registers.service import Entry
from tests.helpers import Headers
from tests.registers.records_made import published

CHOICE = {
    "id": "di-lai",
    "kind": "single",
    "text": "Bạn đi làm bằng gì?",
    "required": True,
    "options": [{"id": "xe-may", "text": "Xe máy"}, {"id": "xe-buyt", "text": "Xe buýt"}],
}
WORDS = {"id": "gop-y", "kind": "text", "text": "Bạn muốn đổi mới điều gì?"}
BY_BUS = {"di-lai": "xe-buyt"}


def running(app: Flask, **fields: Any) -> Entry:
    """A survey of two questions, open from an hour ago until a day from now."""
    now = clock.now()
    window = {"opens": _at(now - timedelta(hours=1)), "closes": _at(now + timedelta(days=1))}
    return published(app, SURVEY, **{**window, "questions": [CHOICE, WORDS], **fields})


def path(survey: Entry, noun: str = "response") -> str:
    return f"/api/v1/surveys/{survey.id}/{noun}"


def started(client: FlaskClient, survey: Entry, who: Headers) -> str:
    """The proof that the questions are shown now."""
    shown = client.get(path(survey, "form"), headers=who)
    assert shown.status_code == 200, shown.json
    return str(shown.json["start"])


def answer(
    client: FlaskClient, survey: Entry, who: Headers, answers: Any = None, **other: Any
) -> TestResponse:
    """Answer, having read for five minutes unless `start` says otherwise."""
    body = {"answers": BY_BUS if answers is None else answers, **other}
    if "start" in body:
        return client.post(path(survey), json=body, headers=who)
    body["start"] = started(client, survey, who)
    with clock.frozen(clock.now() + timedelta(minutes=5)):
        return client.post(path(survey), json=body, headers=who)


def _at(instant: datetime) -> str:
    return instant.isoformat()
