"""What a citizen is shown before he sends, and what an officer is."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from smartcity.core import clock
from smartcity.core.db import engine, reading
from smartcity.reports.duplicates.similar import candidates
from smartcity.reports.models import OPEN, Report
from smartcity.reports.workflow import ENDED
from tests.helpers import UNIT, Headers, bearer, citizen, file_report, moved
from tests.reports.duplicates.conftest import Look, change, found, neighbours

NORTH = 1 / 111_195  # of a metre in degrees


def test_the_likeliest_come_first(app: Flask, client: FlaskClient, looked: Look) -> None:
    (near,) = neighbours(app, client, 1)
    (far,) = neighbours(app, client, 1, latitude=20.94 + 80 * NORTH)
    (other,) = neighbours(app, client, 1, category="bus", description="Xe buýt bỏ bến")
    neighbours(app, client, 1, latitude=20.94 + 160 * NORTH)  # out of reach
    seen = looked(description="O ga rat to truoc so 12 Tran Phu")
    assert [s["code"] for s in seen][:2] == [near["code"], far["code"]]
    assert [s["distance_m"] for s in seen][:2] == [0, 80]
    assert other["code"] not in [s["code"] for s in seen]


def test_before_anything_is_written_place_and_category_tell(
    app: Flask, client: FlaskClient, looked: Look
) -> None:
    (report,) = neighbours(app, client, 1)
    assert [s["code"] for s in looked()] == [report["code"]]
    assert looked(category="traffic_infra.pothole") != []
    assert looked(category="education") == []


def test_five_at_most_and_each_once(app: Flask, client: FlaskClient, looked: Look) -> None:
    made = neighbours(app, client, 7)
    seen = [s["code"] for s in looked()]
    assert len(set(seen)) == len(seen) == 5
    assert set(seen) <= {m["code"] for m in made}


def test_words_stay_hidden_until_they_are_public(
    app: Flask, client: FlaskClient, looked: Look, me: Headers
) -> None:
    report = file_report(client, me, address="12 Trần Phú", latitude=20.940_012_34)
    (seen,) = looked()
    assert (seen["description"], seen["latitude"], seen["mine"]) == (None, 20.94, False)
    assert "Trần Phú" not in str(seen)
    assert not {"reporter", "address", "reporter_id", "submitted_at"} & seen.keys()
    change(
        app,
        report,
        visibility="public",
        public_description="Ổ gà.",
        public_latitude=20.9405,
        public_longitude=106.33,
    )
    (seen,) = looked()
    assert (seen["description"], seen["latitude"], seen["distance_m"]) == ("Ổ gà.", 20.9405, 60)
    (mine,) = looked(me)
    assert mine["mine"]


def test_nobody_learns_by_asking_that_he_was_reported(
    app: Flask, client: FlaskClient, looked: Look, me: Headers
) -> None:
    report = file_report(client, me, category="noise", description="Hát karaoke ồn ào")
    asked = {"category": "noise", "description": "Hát karaoke ồn ào"}
    assert looked(**asked) == []
    assert [s["mine"] for s in looked(me, **asked)] == [True]
    path = f"/api/v1/reports/{report['id']}/support"
    stranger = bearer(citizen(app, "+84987654321"))
    assert client.put(path, headers=stranger).status_code == 404
    change(app, report, visibility="public", public_latitude=20.941, public_longitude=106.331)
    (seen,) = looked(**asked)
    assert (seen["latitude"], seen["longitude"]) == (20.941, 106.331)
    assert seen["distance_m"] == 150


@pytest.mark.parametrize("status", sorted(ENDED))
def test_what_is_over_is_not_shown(
    app: Flask, client: FlaskClient, looked: Look, status: str
) -> None:
    (report,) = neighbours(app, client, 1)
    assert looked()
    change(app, report, status=status)
    assert looked() == []


def test_what_is_old_is_not_shown(app: Flask, client: FlaskClient, looked: Look) -> None:
    (report,) = neighbours(app, client, 1)
    change(app, report, submitted_at=clock.now() - timedelta(days=31))
    assert looked() == []


def test_the_index_knows_which_states_are_open() -> None:
    assert all(f"'{status}'" in OPEN.text for status in ENDED)
    assert OPEN.text.count("'") == 2 * len(ENDED)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_the_index_is_used(app: Flask, client: FlaskClient, looked: Look) -> None:
    neighbours(app, client, 1)
    with app.app_context(), engine().begin() as connection:
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        plan = connection.execute(
            text(
                f"EXPLAIN SELECT id FROM reports WHERE {OPEN.text} AND "
                "point(longitude, latitude) <@ box(point(106, 20), point(107, 21)) "
                "AND tstzrange(submitted_at, submitted_at, '[]') <@ tstzrange(now(), NULL) "
                "ORDER BY point(longitude, latitude) <-> point(106, 20) LIMIT 5"
            )
        ).scalars()
        told = "\n".join(plan)
    assert "ix_reports_open_place" in told
    assert "Sort" not in told


def test_a_bad_question_is_refused(client: FlaskClient, me: Headers) -> None:
    good = {"category": "traffic_infra", "latitude": 20.94, "longitude": 106.33}
    for field, value in {
        "category": "no-such",
        "latitude": "91",
        "longitude": "x",
        "description": "x" * 301,
    }.items():
        answer = client.get(
            "/api/v1/reports/similar", query_string={**good, field: value}, headers=me
        )
        assert (answer.status_code, answer.json["errors"].keys()) == (422, {field})


def test_an_officer_sees_texts_and_scores(
    app: Flask, client: FlaskClient, operator: Headers, unit: Headers
) -> None:
    first, second = neighbours(app, client, 2)
    path = f"/api/v1/officer/reports/{second['id']}/similar"
    (item,) = client.get(path, headers=operator).json["items"]
    assert (item["report"]["code"], item["distance_m"]) == (first["code"], 0)
    assert item["report"]["description"] == first["description"]
    assert item["score"] > 0.9
    first, second = (moved(client, operator, r, "acceptance") for r in (first, second))
    assert client.get(path, headers=unit).status_code == 404
    moved(client, operator, second, "assignment", agency=UNIT)
    assert client.get(path, headers=unit).json["items"] == []  # the first is not this unit's
    moved(client, operator, first, "assignment", agency=UNIT)
    assert len(client.get(path, headers=unit).json["items"]) == 1


def test_the_look_at_a_new_report_finds_the_likely_ones(app: Flask, client: FlaskClient) -> None:
    first, second, third = neighbours(app, client, 3)
    change(app, third, latitude=20.945)
    with app.app_context(), reading() as session:
        report = session.get_one(Report, found(app, second).id)
        matches = candidates(session, report)
    assert [m.report.code for m in matches] == [first["code"]]
    assert matches[0].score > 0.8
