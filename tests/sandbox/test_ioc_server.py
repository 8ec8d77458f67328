from __future__ import annotations

import base64
import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import urllib3
from standardwebhooks import Webhook

from smartcity.sandbox.ioc import Ioc


def held(http, ioc, query=""):
    return http.request("GET", f"{ioc.url}/events{query}").json()


def stats(http, ioc):
    return http.request("GET", f"{ioc.url}/stats").json()


def break_it(http, ioc, **fault):
    answer = http.request("PUT", f"{ioc.url}/faults", json=fault)
    assert answer.status == 200, answer.data
    return answer


def test_an_event_is_accepted_once_and_given_back_as_it_came(http, ioc, event, deliver):
    first = deliver(ioc, event(1))
    again = deliver(ioc, event(1))
    assert (first.status, first.json()) == (202, {"status": "accepted", "reference": "IOC-000001"})
    assert (again.status, again.json()) == (200, {"status": "duplicate"})
    assert held(http, ioc) == [event(1)]


def test_a_sequence_that_is_not_above_the_last_of_its_report_is_dropped(http, ioc, event, deliver):
    deliver(ioc, event(9))
    deliver(ioc, event(10, subject="HP-2026-000002"))
    late = [deliver(ioc, event(8)), deliver(ioc, event(99, sequence=f"{9:010}"))]
    assert [answer.json() for answer in late] == [{"status": "stale"}] * 2
    assert deliver(ioc, event(11)).json()["reference"] == "IOC-000003"
    assert [e["id"] for e in held(http, ioc)] == ["event-9", "event-10", "event-11"]


def test_an_event_without_a_sequence_is_never_late(ioc, event, deliver):
    deliver(ioc, event(5))
    bare = event(6)
    del bare["sequence"]
    assert deliver(ioc, bare).status == 202


def test_events_are_filtered_by_report_and_by_place(http, ioc, event, deliver):
    for number, subject in enumerate(["A", "B", "A"], start=1):
        deliver(ioc, event(number, subject=subject))
    assert [e["id"] for e in held(http, ioc, "?subject=A")] == ["event-1", "event-3"]
    assert [e["id"] for e in held(http, ioc, "?since=2")] == ["event-3"]


def test_a_wrong_old_or_missing_signature_is_401(http, ioc, event, deliver, secret):
    body = json.dumps(event(1))
    stranger = "whsec_" + base64.b64encode(b"another secret").decode()
    assert deliver(ioc, event(1), secret=stranger).status == 401
    old = datetime.now(UTC) - timedelta(minutes=6)
    headers = {
        "Content-Type": "application/cloudevents+json",
        "webhook-id": "1",
        "webhook-timestamp": str(int(old.timestamp())),
        "webhook-signature": Webhook(secret).sign("1", old, body),
    }
    spoilt = [
        headers,
        headers | {"webhook-timestamp": str(int(time.time()))},
        headers | {"webhook-timestamp": str(int(time.time())), "webhook-signature": "no comma"},
        {"Content-Type": "application/cloudevents+json"},
    ]
    for bad in spoilt:
        answer = http.request("POST", f"{ioc.url}/events", body=body, headers=bad)
        assert answer.status == 401, bad
    assert held(http, ioc) == []
    assert stats(http, ioc)["bad_signature"] == 5


def test_a_body_changed_after_signing_is_401(http, ioc, event, secret):
    now = datetime.now(UTC)
    headers = {
        "Content-Type": "application/cloudevents+json",
        "webhook-id": "1",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign("1", now, json.dumps(event(1))),
    }
    answer = http.request("POST", f"{ioc.url}/events", body=json.dumps(event(2)), headers=headers)
    assert answer.status == 401


def test_old_and_new_secret_are_both_taken_while_keys_rotate(event, deliver, secret):
    new = "whsec_" + base64.b64encode(b"the new secret of this year").decode()
    with Ioc([new, secret]) as ioc:
        assert deliver(ioc, event(1)).status == 202
        assert deliver(ioc, event(2), secret=new).status == 202


@pytest.mark.parametrize("secrets", [[], ["whsec_không phải base64"], ["whsec_"]])
def test_it_does_not_start_without_a_real_secret(secrets):
    with pytest.raises(ValueError, match="whsec_"):
        Ioc(secrets)


@pytest.mark.parametrize(
    "wrong",
    [
        {"specversion": "0.3"},
        {"id": ""},
        {"id": 7},
        {"source": None},
        {"type": ""},
        {"subject": ""},
        {"sequence": 3},
        {"time": "yesterday"},
        {"time": "2026-11-22T08:00:00"},
        {"Upper": "x"},
        {"extension": {"nested": True}},
        {"data_base64": "aGk="},
    ],
)
def test_what_is_no_cloudevent_is_400(http, ioc, event, deliver, wrong):
    answer = deliver(ioc, event(1, **wrong))
    assert answer.status == 400
    assert answer.json()["error"]
    assert stats(http, ioc)["refused"] == 1
    assert held(http, ioc) == []


@pytest.mark.parametrize(
    "body",
    ["", "{", "[]", "null", '{"id": NaN}', '{"id": "\\ud800"}', "[" * 15_000],
    ids=["empty", "torn", "array", "null", "NaN", "surrogate", "deep"],
)
def test_a_body_that_is_no_event_at_all_is_400(ioc, deliver, body):
    assert deliver(ioc, body).status == 400


def test_another_content_type_is_400_and_a_big_body_413(ioc, event, deliver):
    assert deliver(ioc, event(1), content_type="application/json").status == 400
    with_charset = "application/cloudevents+json; charset=utf-8"
    assert deliver(ioc, event(1), content_type=with_charset).status == 202
    assert deliver(ioc, event(2, data={"text": "x" * 20_000})).status == 413


def test_errors_strike_the_asked_share_until_they_are_mended(http, ioc, event, deliver):
    break_it(http, ioc, mode="error", status=502, rate=0.5, retry_after=7)
    answers = [deliver(ioc, event(number)) for number in range(1, 11)]
    assert [answer.status for answer in answers] == [202, 502] * 5
    assert answers[1].headers["Retry-After"] == "7"
    assert http.request("DELETE", f"{ioc.url}/faults").status == 204
    assert deliver(ioc, event(11)).status == 202
    assert stats(http, ioc) == {
        "received": 11,
        "accepted": 6,
        "duplicates": 0,
        "stale": 0,
        "repaired": 0,
        "refused": 0,
        "bad_signature": 0,
        "failed_on_purpose": 5,
    }


def test_a_fault_ends_by_itself(http, ioc, event, deliver):
    break_it(http, ioc, mode="error", seconds=0.2)
    assert deliver(ioc, event(1)).status == 503
    deadline = time.monotonic() + 5
    while deliver(ioc, event(1)).status == 503:
        assert time.monotonic() < deadline
    assert len(held(http, ioc)) == 1


def test_a_slow_centre_accepts_in_the_end(http, ioc, event, deliver):
    break_it(http, ioc, mode="slow", delay=0.3)
    begun = time.monotonic()
    assert deliver(ioc, event(1)).status == 202
    assert time.monotonic() - begun >= 0.3


def test_a_timeout_after_accept_has_kept_the_event(http, event, deliver, secret, tmp_path):
    journal = tmp_path / "events.jsonl"
    with Ioc([secret], journal=journal) as ioc:
        break_it(http, ioc, mode="timeout_after_accept", delay=3)
        with pytest.raises(urllib3.exceptions.TimeoutError):
            deliver(ioc, event(1), timeout=0.3)
        assert json.loads(json.loads(journal.read_text())["body"]) == event(1)
        http.request("DELETE", f"{ioc.url}/faults")
        assert deliver(ioc, event(1)).json() == {"status": "duplicate"}


def test_a_flaky_centre_takes_its_faults_in_turn(http, ioc, event, deliver):
    break_it(http, ioc, mode="flaky", delay=0.01)
    assert [deliver(ioc, event(n)).status for n in range(1, 7)] == [503, 202, 202] * 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"mode": "explode"},
        {"status": 200},
        {"rate": 2},
        {"rate": "half"},
        {"seconds": -1},
        {"color": "red"},
        [],
        7,
    ],
)
def test_an_unknown_fault_is_400_and_changes_nothing(http, ioc, event, deliver, wrong):
    assert http.request("PUT", f"{ioc.url}/faults", json=wrong).status == 400
    assert deliver(ioc, event(1)).status == 202


def test_what_was_accepted_outlives_the_process(http, event, deliver, secret, tmp_path: Path):
    journal = tmp_path / "events.jsonl"
    with Ioc([secret], journal=journal) as ioc:
        deliver(ioc, event(1))
        deliver(ioc, event(2))
    with journal.open("ab") as torn:
        torn.write(b'{"id": "event-3", "speci')
    with Ioc([secret], journal=journal) as ioc:
        assert [e["id"] for e in held(http, ioc)] == ["event-1", "event-2"]
        assert deliver(ioc, event(2)).json() == {"status": "duplicate"}
        assert deliver(ioc, event(99, sequence="0000000002")).json() == {"status": "stale"}
        assert deliver(ioc, event(3)).json()["reference"] == "IOC-000003"
    assert [json.loads(line)["id"] for line in journal.read_text().splitlines()] == [
        "event-1",
        "event-2",
        "event-3",
    ]


def test_an_outage_ends_at_the_same_address(http, ioc, event, deliver):
    deliver(ioc, event(1))
    address = ioc.url
    ioc.stop()
    with pytest.raises(urllib3.exceptions.HTTPError):
        deliver(ioc, event(2))
    ioc.start()
    assert ioc.url == address
    assert deliver(ioc, event(2)).status == 202
    assert len(held(http, ioc)) == 2


def test_many_senders_of_the_same_event_leave_it_once(http, event, deliver, secret, tmp_path):
    def send(number):
        return deliver(ioc, event(number, subject=f"report-{number}")).status

    with Ioc([secret], journal=tmp_path / "events.jsonl") as ioc, ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(send, [n // 8 for n in range(200)]))
        assert sorted(statuses) == [200] * 175 + [202] * 25
        assert len({e["id"] for e in held(http, ioc)}) == len(held(http, ioc)) == 25
        assert stats(http, ioc)["duplicates"] == 175


def test_the_page_shows_each_report_and_escapes_it(http, ioc, event, deliver):
    deliver(ioc, event(1, data={"description": "<script>alert('x')</script>", "tags": ["đèn"]}))
    deliver(ioc, event(2, subject='"><img src=x>', data="chữ"))
    answer = http.request("GET", f"{ioc.url}/")
    page = answer.data.decode()
    assert "HP-2026-000001" in page
    assert "Trung tâm điều hành" in page
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;" in page
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_errors_and_health_are_json(http, ioc):
    assert http.request("GET", f"{ioc.url}/healthz").json() == {"status": "ok"}
    wrong = http.request("DELETE", f"{ioc.url}/events")
    assert (wrong.status, set(wrong.json())) == (405, {"error"})
    assert "POST" in wrong.headers["Allow"]
