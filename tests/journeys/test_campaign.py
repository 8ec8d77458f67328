"""A campaign from the draft to the last receipt, over the API, with a worker and our FCM."""

from __future__ import annotations

import csv
import io
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.core.db import transaction
from smartcity.jobs.worker import Worker
from smartcity.sandbox.fcm import Fcm
from tests.conftest import MakeApp
from tests.helpers import Headers, file_report, moved, until
from tests.push.phones import add_phones, phone

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
CAMPAIGNS = "/api/v1/officer/campaigns"
WARD, OTHER = "10507", "10510"
MINE, NOBODYS = str(uuid.uuid4()), str(uuid.uuid4())
KEY = {"Device-Key": "kR2mP0v7ZqX4cT9wLf1sYbN6hJ3eUa8D"}
MANY, DEAD, CANARY = 40, 2, 25
TO_ALL = MANY + 2  # whom the first message reaches
TRANSACTIONAL = 5.0  # seconds from the commit of a step to the phone
DRAFT = {
    "name": "Ngập lụt Tân Hưng",
    "category": "warnings",
    "content": {
        "vi": {"title": "Cảnh báo ngập", "body": "Nước sông lên nhanh, tránh đường Lê Thanh Nghị."},
        "en": {"title": "Flood warning", "body": "The river is rising fast."},
    },
    "link": "/warnings/ngap-lut",
    "audience": {"areas": [WARD]},
    "canary": CANARY,
    "ramp": 0,
}


class Desk:
    """An officer at the API."""

    def __init__(self, client: FlaskClient, headers: Headers) -> None:
        self._client, self._headers = client, headers

    def ask(self, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        """The answer, which has this status; a step goes on the version that stands."""
        headers = {**self._headers, **(self._seen(path) if method == "PUT" else {})}
        answer = self._client.open(CAMPAIGNS + path, method=method, json=body, headers=headers)
        assert answer.status_code == status, answer.json
        return answer.json if answer.is_json else answer.text

    def _seen(self, path: str) -> Headers:
        one = path.split("/")[1]
        seen = self._client.get(f"{CAMPAIGNS}/{one}", headers=self._headers)
        return {"If-Match": seen.headers["ETag"]}


@pytest.fixture
def fcm(tmp_path: Path) -> Iterator[Fcm]:
    with Fcm(tmp_path / "fcm") as server:
        yield server


@pytest.fixture
def app(make_app: MakeApp, fcm: Fcm) -> Iterator[Flask]:
    """The application, and one worker of it."""
    ways = {"fcm_credentials": fcm.credentials_file, "fcm_url": fcm.url, "fcm_ca": fcm.ca_file}
    app = make_app(job_poll=0.05, **ways)
    worker = Worker(app, threads=4)
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        yield app
    finally:
        worker.stop()
        thread.join(40)


def test_from_the_draft_to_the_last_receipt(
    app: Flask, client: FlaskClient, fcm: Fcm, me: Headers, operator: Headers, lead: Headers
) -> None:
    _phones(app, client, me)
    author, approver = Desk(client, operator), Desk(client, lead)
    one = f"/{author.ask('POST', '', DRAFT, 201)['id']}"
    assert author.ask("POST", f"{one}/lint")["findings"] == []
    assert author.ask("POST", f"{one}/dry-run")["audience"]["total"] == TO_ALL + DEAD
    tried = author.ask("POST", f"{one}/test-send", {"devices": [MINE]})
    assert [item["answer"] for item in tried["items"]] == ["accepted"]
    assert _titles(fcm, "mine") == ["[Thử] Cảnh báo ngập"]
    _approve(author, approver, one)
    truth = _finished(approver, one)
    _assert_true(truth, _arrivals(fcm), approver.ask("GET", f"{one}/truth.csv"))
    steps = [step["action"] for step in approver.ask("GET", f"{one}/steps")["items"]]
    assert steps == ["create", "submit", "approve", "launch", "begin_canary", "run", "finish"]
    _phones_tell(client, fcm, me)
    told = approver.ask("GET", f"{one}/truth")["counts"]
    assert (told["received"], told["opened"]) == (2, 1)
    assert _inboxes(client, me) == [["Cảnh báo ngập"], ["Cảnh báo ngập"]]
    _recall(author, approver, one)
    assert _titles(fcm, "mine")[-1] == _titles(fcm, "nobodys")[0] == "Đính chính"
    assert _inboxes(client, me) == [["Đính chính"], ["Đính chính"]]


def test_a_step_of_a_report_is_on_the_phone_within_five_seconds(
    app: Flask, client: FlaskClient, fcm: Fcm, me: Headers, operator: Headers
) -> None:
    _register(client, f"me/devices/{MINE}", me, "mine", "android")
    awake = {"quiet_hours": {"from": "00:00", "to": "00:00"}}
    path = f"/api/v1/me/devices/{MINE}/preferences"
    assert client.put(path, json=awake, headers=me).status_code == 200
    report = file_report(client, me)
    until(lambda: len(_titles(fcm, "mine")) == 1)
    moved(client, operator, report, "acceptance")
    committed, before = time.monotonic(), _titles(fcm, "mine")
    until(lambda: _titles(fcm, "mine") != before)
    assert time.monotonic() - committed < TRANSACTIONAL


def _phones(app: Flask, client: FlaskClient, me: Headers) -> None:
    """A citizen's phone, one in which nobody signed in, those of the ward and of its neighbour."""
    _register(client, f"me/devices/{MINE}", me, "mine", "android")
    _register(client, f"devices/{NOBODYS}", KEY, "nobodys", "ios")
    dead = [f"unregistered-{n}" for n in range(DEAD)]
    alive = [f"alive-{n}" for n in range(MANY)]
    numbered = enumerate([*dead, *alive], 100)
    here = [phone(number, value=value, ward=WARD) for number, value in numbered]
    elsewhere = [phone(number, value=f"elsewhere-{number}", ward=OTHER) for number in (200, 201)]
    with app.app_context(), transaction() as session:
        add_phones(session, [*here, *elsewhere])


def _register(client: FlaskClient, path: str, headers: Headers, value: str, platform: str) -> None:
    told = {"kind": "token", "value": value, "platform": platform, "app_version": "3.2.1"}
    answer = client.put(f"/api/v1/{path}", json={**told, "ward": WARD}, headers=headers)
    assert answer.status_code == 200, answer.json


def _approve(author: Desk, approver: Desk, one: str) -> None:
    """Its author may not approve it, nor may another what he did not see."""
    seen = author.ask("PUT", f"{one}/submission")
    author.ask("PUT", f"{one}/approval", {"hash": seen["hash"]}, 403)
    approver.ask("PUT", f"{one}/approval", {"hash": "0" * 64}, 409)
    approver.ask("PUT", f"{one}/approval", {"hash": seen["hash"]})


def _finished(desk: Desk, one: str) -> dict[str, Any]:
    """What became of it, when all is done."""
    until(lambda: desk.ask("GET", one)["state"] == "finished")
    told: dict[str, Any] = desk.ask("GET", f"{one}/truth")
    return told


def _assert_true(truth: dict[str, Any], arrived: dict[str, list[int]], file: str) -> None:
    """The page, the file and the sandbox's journal say the same."""
    reached = {address: times for address, times in arrived.items() if sum(times)}
    assert reached.keys() == {"mine", "nobodys", *(f"alive-{n}" for n in range(MANY))}
    assert set(map(tuple, reached.values())) == {(1,)}
    counts = {name: number for name, number in truth["counts"].items() if number}
    assert counts == {"accepted": TO_ALL, "pruned": DEAD}
    assert (truth["recipients"], truth["sum_holds"]) == (TO_ALL + DEAD, True)
    rows = csv.reader(io.StringIO(file.removeprefix("\ufeff")))
    next(rows)
    in_file: Counter[tuple[str, str]] = Counter()
    for _minute, area, _name, _platform, outcome, number in rows:
        in_file[area, outcome] += int(number)
    of_the_dead = {in_file.pop((area, "pruned"), 0) for area in (WARD, "")}
    assert sum(of_the_dead) == DEAD
    assert in_file == {(WARD, "accepted"): TO_ALL}


def _phones_tell(client: FlaskClient, fcm: Fcm, me: Headers) -> None:
    """One phone received it, the other opened it; a receipt of another's message counts nothing."""
    [mine], [nobodys] = (_mids(fcm, address) for address in ("mine", "nobodys"))
    at = datetime.now(UTC).isoformat()
    own = [
        {"mid": mine, "event": "opened", "at": at},
        {"mid": nobodys, "event": "opened", "at": at},
    ]
    told = {"installation_id": MINE, "receipts": own}
    answer = client.post("/api/v1/me/push-receipts", json=told, headers=me)
    assert [item["result"] for item in answer.json["items"]] == ["noted", "not_yours"]
    told = {"receipts": [{"mid": nobodys, "event": "received", "at": at}]}
    path = f"/api/v1/devices/{NOBODYS}/push-receipts"
    answer = client.post(path, json=told, headers=KEY)
    assert [item["result"] for item in answer.json["items"]] == ["noted"]


def _recall(author: Desk, approver: Desk, one: str) -> None:
    """A correction to those who may have got it, in the place of the first, again by two people."""
    draft = author.ask("POST", f"{one}/recall", status=201)
    words = {"vi": {"title": "Đính chính", "body": "Nước đã rút, đường thông."}}
    written = {**DRAFT, "content": words, "tag": draft["tag"]}
    other = f"/{draft['id']}"
    author.ask("PUT", other, written)
    _approve(author, approver, other)
    assert _finished(approver, other)["counts"]["accepted"] == TO_ALL


def _inboxes(client: FlaskClient, me: Headers) -> list[list[str]]:
    """The titles in the citizen's inbox, and on the phone in which nobody signed in."""
    ways = {"me/inbox": me, f"devices/{NOBODYS}/inbox": KEY}
    answers = [client.get(f"/api/v1/{path}", headers=headers) for path, headers in ways.items()]
    return [[item["title"] for item in answer.json["items"]] for answer in answers]


def _journal(fcm: Fcm, address: str) -> dict[str, Any]:
    told: dict[str, Any] = fcm.app.test_client().get(f"/journal?address={address}").json
    return told


def _titles(fcm: Fcm, address: str) -> list[str]:
    return [shown["title"] for shown in _journal(fcm, address)["shown"]]


def _mids(fcm: Fcm, address: str) -> list[str]:
    """Of campaigns' messages alone."""
    return [mid for mid in _journal(fcm, address)["arrivals"] if "." in mid]


def _arrivals(fcm: Fcm) -> dict[str, list[int]]:
    """How often each campaign's message came to each address."""
    found: dict[str, list[int]] = {}
    for line in fcm.app.test_client().get("/arrivals").text.splitlines():
        address, mid, times = line.split("\t")
        found.setdefault(address, []).extend([int(times)] if "." in mid else [])
    return found
