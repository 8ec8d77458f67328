"""Public news from memory, in the whole application: nobody's own, counted, and soon fresh."""

import time

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.conftest import MakeApp
from tests.core.test_health import value
from tests.helpers import bearer, citizen, statements, until
from tests.news.reading.articles import article, published, take_back

PATH = "/api/v1/news"
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
# All that an answer from memory may tell; a new one must be the same for everybody.
TOLD = {
    "Cache-Control",
    "Content-Length",
    "Content-Security-Policy",
    "Content-Type",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy",
    "ETag",
    "Permissions-Policy",
    "Referrer-Policy",
    "X-Content-Type-Options",
}


def from_memory(answer: TestResponse) -> bool:
    return answer.status_code == 200 and "X-Request-ID" not in answer.headers


def kept(client: FlaskClient, path: str) -> TestResponse:
    for _ in range(2):
        assert not from_memory(client.get(path))
    answer = client.get(path)
    assert from_memory(answer), path
    return answer


@SQLITE
def test_all_of_the_public_side_is_kept(make_app: MakeApp) -> None:
    app = make_app(changes_poll=60.0)
    client = app.test_client()
    (ident,) = published(app, article())
    feeds = [f"/feeds/news.{suffix}" for suffix in ("rss", "atom", "json")]
    lists = [PATH, f"{PATH}?category=society", f"{PATH}/categories"]
    for path in (*lists, f"{PATH}/{ident}", *feeds, "/news", f"/news/{ident}"):
        whole = kept(client, path)
        assert set(whole.headers.keys()) == TOLD, path
        with statements(app) as seen:
            again = client.get(path, headers={"If-None-Match": whole.headers["ETag"]})
        assert (again.status_code, again.data, seen) == (304, b"", []), path
    for path in (f"{PATH}?x=1", f"{PATH}?category=gossip", f"{PATH}/{'0' * 32}"):
        assert [client.get(path).status_code // 100 for _ in range(3)] == [4] * 3
        assert "X-Request-ID" in client.get(path).headers, path


@SQLITE
def test_who_is_signed_in_is_answered_for_himself(make_app: MakeApp) -> None:
    app = make_app(cors_origins=("https://app.example.vn",))
    client = app.test_client()
    published(app, article())
    me = bearer(citizen(app))
    whole = kept(client, PATH)
    for headers in (me, {"Origin": "https://app.example.vn"}):
        answers = [client.get(PATH, headers=headers) for _ in range(3)]
        assert not any(map(from_memory, answers))
        assert answers[0].data == whole.data
    assert answers[0].headers["Access-Control-Allow-Origin"] == "https://app.example.vn"
    assert (whole.vary.to_header(), "Access-Control-Allow-Origin" in whole.headers) == (
        "Origin",
        False,
    )
    for _ in range(3):
        assert "X-Request-ID" in client.get("/api/v1/me", headers=me).headers


def test_a_publish_is_seen_by_other_processes_soon(make_app: MakeApp) -> None:
    here, there = make_app(), make_app(changes_poll=0.3).test_client()
    (first,) = published(here, article(1))
    kept(there, PATH)
    (second,) = published(here, article(2))
    began = time.monotonic()
    until(lambda: second in there.get(PATH).text)
    assert time.monotonic() - began < 0.8
    kept_now = there.get(PATH)
    assert from_memory(kept_now)
    assert first in kept_now.text
    take_back(here, second)
    until(lambda: second not in there.get(PATH).text)


@SQLITE
def test_answers_from_memory_are_counted(make_app: MakeApp) -> None:
    app = make_app()
    client = app.test_client()
    published(app, article())
    before = client.get("/metrics").text
    kept(client, PATH)
    client.get(PATH)
    after = client.get("/metrics").text
    grown = {
        result: value(after, "kept_answers_total", result=result)
        - value(before, "kept_answers_total", result=result)
        for result in ("hit", "miss")
    }
    assert grown == {"hit": 2, "miss": 2}
