"""The public list and the counts: filters, pages, caches, on an index."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, text

from smartcity.core import clock
from smartcity.core.db import engine
from tests.helpers import UNIT, Headers, moved, statements
from tests.reports.publication.moderating import PUBLIC, accepted, listed, published
from tests.reports.publication.test_map import fill

INSTANT = timedelta(microseconds=1)


def test_the_public_narrows_the_list(client: FlaskClient, me: Headers, operator: Headers) -> None:
    now = clock.now()
    with clock.frozen(now):
        lamp = accepted(client, me, operator, category="lighting", description="Đèn đường tắt")
    hole = accepted(client, me, operator, category="traffic_infra.pothole", description="Ổ gà")
    hole = moved(client, operator, hole, "assignment", agency=UNIT)
    for report in (lamp, hole):
        published(client, operator, report)
    later = quote((now + INSTANT).isoformat())
    queries = {
        "category=traffic_infra": [hole],
        "category=traffic_infra.pothole": [hole],
        "category=traffic": [],
        "category=lighting": [lamp],
        f"agency={UNIT}": [hole],
        "status=accepted": [lamp],
        f"area={lamp['area']}": [hole, lamp],
        f"since={later}": [hole],
        f"until={later}": [lamp],
        "q=den duong": [lamp],
        "q=ĐƯỜNG đèn": [lamp],
        "q=duon": [],
        "q=%": [],
        "q=!": [],
        "q=o": [hole],
        "": [hole, lamp],
    }
    for query, wanted in queries.items():
        assert listed(client, query) == [report["id"] for report in wanted], query


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_nobody_can_ask_for_is_refused(client: FlaskClient) -> None:
    for query in ("status=submitted", "status=x", "limit=0", "reporter=1", "since=yesterday"):
        assert client.get(f"{PUBLIC}?{query}").status_code == 422, query


def test_pages_lose_nothing_and_cost_alike(
    app: Flask, client: FlaskClient, me: Headers, operator: Headers
) -> None:
    with clock.frozen(clock.now()):
        ids = [accepted(client, me, operator)["id"] for _ in range(4)]
        for ident in ids:
            published(client, operator, {"id": ident})
    seen, cursor, costs = [], "", []
    while cursor is not None:
        with statements(app) as asked:
            page = client.get(f"{PUBLIC}?limit=3{cursor and f'&cursor={cursor}'}").json
        costs.append(len(asked))
        seen += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
    assert sorted(seen) == sorted(ids)
    assert max(costs) == 2, costs


def test_the_cdn_may_keep_it_for_a_minute(
    client: FlaskClient, me: Headers, operator: Headers
) -> None:
    report = accepted(client, me, operator)
    published(client, operator, report)
    paths = (
        PUBLIC,
        f"{PUBLIC}/{report['id']}",
        f"{PUBLIC}/counts",
        f"{PUBLIC}.geojson?bbox=106,20,107,21&zoom=9",
    )
    for path in paths:
        first = client.get(path)
        assert first.headers["Cache-Control"] == "public, max-age=60, stale-while-revalidate=60"
        held = {"If-None-Match": first.headers["ETag"]}
        assert client.get(path, headers=held).status_code == 304
    moved(client, operator, report, "assignment", agency=UNIT)
    for path in paths[:2]:
        assert client.get(path, headers={"If-None-Match": '"x"'}).status_code == 200
    vietnamese, english = (
        client.get(PUBLIC, headers={"Accept-Language": language}) for language in ("vi", "en")
    )
    assert vietnamese.headers["ETag"] != english.headers["ETag"]
    assert "Accept-Language" in vietnamese.headers["Vary"]


def test_every_ward_is_counted(client: FlaskClient, me: Headers, operator: Headers) -> None:
    one, two = accepted(client, me, operator), accepted(client, me, operator, category="lighting")
    accepted(client, me, operator)  # stays hidden
    for report in (one, two):
        published(client, operator, report)
    moved(client, operator, one, "assignment", agency=UNIT)
    wards = {each["area"]: each for each in client.get(f"{PUBLIC}/counts").json["items"]}
    assert len(wards) > 100
    here = wards.pop(one["area"])
    assert (here["count"], here["received"], here["in_progress"], here["done"]) == (2, 2, 0, 0)
    assert here["name_vi"]
    assert {each["count"] for each in wards.values()} == {0}
    narrowed = client.get(f"{PUBLIC}/counts?category=lighting").json["items"]
    assert sum(each["count"] for each in narrowed) == 1


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_postgresql_finds_the_newest_and_a_box_by_an_index(app: Flask, client: FlaskClient) -> None:
    fill(app, [(106 + n % 64 / 64, 20 + n // 64 / 64) for n in range(4096)])
    with app.app_context(), engine().begin() as connection:
        connection.execute(text("ANALYZE reports"))
    wanted = {
        f"{PUBLIC}": "ix_reports_published",
        f"{PUBLIC}.geojson?bbox=106.1,20.1,106.2,20.2&zoom=9": "ix_reports_public_place",
        f"{PUBLIC}.geojson?bbox=106.1,20.1,106.12,20.12&zoom=18": "ix_reports_public_place",
    }
    for path, index in wanted.items():
        assert index in plan(app, client, path), path


def plan(app: Flask, client: FlaskClient, path: str) -> str:
    """How PostgreSQL finds the reports of an answer."""
    asked: list[tuple[str, Any]] = []
    with app.app_context():
        bound = engine()

    def note(_conn: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        asked.append((statement, parameters))

    event.listen(bound, "before_cursor_execute", note)
    assert client.get(path).status_code == 200
    event.remove(bound, "before_cursor_execute", note)
    statement, parameters = next(each for each in asked if "FROM reports" in each[0])
    with bound.connect() as connection:
        rows = connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)
        return "\n".join(row[0] for row in rows)
