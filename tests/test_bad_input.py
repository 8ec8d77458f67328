"""What a phone, a broken program or an attacker may send: a clear 4xx, and nothing half written."""

import json
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from smartcity.core.db import Base
from smartcity.core.idempotency import IdempotencyKey
from smartcity.reports.models import Report, ReportEvent
from tests.helpers import (
    Headers,
    count,
    file_report,
    key,
    report_body,
)
from tests.refusals import faults_of, refused

REPORTS = "/api/v1/reports"
WRITTEN: tuple[type[Base], ...] = (Report, ReportEvent, IdempotencyKey)
UNPRINTABLE = "\ud800"
ABSENT = "0198c0de-4a6e-7c3f-9d0f-6f1b2a3c4d5e"

# What is changed in a good report, and the field that the answer must name.
FIELDS: dict[str, tuple[dict[str, Any], str]] = {
    "unknown field": ({"colour": "red"}, "colour"),
    "unprintable field": ({UNPRINTABLE: 1}, UNPRINTABLE),
    "number for text": ({"description": 7}, "description"),
    "list for text": ({"description": ["a"]}, "description"),
    "null": ({"description": None}, "description"),
    "100 kB": ({"description": "a" * 100_000}, "description"),
    "just too long": ({"description": "a" * 5_001}, "description"),
    "nothing to see": ({"description": " \u200b\u2066\u202e\ufeff\n "}, "description"),
    "NUL": ({"description": "a\x00b"}, "description"),
    "lone surrogate": ({"description": f"a{UNPRINTABLE}b"}, "description"),
    "text for number": ({"latitude": "north"}, "latitude"),
    "true for number": ({"latitude": True}, "latitude"),
    "object for number": ({"latitude": {}}, "latitude"),
    "latitude 91": ({"latitude": 91}, "latitude"),
    "longitude -181": ({"longitude": -181}, "longitude"),
    "outside the province": ({"latitude": 10.77, "longitude": 106.70}, "latitude"),
    "NaN": ({"latitude": float("nan")}, "latitude"),
    "Infinity": ({"longitude": float("inf")}, "longitude"),
    "huge integer": ({"latitude": 10**400}, "latitude"),
    "text for truth": ({"urgent": "maybe"}, "urgent"),
    "list for truth": ({"anonymous": []}, "anonymous"),
    "unknown category": ({"category": "dragons"}, "category"),
    "unknown photo": ({"media_ids": [ABSENT]}, "media_ids"),
    "no photo id": ({"media_ids": ["1"]}, "media_ids"),
    "number for photo": ({"media_ids": [7]}, "media_ids"),
    "text for list": ({"media_ids": ABSENT}, "media_ids"),
    "a photo twice": ({"media_ids": [ABSENT, ABSENT]}, "media_ids"),
    "eleven photos": ({"media_ids": [ABSENT[:-2] + f"{n:02}" for n in range(11)]}, "media_ids"),
}
GOOD = json.dumps(report_body()).encode()
# Bodies that are no JSON object of ours, and the status they get.
BODIES: dict[str, tuple[bytes, str, int]] = {
    "empty": (b"", "application/json", 422),
    "half": (b'{"category": "traf', "application/json", 400),
    "100,000 deep": (b"[" * 100_000, "application/json", 400),
    "100,000 deep and closed": (b'{"a":' * 30_000 + b"1" + b"}" * 30_000, "application/json", 400),
    "invalid UTF-8": (b'{"category": "\xff\xfe"}', "application/json", 400),
    "a list": (b"[]", "application/json", 422),
    "a text": (b'"x"', "application/json", 422),
    "null": (b"null", "application/json", 422),
    "1e400": (
        json.dumps(report_body()).replace("20.94", "1e400").encode(),
        "application/json",
        422,
    ),
    "5,000 digits": (b'{"latitude": ' + b"9" * 5_000 + b"}", "application/json", 400),
    "text/plain": (GOOD, "text/plain", 415),
    "no type": (GOOD, "", 415),
    "a form": (b"category=traffic_infra", "application/x-www-form-urlencoded", 415),
    "XML": (b"<report/>", "application/xml", 415),
    "too large": (b'{"description": "' + b"a" * 300_000 + b'"}', "application/json", 413),
}
QUERIES: dict[str, tuple[int, str]] = {
    "limit=0": (422, "limit"),
    "limit=101": (422, "limit"),
    "limit=-1": (422, "limit"),
    "limit=ten": (422, "limit"),
    "limit=1.5": (422, "limit"),
    f"limit={'9' * 5_000}": (422, "limit"),
    "colour=red": (422, "colour"),
    "cursor=forged": (400, ""),
    f"cursor={'a' * 700}": (422, "cursor"),
    "cursor=%00": (422, "cursor"),
}
OFFICER_QUERIES: dict[str, tuple[int, str]] = {
    **QUERIES,
    "status=gone": (422, "status"),
    "since=yesterday": (422, "since"),
    "since=2026-01-01T00:00:00": (422, "since"),
    "since=0001-01-01T00:00:00%2B14:00": (422, "since"),
    "until=9999-12-31T23:59:59-14:00": (422, "until"),
    "urgent=perhaps": (422, "urgent"),
    "q=%00": (422, "q"),
    f"q={'a' * 101}": (422, "q"),
}


def test_a_report_that_does_not_fit_names_its_field(
    app: Flask, client: FlaskClient, me: Headers
) -> None:
    asks = {}
    for name, (change, field) in FIELDS.items():
        body = json.dumps(report_body(**change))
        headers = {**me, **key(), "Content-Type": "application/json"}
        ask = lambda b=body, h=headers: client.post(REPORTS, data=b, headers=h)  # noqa: E731
        asks[name] = (ask, 422, field)
    missing = {"category", "description", "latitude", "longitude"}
    answer = client.post(REPORTS, json={}, headers=me)
    assert answer.json["errors"].keys() == missing
    assert faults_of(asks) == {}
    assert [count(app, table) for table in WRITTEN] == [0, 0, 0]


def test_a_body_that_is_none_is_refused(app: Flask, client: FlaskClient, me: Headers) -> None:
    asks = {}
    for name, (body, kind, status) in BODIES.items():
        headers = {**me, **key(), **({"Content-Type": kind} if kind else {})}
        ask = lambda b=body, h=headers: client.post(REPORTS, data=b, headers=h)  # noqa: E731
        asks[name] = (ask, status, "")
    assert faults_of(asks) == {}
    assert [count(app, table) for table in WRITTEN] == [0, 0, 0]


def test_a_body_of_another_type_is_not_overlooked(
    client: FlaskClient, me: Headers, operator: Headers
) -> None:
    """A move needs no words; those that came in a form must not be lost without a sound."""
    report = file_report(client, me)
    answer = client.put(
        f"/api/v1/officer/reports/{report['id']}/acceptance",
        data={"public_text": "Đã nhận"},
        headers={**operator, "If-Match": '"1"'},
    )
    assert refused(answer, 415) is None


def test_a_query_that_does_not_fit_names_its_parameter(
    client: FlaskClient, me: Headers, operator: Headers
) -> None:
    lists = [("/api/v1/me/reports", me, QUERIES), ("/api/v1/me/inbox", me, QUERIES)]
    lists.append(("/api/v1/officer/reports", operator, OFFICER_QUERIES))
    asks = {}
    for path, who, queries in lists:
        for query, (status, field) in queries.items():
            ask = lambda p=path, q=query, w=who: client.get(f"{p}?{q}", headers=w)  # noqa: E731
            asks[f"{path}?{query[:40]}"] = (ask, status, field)
    assert faults_of(asks) == {}


def test_a_bad_idempotency_key_is_refused(app: Flask, client: FlaskClient, me: Headers) -> None:
    asks = {}
    for bad in ("", '""', "a" * 256, "khóa", "a\tb"):
        headers = {**me, "Idempotency-Key": bad}
        ask = lambda h=headers: client.post(REPORTS, json=report_body(), headers=h)  # noqa: E731
        asks[bad] = (ask, 400, "")
    assert faults_of(asks) == {}
    assert count(app, Report) == 0


def test_what_cannot_be_seen_is_taken_out(client: FlaskClient, me: Headers) -> None:
    sly = "O\u0302\u0309 gà \u202eđảo\u202c\u200b\u2066 số 12\x07\ufeff\r\nhẻm 3 👨\u200d👩\u200d👧"
    description = file_report(client, me, description=sly)["description"]
    assert description == "Ổ gà đảo số 12\nhẻm 3 👨\u200d👩\u200d👧"


def test_a_code_that_is_not_right_names_it(client: FlaskClient) -> None:
    asked = {"challenge_id": ABSENT, "code": "000000"}
    answer = client.post("/api/v1/auth/tokens", json=asked)
    assert refused(answer, 422, "code") is None
    for phone in ("12", "0241234567", "+1 202 555 0100", None, 912345678, "0912\x00345678"):
        answer = client.post("/api/v1/auth/otp", json={"phone": phone})
        assert refused(answer, 422, "phone") is None, phone


def test_unknown_addresses_and_methods_are_problems(client: FlaskClient, me: Headers) -> None:
    for path in ("/", "/api/v1/nothing", "/api/v1/reports/7", "/api/v1/reports/%00", "/../etc"):
        assert refused(client.get(path, headers=me), 404) is None, path
    answer = client.delete(REPORTS, headers=me)
    assert refused(answer, 405) is None
    assert set(answer.headers["Allow"].split(", ")) == {"POST", "OPTIONS"}
    assert refused(client.open(REPORTS, method="BREW", headers=me), 405) is None


def test_a_problem_speaks_the_readers_language(client: FlaskClient) -> None:
    languages = {"en": "Not found", "en-GB,vi;q=0.5": "Not found", "fr": "Không tìm thấy"}
    languages |= {"": "Không tìm thấy", "vi-VN": "Không tìm thấy", "de, en;q=0.1": "Not found"}
    for accepted, title in languages.items():
        answer = client.get("/nothing", headers={"Accept-Language": accepted})
        assert answer.json["title"] == title, accepted
        assert answer.headers["Content-Language"] == ("en" if title == "Not found" else "vi")
        assert answer.json.keys() == {"type", "title", "status", "detail", "instance"}
