"""A contest from its questions to its winners, recomputed by who knows only what is public."""

import csv
import hashlib
import io
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from smartcity.core import clock
from smartcity.identity.permissions import Role
from smartcity.participation.contests.jobs import close
from smartcity.push.models import InboxMessage
from tests.helpers import Headers, bearer, officer, rows, work
from tests.participation.contests.entrants import (
    enter,
    entered,
    make_due,
    people,
    refused,
    save,
    standing,
    took_part,
)

TRUE = {f"cau-{n}": str(2 * n) for n in range(1, 7)}
SLIP = "cau-3"  # its bank says that something else is right
BANK = [
    {
        "id": f"cau-{n}",
        "text": f"{n} cộng {n} bằng mấy?",
        "options": [str(2 * n), str(2 * n + 1), str(2 * n - 1)],
        "right": 1 if f"cau-{n}" == SLIP else 0,
        "points": 1 + n % 2,
    }
    for n in range(1, 7)
]
HALF = {ident: TRUE[ident] for ident in ("cau-1", "cau-2", SLIP)}
PRIZES = [{"title": "Giải nhất", "count": 1}, {"title": "Giải nhì", "count": 2}]
BELL = timedelta(minutes=5)
DESK = "/api/v1/officer/contests"
# What each does in each attempt: which answers, and after how many milliseconds he hands in.
PLANS = [
    [(TRUE, 60_500)],
    [(HALF, 9_000), (TRUE, 60_500)],
    [(TRUE, 90_000)],
    [({**TRUE, "cau-6": "13"}, 1_000), (TRUE, 90_000)],
    [(HALF, 2_000), ({}, 1_000)],
]


def test_from_questions_to_winners(app: Flask, client: FlaskClient) -> None:
    editor, lead = (bearer(officer(app, role)) for role in (Role.CONTENT_EDITOR, Role.IOC_LEAD))
    contest = publish(client, editor)
    journal = compete(app, client, contest)
    with clock.frozen(datetime.fromisoformat(contest["closes"])):
        make_due(app)
        with app.app_context():
            close()
        correct(app, client, lead, contest)
        results = client.get(f"{DESK}/{contest['id']}/results", headers=lead)
        confirmed = {**lead, "If-Match": results.headers["ETag"]}
        settled = client.put(f"{DESK}/{contest['id']}/results", headers=confirmed)
        assert settled.status_code == 200, settled.json
        make_due(app)
        work(app, "contests", "registers", "inbox")
    agrees(client, contest, journal)
    ranking = client.get(f"{DESK}/{contest['id']}/ranking.csv", headers=lead).text
    lines = list(csv.reader(io.StringIO(ranking.removeprefix("\ufeff"))))
    assert [line[0] for line in lines[1:]] == ["1", "1", "3", "3", "5", "6"]
    assert len(rows(app, InboxMessage)) == 3


def publish(client: FlaskClient, editor: Headers) -> dict[str, Any]:
    """Entered and published at the desk; as the public reads it."""
    opens = clock.now() - timedelta(seconds=1)
    times = {"opens": opens.isoformat(), "closes": (opens + timedelta(minutes=9)).isoformat()}
    record = {"title": "Vui học toán", "questions": BANK, "draw": 6, "prizes": PRIZES, **times}
    record |= {"minutes": 5, "attempts": 2}
    draft = client.post(DESK, json=record, headers=editor)
    assert draft.status_code == 201, draft.json
    path, tag = f"{DESK}/{draft.json['id']}/publication", {"If-Match": '"1"'}
    body = {"reason": "Theo kế hoạch."}
    assert client.post(path, json=body, headers={**editor, **tag}).status_code == 200
    shown: dict[str, Any] = client.get(f"/api/v1/contests/{draft.json['id']}").json
    assert "questions" not in shown
    return shown


def compete(app: Flask, client: FlaskClient, contest: dict[str, Any]) -> dict[str, Any]:
    """Everybody takes part; who answered what in which time, by entrant."""
    entry: Any = SimpleNamespace(id=contest["id"])
    *planned, dreamer = people(app, len(PLANS) + 1)
    journal = {}
    for who, plan in zip(planned, PLANS, strict=True):
        for chosen, milliseconds in plan:
            took_part(app, who, entry, chosen, milliseconds / 1000)
        journal[standing(client, who, entry)["entrant"]] = plan
    used = refused(enter(client, planned[1], entry))
    assert used == (409, "contest.attempts_used")
    dream(client, dreamer, entry)
    journal[standing(client, dreamer, entry)["entrant"]] = [({"cau-2": "4"}, 300_000)]
    return journal


def dream(client: FlaskClient, who: Headers, entry: Any) -> None:
    """He saves one answer in time, and all after the bell by a phone whose clock is slow."""
    begun = clock.now()
    with clock.frozen(begun):
        paper = entered(client, who, entry)
        assert save(client, who, paper, {"cau-2": "4"}).status_code == 200
    with clock.frozen(begun + BELL):
        slow = {**who, "Date": begun.strftime("%a, %d %b %Y %H:%M:%S GMT")}
        assert refused(save(client, slow, paper, TRUE)) == (409, "contest.bell")


def correct(app: Flask, client: FlaskClient, lead: Headers, contest: dict[str, Any]) -> None:
    """The slip is found, and everybody graded anew."""
    body = {"question": SLIP, "right": 0, "reason": "Nhập nhầm đáp án"}
    tag = {"If-Match": f'"{contest["version"]}"'}
    path = f"{DESK}/{contest['id']}/regrade"
    answer = client.post(path, json=body, headers={**lead, **tag})
    assert answer.status_code == 202, answer.json
    work(app, "contests")
    assert client.get(path, headers=lead).json["done"] == len(PLANS) + 1


def agrees(client: FlaskClient, contest: dict[str, Any], journal: dict[str, Any]) -> None:
    """What anybody computes by what is public agrees with what was announced."""
    base = f"/api/v1/contests/{contest['id']}"
    told = client.get(f"{base}/results").json
    bank = client.get(f"{base}/answers").json["items"]
    assert hashlib.sha256(told["seed"].encode()).hexdigest() == contest["commitment"]
    results = {entrant: best(bank, plan) for entrant, plan in journal.items()}

    def place(entrant: str) -> tuple[Any, ...]:
        lot = hashlib.sha256(f"{told['seed']}:{entrant}".encode()).hexdigest()
        return (*results[entrant], lot)

    prizes = [prize["title"] for prize in contest["prizes"] for _ in range(prize["count"])]
    expected = zip(sorted(results, key=place), prizes, strict=False)
    announced = [(winner["entrant"], winner["prize"]) for winner in told["winners"]]
    assert announced == list(expected)
    board = client.get(f"{base}/leaderboard").json["items"]
    shown = {row["entrant"]: (-row["points"], row["took_ms"]) for row in board}
    assert shown == results


def best(bank: list[dict[str, Any]], plan: list[tuple[dict[str, str], int]]) -> tuple[int, int]:
    """The best of attempts: points below zero, then milliseconds; the smallest is the best."""
    right = {question["id"]: (question["right"], question["points"]) for question in bank}
    return min(
        (-sum(right[i][1] for i, words in chosen.items() if right[i][0] == words), milliseconds)
        for chosen, milliseconds in plan
    )
