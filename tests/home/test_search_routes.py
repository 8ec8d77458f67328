"""What the phone gets from the search, and what it is refused."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.search.schemas import SearchOut
from tests.conftest import MakeApp
from tests.search.index import entry, fill

SEARCH = "/api/v1/search"
one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_a_hit_as_the_phone_gets_it(app: Flask, client: FlaskClient) -> None:
    fill(app, entry("7", "Cảnh báo lừa đảo", "Kẻ gian lừa đảo qua mạng.", agency="cong-an"))
    answer = client.get(SEARCH, query_string={"q": "lua dao"})
    assert answer.json == {
        "items": [
            {
                "kind": "news",
                "id": "7",
                "title": [
                    {"text": "Cảnh báo ", "hit": False},
                    {"text": "lừa", "hit": True},
                    {"text": " ", "hit": False},
                    {"text": "đảo", "hit": True},
                ],
                "snippet": [
                    {"text": "Kẻ gian ", "hit": False},
                    {"text": "lừa", "hit": True},
                    {"text": " ", "hit": False},
                    {"text": "đảo", "hit": True},
                    {"text": " qua mạng.", "hit": False},
                ],
                "link": "/api/v1/news/7",
                "language": "vi",
                "agency": "cong-an",
                "area": None,
                "published_at": "2026-03-26T00:00:00.000+00:00",
            }
        ],
        "next_cursor": None,
        "corrected": {},
    }
    assert SearchOut().validate(answer.json) == {}
    assert answer.headers["Cache-Control"].startswith("public, max-age=")
    again = client.get(
        SEARCH, query_string={"q": "lua dao"}, headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert (again.status_code, again.data) == (304, b"")


@one_database
def test_filters_pages_and_corrections(app: Flask, client: FlaskClient) -> None:
    fill(app, *(entry(str(n), "Cảnh báo", age=n) for n in range(3)))
    fill(app, entry("d", "Cảnh báo", kind="document", age=9))
    first = client.get(SEARCH, query_string={"q": "camh bao", "kind": "news", "limit": 2}).json
    assert first["corrected"] == {"camh": "cảnh"}
    rest = {"q": "camh bao", "kind": "news", "limit": 2, "cursor": first["next_cursor"]}
    second = client.get(SEARCH, query_string=rest).json
    assert [hit["id"] for hit in first["items"] + second["items"]] == ["0", "1", "2"]
    for other in ({"q": "khac"}, {"kind": "document"}, {"cursor": first["next_cursor"][:-1]}):
        foreign = client.get(SEARCH, query_string={**rest, **other})
        assert (foreign.status_code, foreign.json["type"]) == (400, "urn:problem:request.cursor")


@one_database
def test_suggestions(app: Flask, client: FlaskClient) -> None:
    fill(app, entry("1", "Cảnh báo lừa đảo"))
    answer = client.get(f"{SEARCH}/suggestions", query_string={"q": "canh b"})
    assert answer.json == {"items": ["Cảnh báo lừa đảo"]}
    assert "ETag" in answer.headers


@one_database
@pytest.mark.parametrize("path", [SEARCH, f"{SEARCH}/suggestions"])
def test_what_is_no_question_is_refused(client: FlaskClient, path: str) -> None:
    for query in ("", "q=", "q=%20", "q=" + "a" * 10_000, "q=%00", "q=a&x=1", "q=a&limit=x"):
        assert client.get(f"{path}?{query}").status_code == 422, query[:20]
    for query in ("q=%22", "q=*", "q=%ED%A0%80", "q=%F0%9F%98%80", "q=%FF", "q=a%CC%81"):
        assert client.get(f"{path}?{query}").json["items"] == [], query


@one_database
def test_so_many_a_minute(make_app: MakeApp) -> None:
    client = make_app(search_limit="2 per minute").test_client()
    statuses = [client.get(f"{SEARCH}?q={n}").status_code for n in range(3)]
    assert statuses == [200, 200, 429]
