"""Lists: nothing lost or repeated while rows arrive, at a constant number of statements."""

import uuid
from datetime import timedelta
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.core import clock
from tests.helpers import UNIT, Headers, file_report, moved, statements

MINE = "/api/v1/me/reports"
OFFICERS = "/api/v1/officer/reports"
INSTANT = timedelta(microseconds=1)


def pages(client: FlaskClient, headers: Headers, path: str, limit: int = 2):
    """Walk a list to its end, page by page."""
    cursor = ""
    while cursor is not None:
        mark = "&" if "?" in path else "?"
        answer = client.get(
            f"{path}{mark}limit={limit}{cursor and f'&cursor={cursor}'}", headers=headers
        )
        assert answer.status_code == 200, answer.json
        yield [item["id"] for item in answer.json["items"]]
        cursor = answer.json["next_cursor"]


def test_a_walk_loses_and_repeats_nothing_while_reports_arrive(
    client: FlaskClient, me: Headers, stranger: Headers
) -> None:
    now = clock.now()
    with clock.frozen(now):  # all at one instant: the id decides
        filed = [file_report(client, me)["id"] for _ in range(5)]
    file_report(client, stranger)
    walk, seen = pages(client, me, MINE), []
    for page in walk:
        seen += page
        with clock.frozen(now + len(seen) * INSTANT):
            file_report(client, me)
    assert sorted(seen) == sorted(filed)
    assert len(next(pages(client, me, MINE, limit=100))) == 5 + 3


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_cursor_is_of_one_list_and_one_filter(
    client: FlaskClient, me: Headers, operator: Headers
) -> None:
    for _ in range(3):
        file_report(client, me)
    cursor = client.get(f"{OFFICERS}?limit=1&urgent=false", headers=operator).json["next_cursor"]
    good = client.get(f"{OFFICERS}?limit=2&urgent=false&cursor={cursor}", headers=operator)
    assert len(good.json["items"]) == 2
    # Not the last letter, two of whose bits say nothing.
    forged = f"{cursor[:-2]}{'A' if cursor[-2] != 'A' else 'B'}{cursor[-1]}"
    for path, who in [
        (f"{OFFICERS}?urgent=true&cursor={cursor}", operator),
        (f"{OFFICERS}?cursor={cursor}", operator),
        (f"/api/v1/me/inbox?cursor={cursor}", me),
        (f"{OFFICERS}?urgent=false&cursor={forged}", operator),
        (f"{OFFICERS}?urgent=false&cursor={cursor}.x", operator),
        (f"{OFFICERS}?urgent=false&cursor=W10.{cursor.partition('.')[2]}", operator),
    ]:
        answer = client.get(path, headers=who)
        assert (answer.status_code, answer.json["type"]) == (400, "urn:problem:request.cursor"), (
            path
        )


def test_an_officer_narrows_the_list(client: FlaskClient, me: Headers, operator: Headers) -> None:
    now = clock.now()
    with clock.frozen(now):
        old = file_report(client, me, description="Đèn đường tắt, ngõ 100% tối")
    new = file_report(client, me, urgent=True, category="noise", description="Quán ồn ào")
    new = moved(client, operator, new, "acceptance")
    new = moved(client, operator, new, "assignment", agency=UNIT)
    later = quote((now + INSTANT).isoformat())
    queries = {
        "status=assigned": [new],
        "status=submitted": [old],
        "category=noise": [new],
        "urgent=true": [new],
        f"agency={UNIT}": [new],
        f"area={old['area']}": [new, old],
        f"code={old['code']}": [old],
        f"since={later}": [new],
        f"until={later}": [old],
        "q=den duong": [old],
        "q=ĐÈN": [old],
        "q=100%25": [old],
        "q=1_0": [],
        "q=nothing": [],
        "status=submitted&urgent=true": [],
    }
    for query, wanted in queries.items():
        found = client.get(f"{OFFICERS}?{query}", headers=operator).json["items"]
        assert {r["id"] for r in found} == {r["id"] for r in wanted}, query


def test_a_longer_page_costs_no_more_statements(
    app: Flask, client: FlaskClient, me: Headers, operator: Headers
) -> None:
    for _ in range(6):
        file_report(client, me)
    for path, who in ((MINE, me), (OFFICERS, operator)):
        assert client.get(path, headers=who).status_code == 200
        costs = []
        for limit in (1, 6):
            with statements(app) as seen:
                assert len(client.get(f"{path}?limit={limit}", headers=who).json["items"]) == limit
            costs.append(len(seen))
            assert not [s for s in seen if "count(" in s.lower()]
        assert costs[0] == costs[1] <= 3, costs


def test_an_unknown_report_has_no_timeline(client: FlaskClient, operator: Headers) -> None:
    for path in (f"/api/v1/reports/{uuid.uuid4()}/timeline", f"{OFFICERS}/{uuid.uuid4()}"):
        assert client.get(path, headers=operator).status_code == 404
