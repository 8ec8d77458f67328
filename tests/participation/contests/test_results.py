"""Rank, prizes, the lot between equals, and what may be taken back until when."""

import csv
import hashlib
import io
import random
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from smartcity.audit.models import AuditEntry
from smartcity.core import clock
from smartcity.core.db import transaction
from smartcity.participation.contests.models import Draw, Entrant, Winner
from smartcity.participation.contests.ranking import rank_of
from smartcity.push.models import InboxMessage
from smartcity.registers.jobs import note_past
from smartcity.registers.service import Entry
from tests.helpers import Headers, rows, work
from tests.participation.contests.entrants import (
    RIGHT,
    contest,
    crowd,
    entered,
    make_due,
    people,
    standing,
    took_part,
)

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PRIZES = [{"title": "Giải nhất", "count": 1}, {"title": "Giải nhì", "count": 2}]
# Points and seconds; the last two are equals of whom one wins.
RESULTS = [(7, 30.0), (3, 10.0), (7, 29.999), (3, 9.0), (3, 9.0)]
CHOSEN = {7: RIGHT, 3: {"q1": "Mười", "q2": "Hai"}}


@pytest.fixture
def over(app: Flask) -> tuple[Entry, list[Headers]]:
    """A contest that five have entered."""
    entry, who = contest(app, prizes=PRIZES), people(app, len(RESULTS))
    for each, (points, seconds) in zip(who, RESULTS, strict=True):
        took_part(app, each, entry, CHOSEN[points], seconds)
    return entry, who


def path(entry: Entry) -> str:
    return f"/api/v1/officer/contests/{entry.id}/results"


def after(entry: Entry) -> Any:
    assert entry.closes_at
    return clock.frozen(entry.closes_at + timedelta(seconds=1))


def settle(client: FlaskClient, lead: Headers, entry: Entry, version: int) -> Any:
    return client.put(path(entry), headers={**lead, "If-Match": f'"{version}"'})


def test_equals_share_a_rank(app: Flask, client: FlaskClient, over: Any) -> None:
    entry, who = over
    board = client.get(f"/api/v1/contests/{entry.id}/leaderboard").json["items"]
    assert [(row["rank"], row["points"], row["took_ms"]) for row in board] == [
        (1, 7, 29_999),
        (2, 7, 30_000),
        (3, 3, 9_000),
        (3, 3, 9_000),
        (5, 3, 10_000),
    ]
    assert {len(row["called"]) for row in board} == {len("Thí sinh ****0000")}
    assert [standing(client, each, entry)["rank"] for each in who] == [2, 5, 1, 3, 3]


def test_from_the_results_to_the_winners(
    app: Flask, client: FlaskClient, lead: Headers, over: Any
) -> None:
    entry, who = over
    told = client.get(path(entry), headers=lead)
    assert (told.headers["ETag"], told.json["settled_at"]) == ('"1"', None)
    assert settle(client, lead, entry, 1).json["type"] == "urn:problem:contest.still_open"
    with after(entry):
        settled = settle(client, lead, entry, 1)
        assert settled.status_code == 200, settled.json
        assert settled.json["winners"] == told.json["winners"]
        assert "seed" not in settled.json
        hidden = client.get(f"/api/v1/contests/{entry.id}/results")
        assert hidden.json["type"] == "urn:problem:contest.not_told"
        make_due(app)
        work(app, "contests", "inbox")
    public = client.get(f"/api/v1/contests/{entry.id}/results").json
    assert [(w["place"], w["rank"], w["prize"]) for w in public["winners"]] == [
        (1, 1, "Giải nhất"),
        (2, 2, "Giải nhì"),
        (3, 3, "Giải nhì"),
    ]
    seed = public["seed"]
    shown = client.get(f"/api/v1/contests/{entry.id}").json
    assert hashlib.sha256(seed.encode()).hexdigest() == public["commitment"]
    assert shown["commitment"] == public["commitment"]
    (equal,) = public["equals"]
    lots = {
        ident: hashlib.sha256(f"{seed}:{ident}".encode()).digest() for ident in equal["entrants"]
    }
    assert equal["entrants"] == sorted(lots, key=lots.__getitem__)
    assert len(lots) == 2
    assert public["winners"][2]["entrant"] == equal["entrants"][0]
    titles = [standing(client, each, entry)["prize"] for each in who]
    assert titles[:3] == ["Giải nhì", None, "Giải nhất"]
    assert set(titles[3:]) == {"Giải nhì", None}
    winners = {w.citizen_id for w in rows(app, Winner)}
    assert {m.citizen_id for m in rows(app, InboxMessage)} == winners


@on_sqlite
def test_a_settlement_may_be_undone_until_winners_are_told(
    app: Flask, client: FlaskClient, lead: Headers, over: Any
) -> None:
    entry, _ = over
    with after(entry):
        assert settle(client, lead, entry, 2).status_code == 412
        assert client.put(path(entry), headers=lead).status_code == 428
        assert settle(client, lead, entry, 1).status_code == 200
        assert settle(client, lead, entry, 2).json["type"] == "urn:problem:contest.settled"
        undo = {"headers": {**lead, "If-Match": '"2"'}, "query_string": {"reason": "Sót bài thi"}}
        undone = client.delete(path(entry), **undo)
        assert (undone.status_code, undone.json["settled_at"]) == (200, None)
        assert rows(app, Winner) == []
        make_due(app)
        work(app, "contests", "inbox")
        assert rows(app, InboxMessage) == []
        assert rows(app, Draw)[0].told_at is None
        assert settle(client, lead, entry, 3).status_code == 200
        make_due(app)
        work(app, "contests", "inbox")
        late = client.delete(path(entry), **{**undo, "headers": {**lead, "If-Match": '"4"'}})
        assert late.json["type"] == "urn:problem:contest.told"
    deeds = [(e.action, e.detail) for e in rows(app, AuditEntry) if "settle" in e.action]
    assert [deed for deed, _ in deeds] == ["contest.settle", "contest.unsettle", "contest.settle"]
    assert deeds[1][1] == {"reason": "Sót bài thi"}


@on_sqlite
def test_while_somebody_answers_nothing_is_settled(
    app: Flask, client: FlaskClient, lead: Headers, over: Any
) -> None:
    entry, _ = over
    (late,) = people(app, 6)[5:]
    entered(client, late, entry)
    with after(entry):
        assert settle(client, lead, entry, 1).json["type"] == "urn:problem:contest.still_grading"


@on_sqlite
def test_the_bank_is_open_once_all_is_over(app: Flask, client: FlaskClient, over: Any) -> None:
    entry, _ = over
    answers = f"/api/v1/contests/{entry.id}/answers"
    assert client.get(answers).json["type"] == "urn:problem:contest.answers_not_yet"
    assert "Mười" not in client.get(f"/api/v1/contests/{entry.id}").text
    with after(entry), app.app_context(), transaction() as session:
        note_past(session, session.get_one(Entry, entry.id))
    told = client.get(answers).json["items"]
    assert {question["id"]: question["right"] for question in told} == RIGHT


@on_sqlite
def test_files_of_ranking_and_winners(
    app: Flask, client: FlaskClient, lead: Headers, operator: Headers, over: Any
) -> None:
    entry, _ = over
    base = f"/api/v1/officer/contests/{entry.id}"
    with after(entry):
        settle(client, lead, entry, 1)
    ranking = lines(client.get(f"{base}/ranking.csv", headers=operator).text)
    assert [row[:1] + row[3:5] for row in ranking[1:]] == [
        ["1", "7", "29.999"],
        ["2", "7", "30.000"],
        ["3", "3", "9.000"],
        ["3", "3", "9.000"],
        ["5", "3", "10.000"],
    ]
    assert client.get(f"{base}/winners.csv", headers=operator).status_code == 403
    winners = lines(client.get(f"{base}/winners.csv", headers=lead).text)
    assert [row[5] for row in winners[1:3]] == ["'+84910001002", "'+84910001000"]
    assert "+8491" not in str(ranking)
    deeds = {entry.action for entry in rows(app, AuditEntry)}
    assert {"contest.export_ranking", "contest.export_winners"} <= deeds


def test_a_rank_is_exact_among_many(app: Flask) -> None:
    entry, lot = contest(app), random.Random(9)
    results = [(lot.randrange(30), lot.randrange(60_000)) for _ in range(1_000)]
    with app.app_context(), transaction() as session:
        crowd(session, entry, results)
        for row in session.scalars(select(Entrant).limit(50)):
            better = [r for r in results if (-r[0], r[1]) < (-row.points, row.took_ms)]
            assert rank_of(session, row) == len(better) + 1


def lines(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
