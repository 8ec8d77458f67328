"""Attempts against the server's clock."""

import json
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.core import clock
from smartcity.core.db import transaction
from smartcity.participation.contests.grading import close_overdue
from smartcity.participation.contests.models import Attempt, Entrant
from tests.helpers import Headers, at_once, rows
from tests.participation.contests.entrants import (
    QUESTIONS,
    RIGHT,
    contest,
    enter,
    entered,
    people,
    refused,
    save,
    standing,
    submit,
    took_part,
)

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def close(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        close_overdue(session)


def test_a_repeat_gives_the_paper_that_is_running(
    app: Flask, client: FlaskClient, me: Headers
) -> None:
    entry = contest(app, attempts=2)
    paper = entered(client, me, entry)
    again = enter(client, me, entry)
    assert again.status_code == 200
    assert {**again.json, "now": None} == {**paper, "now": None}
    assert paper["state"] == "running"
    assert paper["points"] is None
    assert paper["most"] == 7
    assert len(rows(app, Attempt)) == 1
    text = json.dumps(paper)
    assert "right" not in text
    assert "explains" not in text
    assert "law" not in text


def test_two_phones_at_once_get_one_paper(app: Flask, me: Headers) -> None:
    entry = contest(app, attempts=5)
    answers = at_once(*[lambda: enter(app.test_client(), me, entry) for _ in range(6)])
    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [201]
    assert len({answer.json["id"] for answer in answers}) == 1
    submit(app.test_client(), me, answers[0].json)
    answers = at_once(*[lambda: enter(app.test_client(), me, entry) for _ in range(6)])
    assert len({answer.json["id"] for answer in answers}) == 1
    assert [entrant.attempts for entrant in rows(app, Entrant)] == [2]


def test_answers_saved_at_once_are_all_there(app: Flask, me: Headers) -> None:
    entry = contest(app)
    paper = entered(app.test_client(), me, entry)
    saved = at_once(
        *[
            lambda q=q: save(app.test_client(), me, paper, {q: RIGHT[q]})
            for q in RIGHT
            for _ in "ab"
        ]
    )
    assert {answer.status_code for answer in saved} == {200}
    assert submit(app.test_client(), me, paper).json["points"] == 7


@on_sqlite
def test_the_last_answer_counts_and_the_first_attempt_that_is_better(
    app: Flask, client: FlaskClient, me: Headers
) -> None:
    entry = contest(app, attempts=4)
    paper = entered(client, me, entry)
    save(client, me, paper, {"q1": "Chín", "q2": "Hai"})
    kept = save(client, me, paper, {"q1": "Mười"}).json
    assert kept["answers"].keys() == {"q1", "q2"}
    assert kept["ends_at"] == paper["ends_at"]
    resumed = client.get(f"/api/v1/contest-attempts/{paper['id']}", headers=me).json
    assert resumed["answers"] == kept["answers"]
    assert resumed["questions"] == paper["questions"]
    ended = submit(client, me, paper).json
    assert (ended["points"], ended["state"]) == (3, "submitted")
    assert submit(client, me, paper).json["took_ms"] == ended["took_ms"]  # once is for all
    for chosen, seconds, best in (
        ({"q2": "Hai"}, 1, (3, ended["took_ms"])),
        ({"q3": "Ba"}, 20, (4, 20_000)),
        ({"q3": "Ba"}, 12.3456, (4, 12_345)),
    ):
        took_part(app, me, entry, chosen, seconds)
        mine = standing(client, me, entry)
        assert (mine["points"], mine["took_ms"]) == best
    assert mine["attempts_left"] == 0
    assert len(mine["attempts"]) == 4
    assert refused(enter(client, me, entry)) == (409, "contest.attempts_used")


@on_sqlite
def test_after_the_bell_nothing_counts(app: Flask, client: FlaskClient, me: Headers) -> None:
    entry = contest(app, attempts=3)
    begun = clock.now()
    with clock.frozen(begun):
        paper = entered(client, me, entry)
    with clock.frozen(begun + timedelta(minutes=5, microseconds=-1)):
        assert save(client, me, paper, {"q2": "Hai"}).status_code == 200
    with clock.frozen(begun + timedelta(minutes=5)):
        assert refused(save(client, me, paper, {"q3": "Ba"})) == (409, "contest.bell")
        ended = submit(client, me, paper).json
    assert (ended["state"], ended["points"], ended["took_ms"]) == ("timed_out", 2, 300_000)
    assert refused(save(client, me, paper, {"q3": "Ba"})) == (409, "contest.bell")
    assert standing(client, me, entry)["points"] == 2


def test_a_job_ends_what_nobody_submits(app: Flask, client: FlaskClient) -> None:
    entry = contest(app, attempts=2)
    first, second = people(app, 2)
    begun = clock.now()
    with clock.frozen(begun):
        paper = entered(client, first, entry)
        save(client, first, paper, {"q3": "Ba"})
    with clock.frozen(begun + timedelta(seconds=30)):
        entered(client, second, entry)
    with clock.frozen(begun + timedelta(minutes=5)):
        close(app)
        assert standing(client, first, entry)["took_ms"] == 300_000
        assert standing(client, first, entry)["points"] == 4
        assert standing(client, second, entry)["points"] is None
    # Nobody waits for the job: who begins anew ends his own; and all is over with the contest.
    with clock.frozen(begun + timedelta(minutes=6)):
        again = entered(client, second, entry)
        assert (again["number"], again["ends_at"]) == (2, entry.record["closes"])
        states = [attempt["state"] for attempt in standing(client, second, entry)["attempts"]]
        assert states == ["timed_out", "running"]


@on_sqlite
def test_the_clock_of_the_phone_moves_nothing(app: Flask, client: FlaskClient, me: Headers) -> None:
    entry = contest(app)
    begun = clock.now()
    late = {"Date": "Mon, 01 Jan 2035 00:00:00 GMT"}
    with clock.frozen(begun):
        paper = entered(client, {**me, **late}, entry)
        claims = {"answers": {}, "answered_at": "2020-01-01T00:00:00Z"}
        path = f"/api/v1/contest-attempts/{paper['id']}/answers"
        assert client.put(path, json=claims, headers=me).status_code == 422
        assert paper["now"] == begun.isoformat(timespec="milliseconds")
    with clock.frozen(begun + timedelta(minutes=6)):
        early = {"Date": "Mon, 01 Jan 2018 00:00:00 GMT"}
        assert refused(save(client, {**me, **early}, paper, RIGHT)) == (409, "contest.bell")
        later = contest(app, opens=begun + timedelta(minutes=7))
        assert refused(enter(client, {**me, **late}, later)) == (409, "participation.not_open_yet")
    with clock.frozen(begun + timedelta(minutes=9)):
        assert refused(enter(client, me, entry)) == (409, "participation.closed")


@on_sqlite
def test_who_may_enter_and_under_which_name(
    app: Flask, client: FlaskClient, me: Headers, stranger: Headers
) -> None:
    entry = contest(app, eligibility={"least_age": 14})
    assert enter(client, me, entry).json["errors"].keys() == {"birth_year"}
    child = enter(client, me, entry, birth_year=clock.now().year - 10)
    assert refused(child) == (403, "participation.not_eligible.age")
    for name in ("đồ ngu", "gọi 0912 345 678"):
        answer = enter(client, me, entry, birth_year=1990, called=name)
        assert answer.json["errors"].keys() == {"called"}
    assert rows(app, Entrant) == []
    paper = entered(client, me, entry, birth_year=1990, ward="11359", called="Minh")
    (entrant,) = rows(app, Entrant)
    assert (entrant.called, entrant.birth_year, entrant.ward) == ("Minh", 1990, None)
    path = f"/api/v1/contest-attempts/{paper['id']}"
    assert client.get(path, headers=stranger).status_code == 404
    assert submit(client, stranger, paper).status_code == 404
    assert save(client, stranger, paper, RIGHT).status_code == 404


@on_sqlite
def test_what_is_not_public_is_not_entered(app: Flask, client: FlaskClient, lead: Headers) -> None:
    entry = contest(app)
    (who,) = people(app, 1)
    paper = entered(client, who, entry)
    path = f"/api/v1/officer/contests/{entry.id}"
    body, tag = {"reason": "Nhầm"}, {"If-Match": f'"{entry.version}"'}
    gone = client.post(f"{path}/withdrawal", json=body, headers={**lead, **tag})
    assert gone.status_code == 200
    assert enter(client, who, entry).status_code == 404
    assert save(client, who, paper, RIGHT).status_code == 200  # who has begun may end
    assert submit(client, who, paper).json["points"] == 7


@on_sqlite
def test_a_script_runs_into_the_limit(make_app: Any) -> None:
    app = make_app(contest_limit="3 per minute")
    entry, (who,) = contest(app), people(app, 1)
    told = [enter(app.test_client(), who, entry).status_code for _ in range(5)]
    assert told == [201, 200, 200, 429, 429]


@on_sqlite
def test_once_entered_the_bank_stays(app: Flask, client: FlaskClient, lead: Headers) -> None:
    entry = contest(app)
    path = f"/api/v1/officer/contests/{entry.id}?reason=L%E1%BB%97i"
    record = {**entry.record}
    other = [{**QUESTIONS[0], "right": 1}, *QUESTIONS[1:]]

    def change(version: int, **fields: Any) -> Any:
        headers = {**lead, "If-Match": f'"{version}"'}
        return client.put(path, json={**record, **fields}, headers=headers)

    assert change(entry.version, questions=other).status_code == 200
    assert change(entry.version + 1, questions=QUESTIONS).status_code == 200
    (who,) = people(app, 1)
    entered(client, who, entry)
    for fields in ({"questions": other}, {"minutes": 6}, {"closes": "2099-01-01T00:00:00Z"}):
        assert refused(change(entry.version + 2, **fields)) == (409, "contest.entered")
    assert change(entry.version + 2, rules="Không nhắc nhau.").status_code == 200
    back = f"/api/v1/officer/contests/{entry.id}/versions/{entry.version + 1}/restoration"
    headers = {**lead, "If-Match": f'"{entry.version + 3}"'}
    assert refused(client.post(back, json={"reason": "Lỗi"}, headers=headers))[0] == 409


@on_sqlite
@pytest.mark.parametrize(
    ("field", "fields"),
    [
        ("draw", {"draw": 4}),
        ("questions", {"questions": [QUESTIONS[0], QUESTIONS[0]], "draw": 1}),
        ("questions", {"questions": [{**QUESTIONS[0], "right": 3}], "draw": 1}),
        ("questions", {"questions": [{**QUESTIONS[0], "options": ["A", "A"]}], "draw": 1}),
        ("questions", {"questions": [{**QUESTIONS[0], "options": ["A"]}], "draw": 1}),
        ("closes", {"closes": "2020-01-01T00:00:00Z"}),
    ],
)
def test_a_bank_that_does_not_fit(
    client: FlaskClient, lead: Headers, field: str, fields: dict[str, Any]
) -> None:
    good = {"title": "Thi", "opens": "2026-12-01T08:00:00+07:00", "minutes": 5, "draw": 2}
    good |= {"closes": "2026-12-01T20:00:00+07:00", "questions": QUESTIONS}
    answer = client.post("/api/v1/officer/contests", json={**good, **fields}, headers=lead)
    assert (answer.status_code, [*answer.json["errors"]]) == (422, [field])
