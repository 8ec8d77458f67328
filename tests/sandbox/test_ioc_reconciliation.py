"""The sandbox tells what it holds, and lets itself be repaired."""

from __future__ import annotations

import hashlib
import json

import pytest

from smartcity.sandbox import signing
from smartcity.sandbox.ioc import Ioc

REPORT = "HP-2026-000001"


@pytest.fixture
def reconcile(http, secret):
    def ask(ioc, *reports, body=None, secret=secret):
        page = {"run": "r-1", "page": 1, "reports": [{"report": r, "events": []} for r in reports]}
        text = json.dumps(page) if body is None else body
        headers = signing.sign(signing.keys([secret]), "r-1", text)
        headers["Content-Type"] = "application/json"
        return http.request("POST", f"{ioc.url}/reconciliation", body=text, headers=headers)

    return ask


def told(answer):
    assert answer.status == 200, answer.data
    return {
        row["report"]: [(e["sequence"], e["sha256"]) for e in row["events"]]
        for row in answer.json()["reports"]
    }


def sha256(event, **style):
    return hashlib.sha256(json.dumps(event, **style).encode()).hexdigest()


def test_it_tells_the_hash_of_the_bytes_that_came(ioc, event, deliver, reconcile):
    spaced = json.dumps(event(1), ensure_ascii=False, indent=1).replace("\n", "\r\n")
    deliver(ioc, spaced)
    deliver(ioc, event(2))
    deliver(ioc, event(3, subject="HP-2026-000002"))
    assert told(reconcile(ioc, REPORT, "HP-2026-000009")) == {
        REPORT: [
            ("0000000001", hashlib.sha256(spaced.encode()).hexdigest()),
            ("0000000002", sha256(event(2), ensure_ascii=False)),
        ],
        "HP-2026-000009": [],
    }


def test_an_unsigned_question_is_401_and_one_without_sense_400(http, ioc, reconcile):
    assert http.request("POST", f"{ioc.url}/reconciliation", json={"reports": []}).status == 401
    for wrong in ("[]", "{}", '{"reports": [1]}', '{"reports": [{}]}', "{"):
        assert reconcile(ioc, body=wrong).status == 400, wrong
    assert reconcile(ioc, *["HP"] * 201).status == 400


def test_a_repair_takes_its_place_and_does_not_move_the_report_back(
    http, ioc, event, deliver, reconcile
):
    deliver(ioc, event(1))
    deliver(ioc, event(3))
    deliver(ioc, event(20, subject="another"))
    assert deliver(ioc, event(2)).json() == {"status": "stale"}
    assert deliver(ioc, event(2), repair="run").json() == {"status": "repaired"}
    assert deliver(ioc, event(2), repair="run").json() == {"status": "duplicate"}
    assert deliver(ioc, event(9, sequence=f"{3:010}")).json() == {"status": "stale"}
    held = http.request("GET", f"{ioc.url}/events?subject={REPORT}").json()
    assert [e["id"] for e in held] == ["event-1", "event-2", "event-3"]
    assert http.request("GET", f"{ioc.url}/stats").json()["repaired"] == 1


def test_a_repair_replaces_other_bytes_and_above_the_last_is_a_plain_event(
    ioc, event, deliver, reconcile
):
    deliver(ioc, event(1, data="spoilt"))
    assert deliver(ioc, event(1)).json() == {"status": "duplicate"}
    assert deliver(ioc, event(1), repair="run").json() == {"status": "repaired"}
    assert deliver(ioc, event(2), repair="run").json()["status"] == "accepted"
    stranger = event(7, sequence=f"{2:010}", data="of the same place")
    assert deliver(ioc, stranger, repair="run").json() == {"status": "repaired"}
    assert told(reconcile(ioc, REPORT))[REPORT] == [
        ("0000000001", sha256(event(1), ensure_ascii=False)),
        ("0000000002", sha256(stranger, ensure_ascii=False)),
    ]


def test_a_lost_event_is_missed_and_can_be_repaired(http, ioc, event, deliver, reconcile):
    deliver(ioc, event(1))
    deliver(ioc, event(2))
    assert http.request("DELETE", f"{ioc.url}/events/event-1").status == 204
    assert http.request("DELETE", f"{ioc.url}/events/event-1").status == 404
    assert [place for place, _ in told(reconcile(ioc, REPORT))[REPORT]] == ["0000000002"]
    assert deliver(ioc, event(1), repair="run").json() == {"status": "repaired"}
    assert [p for p, _ in told(reconcile(ioc, REPORT))[REPORT]] == ["0000000001", "0000000002"]


def test_hashes_places_and_repairs_outlive_the_process(event, deliver, reconcile, secret, tmp_path):
    journal = tmp_path / "events.jsonl"
    with Ioc([secret], journal=journal) as ioc:
        deliver(ioc, json.dumps(event(1, data="spoilt"), ensure_ascii=False, indent=2))
        deliver(ioc, event(3))
        deliver(ioc, event(1), repair="run")
        deliver(ioc, event(2), repair="run")
        before = told(reconcile(ioc, REPORT))
    with Ioc([secret], journal=journal) as ioc:
        assert told(reconcile(ioc, REPORT)) == before
        assert [place for place, _ in before[REPORT]] == [f"{n:010}" for n in (1, 2, 3)]
        assert deliver(ioc, event(2, id="other")).json() == {"status": "stale"}
        assert deliver(ioc, event(4)).json()["reference"] == "IOC-000004"
