"""Going to a partner: counted by the day, without a name; only to hosts that are listed now."""

import uuid
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.core import clock
from smartcity.core.db import transaction
from smartcity.guide.models import LinkOpenings
from smartcity.guide.partners.partner import PARTNER
from smartcity.identity.permissions import SYSTEM, Role
from smartcity.registers import service as registers
from tests.guide.partners.partners_made import GOOD, partner
from tests.guide.partners.test_partners import province
from tests.helpers import Headers, at_once, bearer, officer, rows, statements
from tests.registers.records_made import published

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
LATE = datetime(2026, 11, 30, 17, 30, tzinfo=UTC)  # 0:30 of 1 December in the province
FIGURES = "/api/v1/officer/partners/openings"


@pytest.fixture
def path(app: Flask) -> str:
    return f"/api/v1/partners/{published(app, PARTNER, **partner()).id}/open"


@pytest.fixture
def reader(app: Flask) -> Headers:
    return bearer(officer(app, Role.CONTENT_EDITOR, "ioc"))


def test_one_goes_there_and_is_counted_by_the_day(
    app: Flask, client: FlaskClient, path: str
) -> None:
    with clock.frozen(LATE):
        answers = [client.get(f"{path}{query}") for query in ("", "?platform=web", "?platform=ios")]
        android = client.get(f"{path}?platform=android")
    for answer in answers:  # who has no page for iPhones is gone to by the web
        assert (answer.status_code, answer.headers["Location"]) == (302, GOOD["web"])
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers.getlist("Referrer-Policy") == ["no-referrer"]
    assert android.headers["Location"] == GOOD["android"]
    (counted,) = rows(app, LinkOpenings)
    assert (counted.day, counted.opened) == (date(2026, 12, 1), 4)


def test_many_at_once_are_all_counted(app: Flask, path: str) -> None:
    assert at_once(*[lambda: app.test_client().get(path).status_code] * 8) == [302] * 8
    (counted,) = rows(app, LinkOpenings)
    assert counted.opened == 8


@SQLITE
def test_counting_takes_one_statement(app: Flask, client: FlaskClient, path: str) -> None:
    client.get(path)
    with statements(app) as seen:
        client.get(path)
    assert [each.split()[0] for each in seen] == ["SELECT", "INSERT"]


@SQLITE
def test_where_to_is_nobodys_to_say(app: Flask, client: FlaskClient, path: str) -> None:
    for asked in ("url=https://evil.vn", "platform=//evil.vn", "platform=", "next=/x"):
        answer = client.get(f"{path}?{asked}")
        assert answer.status_code == 422
        assert "Location" not in answer.headers
    assert rows(app, LinkOpenings) == []


@SQLITE
def test_nobody_is_sent_where_there_is_nothing(app: Flask, client: FlaskClient) -> None:
    bare = published(app, PARTNER, **partner(key="goi-dien", web=None, android=None))
    gone = published(app, PARTNER, **partner(key="da-go"))
    with app.app_context(), transaction() as session:
        registers.move(session, PARTNER, SYSTEM, gone.id, 2, registers.WITHDRAW, "Hết hợp tác.")
    for each, code in ((bare.id, "guide.partner.no_link"), (gone.id, "register.not_found")):
        answer = client.get(f"/api/v1/partners/{each}/open")
        assert (answer.status_code, answer.json["type"]) == (404, f"urn:problem:{code}")
    assert client.get(f"/api/v1/partners/{uuid.uuid4()}/open").status_code == 404
    assert rows(app, LinkOpenings) == []


@SQLITE
def test_a_host_that_is_listed_no_more_is_gone_to_no_more(
    path: str, make_app: Any, tmp_path: Any
) -> None:
    client = make_app(province_dir=province(tmp_path, "www.xanhsm.com")).test_client()
    assert client.get(f"{path}?platform=android").headers["Location"] == GOOD["web"]
    client = make_app(province_dir=province(tmp_path, "play.google.com")).test_client()
    assert client.get(path).status_code == 404


def test_officers_see_the_figures_of_a_month(
    app: Flask, client: FlaskClient, path: str, reader: Headers
) -> None:
    published(app, PARTNER, **partner(key="tau-hoa", title="Đường sắt", category="train"))
    for day, times in ((21, 2), (30, 1)):
        with clock.frozen(datetime(2026, 11, day, 16, 59, tzinfo=UTC)):  # the last minute here
            for _ in range(times):
                client.get(path)
    with clock.frozen(LATE):
        client.get(path)

    def figures(month: str) -> list[tuple[str, int]]:
        answer = client.get(f"{FIGURES}?month={month}", headers=reader)
        return [(each["title"], each["opened"]) for each in answer.json["items"]]

    assert figures("2026-11") == [("Đường sắt", 0), (GOOD["title"], 3)]
    assert figures("2026-12") == [("Đường sắt", 0), (GOOD["title"], 1)]
    assert figures("2027-01") == [("Đường sắt", 0), (GOOD["title"], 0)]
    page = client.get(f"{FIGURES}?month=2026-11&limit=1", headers=reader).json
    rest = client.get(
        f"{FIGURES}?month=2026-11&limit=1&cursor={page['next_cursor']}", headers=reader
    ).json
    assert [each["key"] for each in (*page["items"], *rest["items"])] == ["tau-hoa", "xanh-sm"]


@SQLITE
def test_the_figures_as_a_file(app: Flask, client: FlaskClient, path: str, reader: Headers) -> None:
    with clock.frozen(LATE):
        client.get(path)
    answer = client.get(f"{FIGURES}.csv?month=2026-12", headers=reader)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    lines = answer.get_data(as_text=True).splitlines()
    assert lines[1:] == ['"2026-12","xanh-sm","Taxi điện Xanh SM","taxi","none","1"']


@SQLITE
def test_a_month_is_written_as_one(client: FlaskClient, reader: Headers) -> None:
    for month in ("", "2026", "2026-13", "2026-1", "9999-12", "٢٠٢٦-١١"):
        answer = client.get(f"{FIGURES}?month={month}", headers=reader)
        assert (answer.status_code, list(answer.json["errors"])) == (422, ["month"])
