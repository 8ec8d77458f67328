"""Our feeds by the letter of their specifications, and as a much used reader takes them."""

from datetime import datetime, timedelta
from typing import Any

import feedparser
import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.changes.kept import FRESH
from tests.news.reading.articles import BEGAN, COVER, article, published
from tests.news.reading.feed_rules import CHECKS

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SUFFIXES = list(CHECKS)
MIMETYPES = {
    "rss": "application/rss+xml; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "json": "application/feed+json",
}
NASTY = [
    {"title": "5 < 6 & “bảy” ]]> 🌧", "lead": 'a < b & "c" <i>d</i>'},
    {"title": "chữ\x1f \ufffeđiều\x0bkhiển", "body": "<p>Một\x0c hai</p>"},
    {"body": "", "language": "en", "author": "Ngọc & Minh <ngoc@example.vn>"},
    {"corrected_at": BEGAN + timedelta(days=1), "correction": "6 < 7", "agency": "so-y-te"},
    {"categories": ["health", "society"], "source_name": "Báo Hải Phòng", "topics": ["health"]},
    {
        "pinned_until": datetime.fromisoformat("2100-01-01T00:00:00+07:00"),
        "categories": ["given_up"],
    },
]


def fill(app: Flask) -> list[str]:
    return published(app, *(article(n, **values) for n, values in enumerate(NASTY)), cover=COVER)


def fed(client: FlaskClient, suffix: str, query: str = "") -> list[dict[str, Any]]:
    answer = client.get(f"/feeds/news.{suffix}{query}")
    assert answer.status_code == 200
    assert answer.content_type == MIMETYPES[suffix]
    assert answer.headers["Cache-Control"] == FRESH
    return CHECKS[suffix](answer.data)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_feed_is_by_its_specification(app: Flask, client: FlaskClient, suffix: str) -> None:
    assert fed(client, suffix) == []
    ids = fill(app)
    entries = fed(client, suffix)
    assert [entry["id"] for entry in entries] == [f"urn:uuid:{ident}" for ident in reversed(ids)]
    retired, sourced, corrected, english, control, title = entries
    assert title["title"] == NASTY[0]["title"]
    assert title["content"].startswith('<p><img src="https://app.example.vn/media/public/1/large"')
    assert title["content"].endswith("<p>Nội dung của tin.</p>")
    assert title["published"] == BEGAN
    assert (title["author"], title["tags"]) == ("Hải Phòng", ["Xã hội"])
    assert control["title"] == ("chữ điềukhiển" if suffix != "json" else NASTY[1]["title"])
    assert english["author"] == NASTY[2]["author"]
    assert english["content"].endswith("<p>Tóm tắt của tin.</p>")
    assert "Đính chính: 6 &lt; 7" in corrected["content"]
    assert corrected["author"] == "Sở Y tế"
    assert (sourced["author"], sourced["tags"]) == ("Báo Hải Phòng", ["Y tế", "Xã hội"])
    assert retired["tags"] == ["given_up"]
    if suffix != "rss":
        assert corrected["updated"] == BEGAN + timedelta(days=1)
        assert english["language"] == "en"


@pytest.mark.parametrize("suffix", ["rss", "atom"])
def test_a_feed_reader_finds_no_fault(app: Flask, client: FlaskClient, suffix: str) -> None:
    fill(app)
    entries = fed(client, suffix)
    answer = client.get(f"/feeds/news.{suffix}")
    read = feedparser.parse(answer.data, response_headers={"content-type": answer.content_type})
    assert read.bozo == 0, read.get("bozo_exception")
    assert read.version == {"rss": "rss20", "atom": "atom10"}[suffix]
    assert read.feed.language == "vi"
    assert [each.id for each in read.entries] == [entry["id"] for entry in entries]
    for seen, entry in zip(read.entries, entries, strict=True):
        assert seen.link == entry["link"]
        assert seen.author == entry["author"] or "<" in entry["author"]  # it takes out the address
        assert datetime(*seen.published_parsed[:6]) == entry["published"].replace(
            tzinfo=None
        ) - timedelta(hours=7)
        assert [tag.get("label") or tag.term for tag in seen.tags] == entry["tags"]
    assert read.entries[-1].content[0].value.endswith("<p>Nội dung của tin.</p>")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_feed_of_a_category_has_that_alone(app: Flask, client: FlaskClient, suffix: str) -> None:
    ids = fill(app)
    query = "?category=health"
    assert [entry["id"] for entry in fed(client, suffix, query)] == [f"urn:uuid:{ids[4]}"]
    answer = client.get(f"/feeds/news.{suffix}{query}")
    for told in ("Tin tức – Y tế – Hải Phòng", f"/feeds/news.{suffix}{query}"):
        assert told in answer.text
    assert client.get(f"/feeds/news.{suffix}?category=gossip").status_code == 422


def test_a_feed_ends_after_thirty(app: Flask, client: FlaskClient) -> None:
    published(app, *(article(n) for n in range(32)))
    assert [entry["title"] for entry in fed(client, "rss")] == [
        f"Tin số {n}" for n in range(31, 1, -1)
    ]
