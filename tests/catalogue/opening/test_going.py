"""Going from a procedure to where it is handed in, and being counted without a name."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from smartcity.catalogue.models import Procedure, ProcedureOpenings
from smartcity.catalogue.opening import usage
from smartcity.catalogue.register import publishing
from smartcity.core import clock
from smartcity.core.db import insert_all, reading, transaction
from smartcity.identity.permissions import SYSTEM
from tests.catalogue.portals_made import IDS, link
from tests.catalogue.records_made import bring, record
from tests.helpers import at_once, rows, statements

CODE = "1.900001"
PATH = f"/api/v1/services/{CODE}/open"
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PLAY = "https://play.google.com/store/apps/details?id=vn.gov.cong"
LATE = datetime(2026, 11, 22, 18, 30, tzinfo=UTC)  # 1:30 of the 23rd in the province


@pytest.fixture
def app(app: Flask) -> Flask:
    bring(app, record(CODE, link=link()), record("1.900002", link=None))
    return app


def test_one_goes_there_and_is_counted_by_the_day(app: Flask, client: FlaskClient, portal) -> None:
    with clock.frozen(LATE):
        answers = [client.get(PATH) for _ in range(2)]
        answers.append(client.get("/api/v1/services/1.900001.000.00.00.H01/open"))
    for answer in answers:
        assert answer.status_code == 302
        assert answer.headers["Location"] == f"{portal.url}/thu-tuc-hanh-chinh/{IDS[0]}"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers.getlist("Referrer-Policy") == ["no-referrer"]
    (counted,) = rows(app, ProcedureOpenings)
    assert (counted.code, counted.day, counted.opened) == (CODE, date(2026, 11, 23), 3)


def test_many_at_once_are_all_counted(app: Flask) -> None:
    def go() -> int:
        return app.test_client().get(PATH).status_code

    assert at_once(*[go] * 8) == [302] * 8
    (counted,) = rows(app, ProcedureOpenings)
    assert counted.opened == 8


@SQLITE
def test_counting_takes_one_statement(app: Flask, client: FlaskClient) -> None:
    client.get(PATH)
    with statements(app) as seen:
        client.get(PATH)
    assert [each.split()[0] for each in seen] == ["SELECT", "INSERT"]


@SQLITE
@pytest.mark.parametrize(
    ("asked", "leads"),
    [
        ("platform=android&app_version=2.1", f"cong://thu-tuc/{IDS[0]}"),
        ("platform=android&app_version=2.1.0", f"cong://thu-tuc/{IDS[0]}"),
        ("platform=android&app_version=10.0", f"cong://thu-tuc/{IDS[0]}"),
        ("platform=android&app_version=2.0.9", PLAY),
        ("platform=android", PLAY),
        ("platform=ios&app_version=9", "https://apps.apple.com/vn/app/id123456789"),
    ],
)
def test_a_phone_is_led_into_the_app_if_that_is_new_enough(
    client: FlaskClient, asked: str, leads: str
) -> None:
    assert client.get(f"{PATH}?{asked}").headers["Location"] == leads


@SQLITE
@pytest.mark.parametrize(
    "asked",
    [
        *("url=https://evil.vn", "next=//evil.vn", "redirect=/\\evil.vn", "platform=//evil.vn"),
        *("platform=web%0d%0aLocation:%20//evil.vn", "app_version=1%0d%0aSet-Cookie:a=b"),
        *("app_version=٢.١", "app_version=1.2.3.4.5", "id=00000000-0000-0000-0000-0000000000a1"),
    ],
)
def test_where_to_is_nobodys_to_say(app: Flask, client: FlaskClient, asked: str) -> None:
    answer = client.get(f"{PATH}?{asked}")
    assert answer.status_code == 422
    assert "Location" not in answer.headers
    assert rows(app, ProcedureOpenings) == []


@SQLITE
@pytest.mark.parametrize(
    "code",
    [
        *("1.999999", "evil.vn", "%2F%2Fevil.vn", "..%5C..%5Cevil.vn", "1.900001@evil.vn"),
        *("1.900001%0d%0aLocation:%20https:%2F%2Fevil.vn", "1.900001%00", "١.٩٠٠٠٠١"),
    ],
)
def test_a_code_leads_to_its_procedure_or_nowhere(client: FlaskClient, code: str) -> None:
    answer = client.get(f"/api/v1/services/{code}/open")
    assert answer.status_code == 404
    assert "Location" not in answer.headers


@SQLITE
@pytest.mark.parametrize(
    "values",
    [
        {"template": "national_portal", "values": {"id": "evil.vn"}},
        {"template": "national_portal", "values": {"id": ".."}},
        {"template": "portal_that_was", "values": {}},
    ],
)
def test_a_link_that_fits_no_portal_is_none(app, client, values: dict[str, Any]) -> None:
    """What an import refuses may still stand here, since the file of portals changes."""
    bring(app, record(CODE, link=values))
    answer = client.get(PATH)
    assert (answer.status_code, answer.json["type"]) == (404, "urn:problem:opening.no_link")


@SQLITE
def test_without_a_link_one_is_told_what_to_do(app: Flask, client: FlaskClient) -> None:
    answer = client.get("/api/v1/services/1.900002/open")
    assert answer.status_code == 404
    assert "nộp trực tiếp" in answer.json["detail"]
    assert rows(app, ProcedureOpenings) == []


def test_a_withdrawn_procedure_leads_nowhere(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction() as session:
        publishing.withdraw(session, SYSTEM, session.get_one(Procedure, CODE), "Bãi bỏ")
    assert client.get(PATH).status_code == 410


@SQLITE
def test_one_address_may_not_count_for_ever(make_app, app: Flask) -> None:
    folder = app.extensions["smartcity"]["settings"].province_dir
    client = make_app(province_dir=folder, search_limit="2 per hour").test_client()
    assert [client.get(PATH).status_code for _ in range(3)] == [302, 302, 429]


def test_use_is_summed_up_over_thirty_days(app: Flask) -> None:
    with clock.frozen(LATE), app.app_context():
        today = usage.today()
        days = {0: 5, 29: 2, 30: 100, 400: 7, 401: 9}
        with transaction() as session:
            told = [
                {"code": CODE, "day": today - timedelta(days=ago), "opened": number}
                for ago, number in days.items()
            ]
            insert_all(session, ProcedureOpenings, told)
            session.get_one(Procedure, "1.900002").opened = 3
            assert usage.usage(session) == {CODE: 7}
            assert usage.sum_up(session) == 2
        with transaction() as session:
            assert usage.sum_up(session) == 0  # nothing differs any more
        with reading() as session:
            stands = dict(session.execute(select(Procedure.code, Procedure.opened)).all())
            versions = session.scalars(select(Procedure.version)).all()
    assert stands == {CODE: 7, "1.900002": 0}
    assert versions == [1, 1]
    kept = [(today - row.day).days for row in rows(app, ProcedureOpenings)]
    assert sorted(kept) == [0, 29, 30, 400]
