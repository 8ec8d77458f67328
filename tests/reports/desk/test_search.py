"""Officers' search: words, limits, polygon, the reporter's number."""

import unicodedata
import uuid
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from smartcity.audit.models import AuditEntry
from smartcity.core import clock
from smartcity.core.db import transaction
from smartcity.identity.permissions import Role
from smartcity.privacy.erasure import erase_due
from smartcity.reports.models import Report
from tests.helpers import UNIT, Headers, bearer, citizen, file_report, officer, rows, statements

LIST = "/api/v1/officer/reports"
MINE = "+84912345678"


def put(app: Flask, report: dict, **columns: Any) -> None:
    """Bring a report's columns to a state, by the back door."""
    with app.app_context(), transaction() as session:
        session.execute(
            update(Report).where(Report.id == uuid.UUID(report["id"])).values(**columns)
        )


def found(client: FlaskClient, who: Headers, query: str) -> list[str]:
    answer = client.get(f"{LIST}?{query}", headers=who)
    assert answer.status_code == 200, answer.json
    return [item["id"] for item in answer.json["items"]]


def searched(client: FlaskClient, who: Headers, **asked: Any) -> list[str]:
    answer = client.post(f"{LIST}/search", json=asked, headers=who)
    assert answer.status_code == 200, answer.json
    return [item["id"] for item in answer.json["items"]]


def ring(*places: tuple[float, float]) -> dict[str, Any]:
    """A polygon through [longitude, latitude] places."""
    return {"type": "Polygon", "coordinates": [[list(p) for p in (*places, places[0])]]}


def test_every_word_must_occur_with_or_without_accents(
    client: FlaskClient, me: Headers, operator: Headers
) -> None:
    told = "Cống ở ngõ-12/34 Nguyễn Trãi tắc, ĐƯỜNG ngập; gọi anh.ba@x.vn"
    report = file_report(client, me, description=told)
    file_report(client, me, description="Cống tắc ở đường Trần Phú")
    hits = ["cong tac nguyen", "NGUYỄN trãi", unicodedata.normalize("NFD", "tắc đường ngập")]
    hits += [
        "34 nguyen",
        "ngo 12",
        "nguyen tr*",
        "tr* ng* tac",
        "nguyen trai ngap",
        "cống, (nguyễn) & trãi!",
        "ba",
    ]
    misses = [
        "cong tac ngap le loi",
        "guyen",
        "nguy trai",
        "nguyen tr",
        "*",
        "1 nguyen",
        "!!!",
        "🔥",
        "cong | la:*",
    ]
    for words in hits:
        assert report["id"] in found(client, operator, f"q={quote(words)}"), words
    for words in misses:
        assert report["id"] not in found(client, operator, f"q={quote(words)}"), words
    assert len(found(client, operator, "q=cong tac")) == 2


def test_several_of_a_filter_are_given_by_repeating_it(
    app: Flask, client: FlaskClient, me: Headers, operator: Headers
) -> None:
    sub = file_report(client, me, category="traffic_infra.pothole")
    top = file_report(client, me, category="traffic_infra")
    other = file_report(client, me, category="noise")
    put(app, other, status="accepted", agency=UNIT)
    assert set(found(client, operator, "category=traffic_infra")) == {sub["id"], top["id"]}
    assert found(client, operator, "category=traffic_infra.pothole") == [sub["id"]]
    both = "category=noise&category=traffic_infra.pothole"
    assert set(found(client, operator, both)) == {sub["id"], other["id"]}
    assert len(found(client, operator, "status=submitted&status=accepted")) == 3
    assert found(client, operator, f"agency={UNIT}&agency=so-y-te") == [other["id"]]
    assert searched(client, operator, status=["accepted"], category=["noise"]) == [other["id"]]
    wrong = client.get(f"{LIST}?status=submitted&status=dragons", headers=operator)
    assert (wrong.status_code, list(wrong.json["errors"])) == (422, ["status"])


def test_flags_of_a_report_narrow_the_list(
    app: Flask, client: FlaskClient, me: Headers, operator: Headers
) -> None:
    marked, plain = file_report(client, me), file_report(client, me)
    columns = {"extended": True, "reopenings": 1, "lane": "review", "channel": "hotline"}
    put(app, marked, **columns, hints=[{"code": "bad_evidence.same_photo"}])
    put(app, plain, lane=None, channel="app", hints=[])
    for query in (
        "extended=true",
        "reopened=true",
        "lane=review",
        "channel=hotline",
        "hint=bad_evidence.same_photo",
    ):
        assert found(client, operator, query) == [marked["id"]], query
    assert found(client, operator, "extended=false&reopened=false&channel=app") == [plain["id"]]
    assert found(client, operator, "hint=bad_evidence") == []


def test_limits_narrow_and_order_the_list(
    app: Flask, client: FlaskClient, me: Headers, operator: Headers
) -> None:
    now, hour = clock.now(), timedelta(hours=1)
    late, soon, ended, latest = (file_report(client, me) for _ in range(4))
    for report, due in ((late, -hour), (soon, hour), (ended, None), (latest, -2 * hour)):
        put(app, report, due_at=due and now + due)
    assert set(found(client, operator, "overdue=true")) == {late["id"], latest["id"]}
    assert set(found(client, operator, "overdue=false")) == {soon["id"], ended["id"]}
    at = quote(now.isoformat())
    assert found(client, operator, f"due_after={at}") == [soon["id"]]
    assert set(found(client, operator, f"due_before={at}")) == {late["id"], latest["id"]}
    seen, cursor = [], ""
    while cursor is not None:
        path = f"{LIST}?sort=due&limit=1{cursor and f'&cursor={cursor}'}"
        page = client.get(path, headers=operator).json
        seen += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
    assert seen == [latest["id"], late["id"], soon["id"]]


def test_a_cursor_of_one_order_is_no_good_in_the_other(
    app: Flask, client: FlaskClient, me: Headers, operator: Headers
) -> None:
    for _ in range(2):
        put(app, file_report(client, me), due_at=clock.now())
    cursor = client.get(f"{LIST}?sort=due&limit=1", headers=operator).json["next_cursor"]
    for query in ("", "sort=submitted&", "sort=due&overdue=true&"):
        answer = client.get(f"{LIST}?{query}limit=1&cursor={cursor}", headers=operator)
        assert answer.json["type"] == "urn:problem:request.cursor", query


def test_a_polygon_finds_what_lies_in_it_page_by_page(
    client: FlaskClient, me: Headers, operator: Headers
) -> None:
    inside = [file_report(client, me, longitude=106.33 + n / 1000)["id"] for n in range(3)]
    notch = file_report(client, me, longitude=106.335, latitude=20.95)["id"]
    hollow = ring(
        (106.32, 20.93), (106.35, 20.93), (106.35, 20.96), (106.335, 20.945), (106.32, 20.96)
    )
    assert set(searched(client, operator, polygon=hollow)) == set(inside)
    assert set(searched(client, operator, polygon=hollow, status=["submitted"])) == set(inside)
    around = ring((106.3, 20.9), (106.4, 20.9), (106.4, 21.0), (106.3, 21.0))
    assert set(searched(client, operator, polygon=around)) == {*inside, notch}
    hole = ring((106.334, 20.949), (106.336, 20.949), (106.336, 20.951), (106.334, 20.951))
    around["coordinates"] += hole["coordinates"]
    assert set(searched(client, operator, polygon=around)) == set(inside)
    walked, cursor = [], None
    while not walked or cursor:
        more = {"cursor": cursor} if cursor else {}
        body = {"polygon": hollow, "limit": 2, **more}
        page = client.post(f"{LIST}/search", json=body, headers=operator).json
        walked += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
    assert sorted(walked) == sorted(inside)
    elsewhere = ring((2.2, 48.8), (2.4, 48.8), (2.4, 48.9), (2.2, 48.9))
    assert searched(client, operator, polygon=elsewhere) == []


SQUARE = [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]
BAD = {
    "self-crossing": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]],
    "flat": [[[0, 0], [1, 1], [2, 2], [0, 0]]],
    "open": [SQUARE[:-1]],
    "two points": [[[0, 0], [1, 1], [0, 0]]],
    "hole outside": [SQUARE, [[5, 5], [6, 5], [6, 6], [5, 5]]],
    "101 points": [[*([n / 100, 0] for n in range(100)), [0, 0]]],
    "latitude first": [[[20, 106], [21, 106], [21, 107], [20, 106]]],
    "three numbers": [[[*place, 5] for place in SQUARE]],
    "infinite": [[[float("inf"), 0], *SQUARE[1:]]],
    "text": "POLYGON((0 0))",
    "no ring": [],
}


@pytest.mark.parametrize("wrong", BAD)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_bad_polygon_is_named(client: FlaskClient, operator: Headers, wrong: str) -> None:
    body = {"polygon": {"type": "Polygon", "coordinates": BAD[wrong]}}
    answer = client.post(f"{LIST}/search", json=body, headers=operator)
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["polygon"]), answer.json


def test_a_number_finds_what_its_holder_filed_under_his_name(
    app: Flask, client: FlaskClient, me: Headers, stranger: Headers, lead: Headers
) -> None:
    mine = file_report(client, me)
    hidden = file_report(client, me, category="security", anonymous=True)
    file_report(client, stranger)
    assert searched(client, lead, phone="0912 345 678") == [mine["id"]]
    assert hidden["id"] not in searched(client, lead, phone=MINE)
    assert searched(client, lead, phone="0987000999") == []
    entries = [e for e in rows(app, AuditEntry) if e.action == "report.search_reporter"]
    assert len(entries) == 3
    assert entries[-1].subject_id is None
    assert not any("912345678" in str((e.detail, e.before, e.after)) for e in entries)


def test_a_number_is_searched_by_the_centre_only(
    client: FlaskClient, me: Headers, unit: Headers, leader: Headers, auditor: Headers
) -> None:
    file_report(client, me)
    for who in (unit, leader, auditor):
        answer = client.post(f"{LIST}/search", json={"phone": MINE}, headers=who)
        assert (answer.status_code, list(answer.json["errors"])) == (403, ["phone"])
        assert client.post(f"{LIST}/search", json={}, headers=who).status_code == 200


def test_a_number_in_an_address_is_refused(client: FlaskClient, operator: Headers) -> None:
    for path in (LIST, f"{LIST}.csv"):
        answer = client.get(f"{path}?phone=x", headers=operator)
        assert (answer.status_code, list(answer.json["errors"])) == (422, ["phone"])
    wrong = client.post(f"{LIST}/search", json={"phone": "12"}, headers=operator)
    assert (wrong.status_code, list(wrong.json["errors"])) == (422, ["phone"])


def test_a_number_of_somebody_restricted_or_erased_finds_nothing(
    app: Flask, client: FlaskClient, me: Headers, operator: Headers
) -> None:
    report = file_report(client, me)
    assert client.put("/api/v1/me/restriction", headers=me).status_code < 300
    assert searched(client, operator, phone=MINE) == []
    assert client.delete("/api/v1/me/restriction", headers=me).status_code < 300
    assert searched(client, operator, phone=MINE) == [report["id"]]
    assert client.delete("/api/v1/me", headers=me).status_code < 300
    with app.app_context(), clock.frozen(clock.now() + timedelta(days=8)):
        erase_due()
    assert searched(client, operator, phone=MINE) == []
    bearer(citizen(app, MINE))  # the number's next holder
    assert searched(client, operator, phone=MINE) == []


def test_a_unit_finds_only_what_it_was_given(
    app: Flask, client: FlaskClient, me: Headers, unit: Headers
) -> None:
    given, _ = file_report(client, me), file_report(client, me)
    put(app, given, agency=UNIT, due_at=clock.now() - timedelta(hours=1))
    around = ring((106.0, 20.0), (107.0, 20.0), (107.0, 21.5), (106.0, 21.5))
    assert searched(client, unit, polygon=around) == [given["id"]]
    assert found(client, unit, "q=o ga") == found(client, unit, "sort=due") == [given["id"]]
    astray = bearer(officer(app, Role.UNIT_OFFICER, "so-y-te"))
    assert searched(client, astray, polygon=around, agency=[UNIT]) == []


def test_a_search_costs_no_more_statements_than_a_list(
    app: Flask, client: FlaskClient, me: Headers, operator: Headers
) -> None:
    for _ in range(3):
        file_report(client, me)
    query = f"{LIST}?q=o ga&status=submitted&category=traffic_infra&overdue=false&sort=due"
    client.get(query, headers=operator)
    with statements(app) as seen:
        client.get(query, headers=operator)
    assert len(seen) <= 3, seen
