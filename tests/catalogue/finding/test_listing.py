"""The list of procedures over the API: questions, filters, pages, and what is new."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.catalogue.finding import index
from smartcity.catalogue.finding.index import matches
from smartcity.catalogue.models import Procedure
from smartcity.catalogue.register import publishing
from smartcity.core.db import transaction
from smartcity.identity.permissions import SYSTEM
from tests.catalogue.records_made import bring, record

LIST = "/api/v1/services"
sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def _codes(client: FlaskClient, **query: str | int) -> list[str]:
    answer = client.get(LIST, query_string=query)
    assert answer.status_code == 200, answer.json
    return [item["code"] for item in answer.json["items"]]


def test_a_question_finds_what_is_published_and_no_more(app: Flask, client: FlaskClient) -> None:
    bring(app, record("1.900001", "Cấp giấy phép nuôi voi"), record("1.900002", "Khai báo mèo"))
    assert _codes(client, q="nuôi voi")[0] == "1.900001"
    bring(app, record("1.900001", "Cấp giấy phép nuôi hổ"), record("1.900003", "Chăm sóc voi"))
    assert _codes(client, q="voi") == ["1.900003"]
    with app.app_context(), transaction() as session:
        publishing.withdraw(session, SYSTEM, session.get_one(Procedure, "1.900003"), "Bãi bỏ")
    assert _codes(client, q="voi") == []
    with app.app_context():
        assert [match.code for match in matches("nuôi hổ", 3)] == ["1.900001"]


@sqlite
def test_many_changes_at_once_are_read_anew(app: Flask, client: FlaskClient) -> None:
    bring(app, record("1.900001", "Cấp giấy phép nuôi voi"))
    assert _codes(client) == ["1.900001"]
    many = [record(f"1.91{n:04}", f"Việc số {n}") for n in range(index.FEW + 1)]
    bring(app, *many)
    assert _codes(client, q="việc số 200")[0] == "1.910200"
    assert _codes(client, q="voi") == ["1.900001"]


@sqlite
def test_filters_combine(app: Flask, client: FlaskClient) -> None:
    online = {"channels": [{"way": "online"}], "degree": "full", "essential": [9]}
    bring(
        app,
        record("1.900001", life_events=["child"], **online),
        record("1.900002", life_events=["child"], degree="partial", levels=["province"]),
        record("1.900003", field="Hộ tịch", agency="Sở Tư pháp", subjects=["foreigner"]),
    )
    assert _codes(client, life_event="child") == ["1.900001", "1.900002"]
    assert _codes(client, life_event="child", level="province") == ["1.900002"]
    assert _codes(client, life_event="child", degree="full", channel="online") == ["1.900001"]
    assert _codes(client, essential="9") == _codes(client, essential="true") == ["1.900001"]
    assert _codes(client, field="Hộ tịch", agency="Sở Tư pháp") == ["1.900003"]
    assert _codes(client, subject="foreigner", q="nuôi voi") == ["1.900003"]
    assert _codes(client, subject="foreigner", life_event="child") == []


@sqlite
@pytest.mark.parametrize(
    "query",
    [
        {"life_event": "party"},
        {"subject": "cats"},
        {"level": "moon"},
        {"degree": "much"},
        {"channel": "pigeon"},
        {"essential": "26"},
        {"ward": "00000"},
        {"limit": 51},
        {"q": "x" * 201},
        {"q": ""},
        {"colour": "red"},
    ],
)
def test_an_unknown_value_names_its_field(client: FlaskClient, query: dict[str, str]) -> None:
    answer = client.get(LIST, query_string=query)
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == list(query)


@sqlite
@pytest.mark.parametrize("query", [{}, {"q": "nuôi voi"}])
def test_pages_hold_everything_once(app: Flask, client: FlaskClient, query: dict[str, str]) -> None:
    codes = [f"1.90000{n}" for n in range(5)]
    bring(app, *(record(code) for code in codes))
    found, cursor = [], None
    while cursor or not found:
        asked = {**query, "limit": 2, **({"cursor": cursor} if cursor else {})}
        page = client.get(LIST, query_string=asked).json
        found += [item["code"] for item in page["items"]]
        cursor = page["next_cursor"]
    assert found == codes
    first = client.get(LIST, query_string={**query, "limit": 2}).json["next_cursor"]
    foreign = client.get(LIST, query_string={"q": "hổ", "cursor": first})
    assert foreign.status_code == 400


@sqlite
def test_without_a_question_the_much_used_come_first(app: Flask, client: FlaskClient) -> None:
    bring(app, *(record(f"1.90000{n}") for n in range(4)))
    with app.app_context(), transaction() as session:
        session.get_one(Procedure, "1.900002").opened = 7
        session.get_one(Procedure, "1.900003").opened = 9
    assert _codes(client) == ["1.900003", "1.900002", "1.900000", "1.900001"]
    page = client.get(LIST, query_string={"limit": 1}).json
    rest = _codes(client, limit=3, cursor=page["next_cursor"])
    assert rest == ["1.900002", "1.900000", "1.900001"]


@sqlite
def test_a_ward_names_the_office(app: Flask, client: FlaskClient) -> None:
    bring(app, record("1.900001"), record("1.900002", counter=None))
    ward = "11407"
    items = client.get(LIST, query_string={"ward": ward}).json["items"]
    assert items[0]["served_by"]["ward"] == ward
    assert items[1]["served_by"] is None
    assert client.get(LIST).json["items"][0]["served_by"] is None


@sqlite
def test_what_was_understood_is_told(client: FlaskClient) -> None:
    answer = client.get(LIST, query_string={"q": "sổ đỏ"}).json
    told = {"said": "sổ đỏ", "meant": "giấy chứng nhận quyền sử dụng đất"}
    assert told in answer["understood"]
