"""Small contests, and what those do who enter them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from smartcity.core import clock
from smartcity.core.db import insert_all, transaction
from smartcity.core.ids import new_id
from smartcity.identity.models import Citizen
from smartcity.jobs.models import JobRow
from smartcity.participation.contests.contest import CONTEST
from smartcity.participation.contests.models import Entrant
from smartcity.registers.service import Entry
from tests.helpers import Headers, bearer, citizen
from tests.registers.records_made import published

RIGHT = {"q1": "Mười", "q2": "Hai", "q3": "Ba"}  # by the bank below
QUESTIONS = [
    {"id": "q1", "text": "Năm cộng năm?", "options": ["Mười", "Chín", "Tám"], "right": 0},
    {"id": "q2", "text": "Một cộng một?", "options": ["Ba", "Hai"], "right": 1, "points": 2},
    {"id": "q3", "text": "Hai cộng một?", "options": ["Bốn", "Năm", "Ba"], "right": 2, "points": 4},
]


def contest(app: Flask, *, opens: datetime | None = None, **fields: Any) -> Entry:
    """A published contest of ten minutes, from a minute ago on, all its questions a paper."""
    opens = opens or clock.now() - timedelta(minutes=1)
    times = {"opens": opens.isoformat(), "closes": (opens + timedelta(minutes=10)).isoformat()}
    given = {"questions": QUESTIONS, "draw": 3, "minutes": 5, **times, **fields}
    return published(app, CONTEST, **given)


def people(app: Flask, number: int) -> list[Headers]:
    """So many citizens, signed in."""
    return [bearer(citizen(app, f"+8491000{1000 + each}")) for each in range(number)]


def enter(client: FlaskClient, who: Headers, entry: Entry, **said: Any) -> TestResponse:
    return client.post(f"/api/v1/contests/{entry.id}/attempts", json=said, headers=who)


def entered(client: FlaskClient, who: Headers, entry: Entry, **said: Any) -> dict[str, Any]:
    """A new paper."""
    answer = enter(client, who, entry, **said)
    assert answer.status_code == 201, answer.json
    return answer.json


def letters(paper: dict[str, Any], chosen: dict[str, str]) -> dict[str, str]:
    """Options by their words, as the letters that this paper gives them."""
    options = {q["id"]: {o["text"]: o["id"] for o in q["options"]} for q in paper["questions"]}
    return {ident: options[ident][words] for ident, words in chosen.items()}


def save(
    client: FlaskClient, who: Headers, paper: dict[str, Any], chosen: dict[str, str]
) -> TestResponse:
    path = f"/api/v1/contest-attempts/{paper['id']}/answers"
    return client.put(path, json={"answers": letters(paper, chosen)}, headers=who)


def submit(client: FlaskClient, who: Headers, paper: dict[str, Any]) -> TestResponse:
    return client.post(f"/api/v1/contest-attempts/{paper['id']}/submission", headers=who)


def took_part(
    app: Flask, who: Headers, entry: Entry, chosen: dict[str, str], seconds: float, **said: Any
) -> dict[str, Any]:
    """A whole attempt that took so many seconds: as it ended."""
    client, begun = app.test_client(), clock.now()
    with clock.frozen(begun):
        paper = entered(client, who, entry, **said)
        assert save(client, who, paper, chosen).status_code == 200
    with clock.frozen(begun + timedelta(seconds=seconds)):
        ended = submit(client, who, paper)
    assert ended.status_code == 200, ended.json
    return ended.json


def refused(answer: TestResponse) -> tuple[int, str]:
    """Why something was refused."""
    assert answer.json
    return answer.status_code, answer.json["type"].removeprefix("urn:problem:")


def standing(client: FlaskClient, who: Headers, entry: Entry) -> dict[str, Any]:
    answer = client.get(f"/api/v1/me/contests/{entry.id}", headers=who)
    assert answer.status_code == 200, answer.json
    return answer.json


def crowd(session: Session, entry: Entry, results: Sequence[tuple[int | None, int | None]]) -> None:
    """Entrants by the hundred with such results, put in by the back door."""
    known = {"phone_sealed": "", "assurance": "otp", "created_at": clock.now()}
    citizens = [{"id": new_id(), "phone_index": str(n), **known} for n in range(len(results))]
    said = {"contest_id": entry.id, "attempts": 1, "entered_at": clock.now()}
    entrants = [
        {"citizen_id": one["id"], "id": new_id(), "points": points, "took_ms": took, **said}
        for one, (points, took) in zip(citizens, results, strict=True)
    ]
    insert_all(session, Citizen, citizens)
    insert_all(session, Entrant, entrants)


def make_due(app: Flask) -> None:
    """Let the jobs that wait for their time be done at the next `work`."""
    with app.app_context(), transaction() as session:
        session.execute(update(JobRow).values(run_at=JobRow.enqueued_at))
