"""The web page of a shared link: what Zalo and Facebook read of it, and who cannot see."""

import re
import uuid
from html.parser import HTMLParser
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.changes.kept import FRESH
from smartcity.core.edge import PAGE_POLICY
from tests.conftest import MakeApp
from tests.news.reading.articles import BEGAN, COVER, article, published, take_back

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NASTY = 'Ngập "lụt" <b>& mưa</b> 🌧'


class Page(HTMLParser):
    """Every element in its order with its attributes, and the words of each tag."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: dict[str, str] = {}
        self._in = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._in = tag

    def handle_endtag(self, _tag: str) -> None:
        self._in = ""

    def handle_data(self, data: str) -> None:
        self.words[self._in] = self.words.get(self._in, "") + data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def meta(self) -> dict[str | None, str | None]:
        return {m.get("property") or m.get("name"): m.get("content") for m in self.all("meta")}


def page_of(app: Flask, client: FlaskClient, **values: Any) -> tuple[str, Page]:
    (ident,) = published(app, article(**values), cover=COVER)
    answer = client.get(f"/news/{ident}")
    assert answer.status_code == 200
    assert answer.content_type == "text/html; charset=utf-8"
    assert answer.headers["Content-Security-Policy"] == PAGE_POLICY
    return ident, Page(answer.text)


def test_a_shared_link_tells_title_lead_picture_and_address(
    app: Flask, client: FlaskClient
) -> None:
    ident, page = page_of(app, client, title=NASTY, lead=f"Tóm tắt {NASTY}")
    assert {
        name: page.meta[f"og:{name}"] for name in ("type", "title", "description", "locale")
    } == {
        "type": "article",
        "title": NASTY,
        "description": f"Tóm tắt {NASTY}",
        "locale": "vi_VN",
    }
    assert page.meta["og:url"] == f"http://127.0.0.1:8000/news/{ident}"
    assert page.meta["og:image"] == COVER["links"]["large"]
    assert page.meta["og:image:alt"] == COVER["alt"]
    canonical = [link["href"] for link in page.all("link") if link["rel"] == "canonical"]
    assert canonical == [page.meta["og:url"]]
    assert page.words["h1"] == NASTY


def test_a_page_serves_who_cannot_see_and_runs_nothing(app: Flask, client: FlaskClient) -> None:
    body = "<h2>Mục</h2><p>Một <a href='https://a.vn'>liên kết</a></p>"
    said = {"body": body, "language": "en", "correction": "At 6.", "corrected_at": BEGAN}
    source = {"source_name": None, "source_link": "https://baohaiphong.vn/?a=1&b=2"}
    _, page = page_of(app, client, **said, **source)
    assert page.all("html")[0]["lang"] == "en"
    assert page.meta["og:locale"] == "en_US"
    assert "width=device-width" in str(page.meta["viewport"])
    assert len(page.all("h1")) == 1
    assert all(picture["alt"] for picture in page.all("img"))
    assert not page.all("script") + page.all("style")
    assert not [a for _, attributes in page.elements for a in attributes if re.match("on|style", a)]
    assert "https://baohaiphong.vn/?a=1&b=2" in [a["href"] for a in page.all("a")]
    assert "Correction: At 6." in page.words["p"]


def test_the_style_sheet_and_the_feeds_that_pages_name_are_there(
    app: Flask, client: FlaskClient
) -> None:
    ident, page = page_of(app, client)
    named = [link["href"] for link in page.all("link") if link["rel"] != "canonical"]
    assert len(named) == 4
    for path in (*named, "/news"):
        assert client.get(str(path)).status_code == 200, path
    assert ident in client.get("/news").text


def test_a_page_says_so_when_there_is_nothing_to_read(app: Flask, client: FlaskClient) -> None:
    (ident,) = published(app, article())
    take_back(app, ident)
    for path, status, said, cache in (
        (f"/news/{ident}", 410, "Tin này đã được gỡ.", FRESH),
        (f"/news/{uuid.uuid4()}", 404, "Không có tin này hoặc tin chưa được đăng.", "no-store"),
    ):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (status, cache)
        assert Page(answer.text).words["h1"] == said
    english = client.get(f"/news/{ident}", headers={"Accept-Language": "en"})
    assert Page(english.text).all("html")[0]["lang"] == "en"


def test_a_page_opens_the_app_where_its_scheme_is_known(make_app: MakeApp) -> None:
    app = make_app(app_scheme="haiphong-app")
    ident, page = page_of(app, app.test_client())
    assert f"haiphong-app://news/{ident}" in [a["href"] for a in page.all("a")]
