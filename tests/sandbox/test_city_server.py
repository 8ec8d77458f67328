"""The city plays our side for a centre that calls back."""

from __future__ import annotations

import base64
import json
import time
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook

from smartcity.sandbox import signing
from smartcity.sandbox.city import City
from smartcity.sandbox.ioc import Ioc

PATH = "/api/v1/ioc/callbacks"


@pytest.fixture
def city(secret):
    with City([secret]) as server:
        yield server


@pytest.fixture
def code(http, city):
    """Of the first sample report."""
    return http.request("GET", f"{city.url}/reports").json()[0]["code"]


@pytest.fixture
def call(http, city, secret, code):
    def post(move="accept", sequence=1, path=PATH, body=None, by=secret, **other):
        now = datetime.now(UTC).isoformat()
        told = {"id": str(uuid.uuid4()), "report": code, "sequence": sequence, "move": move}
        text = json.dumps({**told, "at": now, **other} if body is None else body)
        headers = signing.sign(signing.keys([by]), "message-1", text)
        headers["Content-Type"] = "application/json"
        return http.request("POST", f"{city.url}{path}", body=text, headers=headers)

    return post


def verdicts(http, city):
    return http.request("GET", f"{city.url}/verdicts").json()


def newest(http, city):
    return verdicts(http, city)[-1]


def test_a_right_callback_moves_the_report_and_is_judged_right(http, city, call):
    answer = call(id="c-1")
    assert (answer.status, answer.json()) == (
        200,
        {"id": "c-1", "outcome": "applied", "repeated": False, "status": "accepted"},
    )
    [verdict] = verdicts(http, city)
    assert verdict["right"] is True
    assert verdict["faults"] == {}
    assert http.request("GET", f"{city.url}/reports").json()[0]["status"] == "accepted"


def test_a_report_goes_through_to_its_end(http, city, call):
    way = [
        ("accept", {}),
        ("assign", {"agency": "so-xay-dung"}),
        ("start", {}),
        ("propose_result", {"public_text": "Đã vá."}),
        ("approve_result", {}),
        ("resolve", {}),
    ]
    for number, (move, brought) in enumerate(way, 1):
        assert call(move, number, **brought).status == 200
    assert http.request("GET", f"{city.url}/reports").json()[0]["status"] == "resolved"
    assert all(verdict["right"] for verdict in verdicts(http, city))


def test_a_repeat_is_answered_alike_and_another_body_under_its_id_is_wrong(http, city, call):
    at = datetime.now(UTC).isoformat()
    first = call(id="c-1", at=at).json()
    assert call(id="c-1", at=at).json() == {**first, "repeated": True}
    assert newest(http, city)["right"] is True
    assert call(id="c-1", at=at, sequence=2).status == 200
    assert newest(http, city)["faults"].keys() == {"sequence"}


@pytest.mark.parametrize(
    ("wrong", "status", "field"),
    [
        ({"move": "explode"}, 422, "move"),
        ({"move": "start"}, 409, "move"),
        ({"move": "grant_appeal", "public_text": "x"}, 409, "move"),
        ({"move": "reject", "public_text": "x"}, 422, "reason"),
        ({"move": "assign"}, 422, "agency"),
        ({"sequence": "1"}, 422, "sequence"),
        ({"sequence": 0}, 422, "sequence"),
        ({"sequence": True}, 422, "sequence"),
        ({"at": "2026-11-22T08:00:00"}, 422, "at"),
        ({"id": ""}, 422, "id"),
        ({"id": "x" * 65}, 422, "id"),
        ({"move": 7}, 422, "move"),
        ({"report": "HP-1"}, 404, "report"),
        ({"colour": "red"}, 422, "colour"),
    ],
)
def test_what_is_wrong_is_named(http, city, call, wrong, status, field):
    answer = call(**wrong)
    assert answer.status == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert newest(http, city)["faults"].keys() == {field}
    assert newest(http, city)["right"] is False


def test_a_sequence_that_does_not_rise_is_late_and_a_refused_one_does_not_count(http, city, call):
    assert call("start", 9).status == 409
    assert call("accept", 5).json()["outcome"] == "applied"
    late = call("assign", 5, agency="so-xay-dung")
    assert (late.status, late.json()["outcome"]) == (200, "late")
    assert newest(http, city)["faults"].keys() == {"sequence"}
    assert call("assign", 6, agency="so-xay-dung").json()["status"] == "assigned"


def test_a_signature_is_judged_in_words(http, city, call, secret):
    assert call(by="whsec_" + base64.b64encode(b"another secret").decode()).status == 401
    assert "another secret" in newest(http, city)["faults"]["webhook-signature"]
    assert http.request("POST", f"{city.url}{PATH}", body="{}").status == 401
    assert "missing: webhook-id" in newest(http, city)["faults"]["webhook-signature"]
    old = datetime.now(UTC) - timedelta(minutes=6)
    headers = {
        "webhook-id": "1",
        "webhook-timestamp": str(int(old.timestamp())),
        "webhook-signature": Webhook(secret).sign("1", old, "{}"),
    }
    for stamp, words in [(str(int(old.timestamp())), "five minutes"), ("yesterday", "seconds")]:
        told = headers | {"webhook-timestamp": stamp}
        assert http.request("POST", f"{city.url}{PATH}", body="{}", headers=told).status == 401
        assert words in newest(http, city)["faults"]["webhook-signature"]
    now = headers | {"webhook-timestamp": str(int(time.time()))}
    assert http.request("POST", f"{city.url}{PATH}", body="{}", headers=now).status == 401


def test_a_batch_is_judged_one_by_one(http, city, call, code):
    at = datetime.now(UTC).isoformat()
    good = {"id": "c-1", "report": code, "sequence": 1, "move": "accept", "at": at}
    rows = [good, good, {**good, "id": "c-2"}, 7, {**good, "id": "c-3", "report": "none"}]
    items = call(path=f"{PATH}/batch", body={"callbacks": rows}).json()["items"]
    assert [item["outcome"] for item in items] == [
        "applied",
        "applied",
        "late",
        "invalid",
        "not_found",
    ]
    assert [item["repeated"] for item in items] == [False, True, False, False, False]
    assert items[3]["errors"]
    assert [verdict["right"] for verdict in verdicts(http, city)] == [True, True] + [False] * 3
    assert call(path=f"{PATH}/batch", body={"callbacks": []}).status == 422
    assert call(path=f"{PATH}/batch", body={"callbacks": rows * 101}).status == 422


def test_it_plays_its_events_to_a_centre_that_calls_back(http, city, secret):
    with Ioc([secret], callback_url=f"{city.url}{PATH}") as centre:
        play = {"url": f"{centre.url}/events"}
        sent = http.request("POST", f"{city.url}/play", json=play).json()
        assert [row["status"] for row in sent] == [202] * 4
        events = http.request("GET", f"{centre.url}/events").json()
        assert [event["data"]["move"] for event in events] == ["submit"] * 3 + ["withdraw"]
        for event in (events[0], events[3]):
            wish = {"report": event["subject"], "move": "accept"}
            http.request("POST", f"{centre.url}/callbacks", json=wish)
        assert [verdict["outcome"] for verdict in verdicts(http, city)] == ["applied", "refused"]
        again = http.request("POST", f"{city.url}/play", json=play).json()
        assert [row["status"] for row in again] == [200] * 4
    gone = http.request("POST", f"{city.url}/play", json=play).json()
    assert {row["status"] for row in gone} == {None}
    assert http.request("POST", f"{city.url}/play", json={}).status == 400


def test_the_page_shows_reports_and_verdicts_and_escapes_them(http, city, call, code):
    call("<script>x</script>")
    answer = http.request("GET", f"{city.url}/")
    page = answer.data.decode()
    assert code in page
    assert "Sai" in page
    assert "<script" not in page
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
