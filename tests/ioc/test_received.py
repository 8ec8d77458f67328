"""What officers read of the callbacks that came in."""

from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from smartcity.audit.models import AuditEntry
from smartcity.core import clock
from tests.helpers import Headers, file_report, rows
from tests.ioc.conftest import CallBack

LIST = "/api/v1/officer/callbacks"


def listed(client: FlaskClient, lead: Headers, **asked: Any) -> list[tuple[str, int, str]]:
    answer = client.get(LIST, query_string=asked, headers=lead)
    assert answer.status_code == 200, answer.json
    return [(one["move"], one["sequence"], one["outcome"]) for one in answer.json["items"]]


def test_callbacks_are_found_by_what_came_of_them(
    app: Flask, client: FlaskClient, me: Headers, lead: Headers, report: dict, call_back: CallBack
) -> None:
    other = file_report(client, me)
    call_back("accept", 5)
    call_back("reject", 4, reason="spam", public_text="x")
    half = clock.now()
    call_back("resolve", 6)
    call_back("accept", 1, report=other["id"])
    every = listed(client, lead)
    assert every == [
        ("accept", 1, "applied"),
        ("resolve", 6, "refused"),
        ("reject", 4, "late"),
        ("accept", 5, "applied"),
    ]
    assert listed(client, lead, outcome="late") == [every[2]]
    assert listed(client, lead, report=other["code"]) == [every[0]]
    assert listed(client, lead, report=report["id"], outcome="refused") == [every[1]]
    assert listed(client, lead, report="HP-2026-999999") == []
    assert listed(client, lead, source="ioc") == every
    assert listed(client, lead, source="other") == []
    assert listed(client, lead, since=half.isoformat()) == every[:2]
    assert listed(client, lead, until=half.isoformat()) == every[2:]
    first = client.get(LIST, query_string={"limit": 1}, headers=lead).json["items"][0]
    assert (first["report"], first["report_id"]) == (other["code"], other["id"])


def test_pages_lose_and_repeat_nothing_at_one_time(
    app: Flask, client: FlaskClient, lead: Headers, report: dict, call_back: CallBack
) -> None:
    with clock.frozen(clock.now()):
        for number in range(5):
            call_back("accept", number + 1, id=f"{number}")
    seen, cursor = [], None
    while True:
        asked = {"limit": 2, **({"cursor": cursor} if cursor else {})}
        page = client.get(LIST, query_string=asked, headers=lead).json
        seen += [one["id"] for one in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
        foreign = {"cursor": cursor, "outcome": "late"}
        assert client.get(LIST, query_string=foreign, headers=lead).status_code == 400
    assert seen == ["4", "3", "2", "1", "0"]


def test_a_file_is_taken_and_noted(
    app: Flask, client: FlaskClient, lead: Headers, report: dict, call_back: CallBack
) -> None:
    call_back("accept", 1, id="=1+1", at="9999-12-31T23:59:59Z")
    answer = client.get(f"{LIST}.csv?outcome=applied", headers=lead)
    head, line = answer.text.removeprefix("\ufeff").splitlines()
    assert head.startswith('"Nhận lúc","Gửi lúc","Nơi gửi","Phản ánh"')
    assert f'"ioc","{report["code"]}","1","accept","applied","\'=1+1"' in line
    (noted,) = rows(app, AuditEntry, AuditEntry.action == "callback.export")
    assert noted.detail["filters"] == {"outcome": "applied"}
