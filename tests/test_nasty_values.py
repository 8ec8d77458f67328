"""Every field of every body and query, given what nobody expects: never a crash."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.identity.permissions import Role
from tests.conftest import MakeApp
from tests.helpers import Headers, bearer, file_report, officer, report_body
from tests.ioc.conftest import add_destination, post_signed
from tests.permissions.world import SETTINGS, build

SOME_ID = "0198c0de-4a6e-7c3f-9d0f-6f1b2a3c4d5e"
OTHER_ID = "0198c0de-4a6e-7c3f-9d0f-6f1b2a3c4d5f"
NASTY: list[Any] = [
    None,
    True,
    -1,
    0,
    2**31,
    2**63,
    10**30,
    1e308,
    float("nan"),
    float("-inf"),
    "",
    " ",
    "x" * 300,
    "ộ" * 41,
    "\x00",
    "\ud800",
    "%00' OR 1=1 --",
    "{0.__class__}|a=b&c",
    "٣",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59.999999999-14:00",
    "2026-02-30T25:61:00Z",
    [],
    [[]],
    [None],
    {},
    {"a": {"b": []}},
]
CALLBACK = {
    "id": "1",
    "report": SOME_ID,
    "sequence": 1,
    "move": "accept",
    "reason": "spam",
    "public_text": "x",
    "agency": "ioc",
    "at": "2026-11-22T08:00:00+07:00",
}
TOLD = {"public_text": "x", "reason": "spam", "agency": "ioc"}
DEVICE = {"kind": "token", "value": "a", "platform": "web", "app_version": "1", "locale": "vi"}
DEVICE_OF_NOBODY = {**DEVICE, "value": "b", "ward": "10507"}
CHOSEN = {"categories": {"news": False}, "topics": {"weather": True}, "quiet_hours": None}
EXTRA = {"address": "x", "media_ids": [SOME_ID], "urgent": False, "anonymous": False}


# Who may ask for what begins so; the first that fits.
ASKED_BY = {
    "/api/v1/admin": "admin",
    "/api/v1/audit": "auditor",
    "/api/v1/officer": "lead",
    "/api/v1/ioc": "granted",
    "/": "owner",
}
# One function answers for all kinds of a register; that of jobs is asked for all.
OF_OTHER_DESKS = re.compile(
    r"(list|export)_(?!jobs_)\w+_register|list_(?!job_|article_|service_|app_)\w+_versions"
)


@pytest.fixture
def app(make_app: MakeApp) -> Flask:
    many = "100000 per hour"
    app = make_app(
        report_limit=many,
        otp_limit_address=many,
        otp_hourly=10_000,
        otp_gap=0,
    )
    add_destination(app, "https://ioc.test/events")
    return app


def bodies(body: dict[str, Any]) -> list[str]:
    """The body with each field in turn replaced by each nasty value."""
    return [json.dumps({**body, field: value}) for field in body for value in NASTY]


def test_no_body_makes_us_crash(app: Flask, client: FlaskClient, me: Headers) -> None:
    operator = bearer(officer(app, Role.IOC_OPERATOR, "ioc"))
    report = file_report(client, me)
    asks: list[tuple[str, str, Headers, dict[str, Any]]] = [
        ("POST", "/api/v1/reports", me, report_body(**EXTRA)),
        ("PUT", f"/api/v1/reports/{report['id']}/answer", me, {"public_text": "x"}),
        ("PUT", f"/api/v1/me/devices/{SOME_ID}", me, DEVICE),
        ("PUT", f"/api/v1/me/devices/{SOME_ID}/preferences", me, CHOSEN),
        ("PUT", f"/api/v1/devices/{OTHER_ID}", {"Device-Key": "k" * 32}, DEVICE_OF_NOBODY),
        ("POST", "/api/v1/auth/otp", {}, {"phone": "0912345678"}),
        ("POST", "/api/v1/auth/tokens", {}, {"challenge_id": SOME_ID, "code": "123456"}),
        ("POST", "/api/v1/auth/refresh", {}, {"refresh_token": "rt_1"}),
    ]
    moves = {**operator, "If-Match": '"9"'}
    asks += [
        ("PUT", f"/api/v1/officer/reports/{report['id']}/{noun}", moves, TOLD)
        for noun in ("assignment", "rejection")
    ]
    crashed = []
    for method, path, headers, body in asks:
        for sent in bodies(body):
            answer = client.open(
                path, method=method, data=sent, headers=headers, content_type="application/json"
            )
            if answer.status_code >= 500:
                crashed.append((path, sent[:200], answer.text))
    for sent in bodies(CALLBACK):
        answer = post_signed(client, sent)
        if answer.status_code >= 500 or answer.status_code == 401:
            crashed.append(("callback", sent[:200], answer.text))
    assert crashed == []


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_no_query_makes_us_crash(make_app: MakeApp) -> None:
    """Every parameter that the API's document names."""
    world = build(make_app(**SETTINGS))
    client = world.app.test_client(use_cookies=False)
    crashed = []
    for path, names in queries(client.get("/api/openapi.json").json):
        asks = next(who for start, who in ASKED_BY.items() if path.startswith(start))
        headers = world.callers[asks]
        for name in names:
            for value in [*map(str, NASTY), "%ff%fe", "&&&", "=", "1&limit=2"]:
                text = value.encode(errors="surrogatepass").decode("latin-1")
                url = re.sub(r"{(\w+)}", lambda m: world.ids.get(m[1], SOME_ID), path)
                query = {name: text}
                answer = client.get(url, query_string=query, headers=headers, buffered=True)
                if answer.status_code in (401, 403) or answer.status_code >= 500:
                    crashed.append((path, name, value, answer.text))
    assert crashed == []


def queries(document: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """Each path that is read, with the names of its query; of registers' desks, one kind's."""
    for path, item in document["paths"].items():
        if OF_OTHER_DESKS.fullmatch(item.get("get", {}).get("operationId", "")):
            continue
        told = [*item.get("parameters", []), *item.get("get", {}).get("parameters", [])]
        if "get" in item and (names := [p["name"] for p in told if p["in"] == "query"]):
            yield path, names


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_header_makes_us_crash(client: FlaskClient, me: Headers) -> None:
    values = ["", " ", "x" * 8_000, "é", '"', "\x7f", "Bearer", "Bearer " + "a." * 900, "*", "W/1"]
    names = ["Authorization", "Accept-Language", "If-Match", "If-None-Match", "X-Request-ID"]
    names += ["Idempotency-Key", "User-Agent", "Range", "X-Forwarded-For", "Accept", "Host"]
    crashed = []
    for name in names:
        for value in values:
            for path, method in (("/api/v1/me/reports", "GET"), ("/api/v1/reports", "POST")):
                headers = {**me, name: value}
                answer = client.open(path, method=method, json=None, headers=headers)
                if answer.status_code >= 500:
                    crashed.append((name, value[:20], answer.text))
    assert crashed == []
