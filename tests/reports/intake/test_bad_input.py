"""What phones send that is not a good report, and what must not hurt one that is."""

import unicodedata
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.core import clock
from smartcity.identity.permissions import Role
from smartcity.reports.models import Report, ReportEvent
from tests.helpers import Headers, bearer, citizen, file_report, move, officer, report_body, rows

REPORTS = "/api/v1/reports"
SEARCH = "/api/v1/officer/reports"


def description(client: FlaskClient, me: Headers, told: object) -> tuple[int, set[str]]:
    answer = client.post(REPORTS, json=report_body(description=told), headers=me)
    return answer.status_code, {*answer.json.get("errors", ())}


@pytest.mark.parametrize(
    ("told", "taken"),
    [
        ("ế" * 5000, True),
        (unicodedata.normalize("NFD", "ế" * 5000), True),  # 15,000 characters as sent
        ("ế" * 5001, False),
        ("ngập " * 5000, False),  # 5,000 words
        ("😀🚧🔥", False),
        ("👨‍👩‍👧‍👦 ❤️ 🇻🇳", False),
        ("!!! 12345 ???", False),
        ("\u200b\u202e\ufeff", False),
        ("🚧 sụt đường", True),
        ("道路", True),
        ("x", True),
        (None, False),
        (["chữ"], False),
    ],
    ids=lambda value: ascii(value)[:20],
)
def test_a_description_describes(
    client: FlaskClient, me: Headers, told: object, taken: bool
) -> None:
    expected = (201, set()) if taken else (422, {"description"})
    assert description(client, me, told) == expected


def test_emoji_alone_are_answered_in_words(client: FlaskClient, me: Headers) -> None:
    answer = client.post(REPORTS, json=report_body(description="🔥🔥"), headers=me)
    assert answer.json["errors"]["description"] == ["Hãy mô tả sự việc bằng chữ."]


def test_decomposed_letters_are_stored_composed_and_found(
    app: Flask, client: FlaskClient, me: Headers, operator: Headers
) -> None:
    whole = "Cống tắc ở ngõ Đặng Tiến Đông"
    apart = unicodedata.normalize("NFD", whole)
    assert file_report(client, me, description=apart)["description"] == whole
    assert rows(app, Report)[0].folded == "cong tac o ngo dang tien dong"
    for words in ("dang tien dong", "Đặng Tiến", unicodedata.normalize("NFD", "Cống tắc")):
        found = client.get(SEARCH, query_string={"q": words}, headers=operator).json["items"]
        assert len(found) == 1, words


@pytest.mark.parametrize(
    ("place", "fields"),
    [
        ({"latitude": 20.3, "longitude": 107.3}, {"latitude", "longitude"}),  # the open sea
        ({"latitude": 106.33, "longitude": 20.94}, {"latitude"}),  # swapped
        ({"latitude": 0, "longitude": 0}, {"latitude", "longitude"}),
        ({"latitude": None}, {"latitude"}),
        ({"latitude": "NaN"}, {"latitude"}),
        ({"area": "99999"}, {"area"}),
        ({"area": ""}, {"area"}),
    ],
)
def test_a_place_is_in_the_province(
    client: FlaskClient, me: Headers, place: dict, fields: set[str]
) -> None:
    answer = client.post(REPORTS, json=report_body(**place), headers=me)
    assert (answer.status_code, {*answer.json["errors"]}) == (422, fields)


def test_a_clock_set_back_loses_no_step(app: Flask, client: FlaskClient, me: Headers) -> None:
    report = file_report(client, me)
    with clock.frozen(clock.now() - timedelta(minutes=5)):
        operator = bearer(officer(app, Role.IOC_OPERATOR, "ioc"))
        accepted = move(client, operator, report, "acceptance")
        assert accepted.status_code == 200, accepted.json
    steps = client.get(f"{REPORTS}/{report['id']}/timeline", headers=me).json["items"]
    assert [step["move"] for step in steps] == ["submit", "accept"]
    assert [e.sequence for e in rows(app, ReportEvent)] == [1, 2]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_year_of_a_code_is_the_year_here(app: Flask, client: FlaskClient) -> None:
    for at, year in (("2026-12-31T16:59:59+00:00", 2026), ("2026-12-31T17:00:00+00:00", 2027)):
        with clock.frozen(datetime.fromisoformat(at)):
            me = bearer(citizen(app))
            code = client.post(REPORTS, json=report_body(), headers=me).json["code"]
            assert code.startswith(f"HP-{year}-")
