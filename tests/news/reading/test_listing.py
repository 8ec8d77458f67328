"""Lists of news: narrowed by labels, pinned first, nothing lost or repeated between pages."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.core.db import reading
from smartcity.news import service as news
from smartcity.news.reading.schemas import NewsCardOut, NewsOut
from tests.helpers import statements
from tests.news.reading.articles import BEGAN, COVER, article, published, take_back

PATH = "/api/v1/news"
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PINNED = {"pinned_until": datetime(2100, 1, 1, tzinfo=UTC)}
LABELLED: list[dict[str, Any]] = [
    {"topics": ["weather"], "areas": ["10507"]},
    {"topics": ["weather", "traffic"], "agency": "so-y-te"},
    {"topics": ["traffic"], "areas": ["10507", "10532"], "categories": ["health", "society"]},
    {"categories": ["health"], "language": "en"},
    {"topics": ["health"], **PINNED},
]


def numbers(client: FlaskClient, query: str = "", path: str = PATH) -> list[int]:
    answer = client.get(f"{path}?{query}")
    assert answer.status_code == 200, answer.json
    return [int(item["title"].split()[-1]) for item in answer.json["items"]]


def test_a_list_is_narrowed_by_each_label_and_by_several(app: Flask, client: FlaskClient) -> None:
    published(app, *(article(n, **labels) for n, labels in enumerate(LABELLED)))
    for query, found in {
        "": [4, 3, 2, 1, 0],
        "category=health": [3, 2],
        "topic=weather": [1, 0],
        "topic=traffic&topic=health": [4, 2, 1],
        "topic=weather&topic=traffic": [2, 1, 0],  # one of both, once
        "area=10507": [2, 0],
        "area=10507&area=10532": [2, 0],
        "agency=so-y-te": [1],
        "language=en": [3],
        "topic=traffic&area=10507": [2],
        "category=society&topic=weather&topic=health": [4, 1, 0],
        "category=health&language=en": [3],
        "agency=so-y-te&language=en": [],
    }.items():
        assert numbers(client, query) == found, query


@pytest.mark.parametrize("query", ["", "topic=weather&topic=traffic", "category=society"])
def test_pages_hold_everything_once_while_news_arrive(
    app: Flask, client: FlaskClient, query: str
) -> None:
    topics = ["weather", "traffic"]
    same_time = {"published_at": BEGAN, "topics": topics}
    published(
        app, *(article(n, **same_time) for n in range(7)), article(7, topics=topics, **PINNED)
    )
    seen, cursor = [], ""
    for new in range(100, 110):
        page = client.get(f"{PATH}?{query}&limit=3{cursor}").json
        seen += [int(item["title"].split()[-1]) for item in page["items"]]
        published(app, article(new, topics=topics))
        if not page["next_cursor"]:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert seen[0] == 7
    assert sorted(seen) == list(range(8))


def test_a_list_is_one_statement(app: Flask, client: FlaskClient) -> None:
    published(app, *(article(n, **labels) for n, labels in enumerate(LABELLED)))
    numbers(client, "area=10507")  # the areas are known now
    for query in ("", "topic=weather&topic=traffic&area=10507&category=society"):
        with statements(app) as seen:
            numbers(client, query)
        assert len(seen) == 1, seen


@SQLITE
def test_foreign_cursors_and_unknown_codes_are_refused(app: Flask, client: FlaskClient) -> None:
    published(app, *(article(n, categories=["health"]) for n in range(3)))
    cursor = client.get(f"{PATH}?limit=1").json["next_cursor"]
    for query in (f"category=health&cursor={cursor}", "cursor=forged"):
        assert client.get(f"{PATH}?{query}").status_code == 400, query
    for query in ("category=gossip", "topic=gossip", "area=1", "agency=nobody", "language=fr"):
        answer = client.get(f"{PATH}?{query}")
        assert answer.status_code == 422, query
    refused = client.get(f"{PATH}?category=gossip", headers={"Accept-Language": "en"})
    assert refused.json["errors"]["category"][0].startswith("Must be one of: government, digital,")
    assert client.get(f"{PATH}?{'&'.join(['topic=health'] * 9)}").status_code == 422
    assert client.get(f"{PATH}?topics=health").status_code == 422


@SQLITE
def test_texts_are_by_the_schemas(app: Flask, client: FlaskClient) -> None:
    said = {
        "agency": "so-y-te",
        "author": "Minh Anh",
        "corrected_at": BEGAN + timedelta(hours=1),
        "correction": "Đã sửa giờ.",
        "source_name": "Báo Hải Phòng",
        "source_link": "https://baohaiphong.vn/1",
        "licence": "full",
        "body": "<p>Một</p><p>hai " + "từ " * 600 + "</p>",
    }
    (ident,) = published(app, article(1, **said), cover=COVER)
    published(app, article(2, **PINNED))
    plain, full = client.get(PATH).json["items"]
    whole = client.get(f"{PATH}/{ident}").json
    for schema, body in ((NewsCardOut, plain), (NewsCardOut, full), (NewsOut, whole)):
        fields = schema().fields
        assert list(body) == list(fields), schema
        assert {name for name, value in body.items() if value is None} <= {
            name for name, field in fields.items() if field.allow_none
        }
    assert plain["pinned"]
    assert plain["cover"] is plain["source"] is plain["corrected_at"] is None
    assert full == {name: value for name, value in whole.items() if name in full}
    assert full["cover"] == COVER
    assert full["published_at"] == "2026-11-22T01:01:00.000+00:00"
    assert full["source"] == {"name": "Báo Hải Phòng", "link": "https://baohaiphong.vn/1"}
    assert full["url"] == f"http://127.0.0.1:8000/news/{ident}"
    assert whole["body_text"].splitlines()[0] == "Một"
    assert whole["reading_minutes"] == 3
    assert "Đã sửa giờ." in client.get(f"{PATH}/{ident}").text  # not escaped


def test_what_was_taken_back_is_gone_and_the_rest_never_was(
    app: Flask, client: FlaskClient
) -> None:
    (ident,) = published(app, article())
    assert client.get(f"{PATH}/{ident}").status_code == 200
    take_back(app, ident)
    gone, absent = client.get(f"{PATH}/{ident}"), client.get(f"{PATH}/{uuid.uuid4()}")
    assert (gone.status_code, gone.json["type"]) == (410, "urn:problem:news.taken_back")
    assert (absent.status_code, absent.json["type"]) == (404, "urn:problem:news.not_public")


def test_others_get_the_latest_of_what_was_chosen_and_whole_texts(app: Flask) -> None:
    ids = published(app, *(article(n, **labels) for n, labels in enumerate(LABELLED)))
    with app.app_context(), reading() as session:

        def latest(*topics: str, areas: tuple[str, ...] = (), limit: int = 9) -> list[int]:
            cards = news.latest(session, topics=topics, areas=areas, limit=limit)
            return [n for card in cards for n, ident in enumerate(ids) if ident in card]

        assert latest() == [4, 3, 2, 1, 0]
        assert latest(limit=2) == [4, 3]
        assert latest("health", "weather") == [4, 1, 0]
        assert latest("health", areas=("10532",)) == [4, 2]
        assert latest("health", "weather", areas=("10507",), limit=3) == [4, 2, 1]
        wholes = news.for_phones(session, [ids[0], ids[3], str(uuid.uuid4())])
    assert set(wholes) == {ids[0], ids[3]}
    assert '"body_html"' in wholes[ids[0]]
