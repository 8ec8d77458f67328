"""A slip in the bank is corrected, and everybody is graded anew."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.audit.models import AuditEntry
from smartcity.core.db import transaction
from smartcity.participation.contests.models import Attempt
from smartcity.registers.service import Entry
from tests.helpers import Headers, rows, work
from tests.participation.contests.entrants import (
    RIGHT,
    contest,
    crowd,
    entered,
    people,
    save,
    standing,
    submit,
    took_part,
)

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def correct(client: FlaskClient, lead: Headers, entry: Entry, version: int, **asked: Any) -> Any:
    body = {"question": "q3", "right": 1, "reason": "Đáp án in nhầm", **asked}
    headers = {**lead, "If-Match": f'"{version}"'}
    return client.post(f"/api/v1/officer/contests/{entry.id}/regrade", json=body, headers=headers)


def test_everybody_is_graded_anew(app: Flask, client: FlaskClient, lead: Headers) -> None:
    entry, who = contest(app, attempts=3), people(app, 4)
    wrong = {**RIGHT, "q3": "Năm"}
    took_part(app, who[0], entry, RIGHT, 10)
    took_part(app, who[0], entry, {"q3": "Năm"}, 5)  # his better one afterwards
    took_part(app, who[1], entry, wrong, 20)
    took_part(app, who[2], entry, {"q1": "Mười"}, 3)
    running = entered(client, who[3], entry)
    save(client, who[3], running, {"q3": "Năm"})
    assert [standing(client, each, entry)["rank"] for each in who] == [1, 2, 3, None]
    with app.app_context(), transaction() as session:  # more than the job takes at once
        crowd(session, entry, [(None, None)] * 250)
    answer = correct(client, lead, entry, entry.version)
    assert answer.status_code == 202, answer.json
    assert (answer.json["entrants"], answer.json["done"], answer.json["before"]) == (254, 0, 2)
    work(app, "contests")
    told = client.get(f"/api/v1/officer/contests/{entry.id}/regrade", headers=lead).json
    assert told["done"] == 254
    assert told["ended_at"]
    results = [standing(client, each, entry) for each in who]
    assert [(one["points"], one["took_ms"], one["rank"]) for one in results] == [
        (4, 5_000, 2),
        (7, 20_000, 1),
        (1, 3_000, 3),
        (None, None, None),
    ]
    assert submit(client, who[3], running).json["points"] == 4
    (deed,) = [entry for entry in rows(app, AuditEntry) if entry.action == "contest.regrade"]
    assert deed.detail["reason"] == "Đáp án in nhầm"


@on_sqlite
def test_what_is_no_correction(app: Flask, client: FlaskClient, lead: Headers) -> None:
    entry = contest(app)
    version = entry.version
    for field, asked in (
        ("question", {"question": "q9"}),
        ("right", {"right": 3}),
        ("right", {"right": 2}),
        ("reason", {"reason": ""}),
    ):
        answer = correct(client, lead, entry, version, **asked)
        assert (answer.status_code, [*answer.json["errors"]]) == (422, [field])
    assert correct(client, lead, entry, version + 1).status_code == 412
    assert rows(app, Attempt) == []
