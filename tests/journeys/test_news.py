"""News from a stranger's feed to a phone's first screen, and what it is told of a correction."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.identity.permissions import Role
from smartcity.sandbox.feeds import Feeds
from tests.conftest import MakeApp
from tests.helpers import Headers, bearer, key, officer, work
from tests.news.editing.desk import ARTICLES, saved, taken
from tests.news.sources.conftest import feed_server, feeds  # noqa: F401
from tests.news.sources.feeds_made import ARTICLE, item, rss

TITLE = "Cảnh báo lừa đảo: mạo danh công an gọi điện"
SOURCE = {"name": "Báo Hải Phòng", "category": "security", "licence": "full"}


@pytest.fixture
def app(make_app: MakeApp, feeds: Feeds) -> Flask:  # noqa: F811
    # Looks at once whether anything public changed.
    return make_app(changes_poll=0)


@pytest.fixture
def editor(app: Flask) -> Headers:
    return bearer(officer(app, Role.CONTENT_EDITOR))


def _asked(client: FlaskClient, path: str, tag: str = "") -> Any:
    answer = client.get(path, headers={"If-None-Match": tag} if tag else {})
    assert answer.status_code in (200, 304), answer.text
    return answer


def _first_screen(client: FlaskClient) -> tuple[list[str], str]:
    """The titles of the latest news, and the tag."""
    answer = _asked(client, "/api/v1/home")
    return [card["title"] for card in answer.json["latest"]], answer.headers["ETag"]


def test_source_review_published_first_screen_304_correction(
    app: Flask,
    client: FlaskClient,
    editor: Headers,
    lead: Headers,
    feeds: Feeds,  # noqa: F811
) -> None:
    url = feeds.put("journey", rss(item(TITLE, "canh-bao", ARTICLE + "<script>1</script>")))
    added = client.post(
        "/api/v1/officer/sources", json={**SOURCE, "url": url}, headers={**editor, **key()}
    )
    assert (added.status_code, added.json["found"]["titles"]) == (201, [TITLE]), added.json
    assert _first_screen(client)[0] == []
    assert work(app, "sources") == 1

    (waiting,) = client.get(f"{ARTICLES}?state=in_review", headers=lead).json["items"]
    published = taken(client, lead, waiting, "approval")
    assert "script" not in published["body"]
    titles, tag = _first_screen(client)
    assert titles == [TITLE]
    assert _asked(client, "/api/v1/home", tag).status_code == 304
    article = f"/api/v1/news/{published['id']}"
    before = _asked(client, article)
    assert (before.json["source"]["name"], before.json["correction"]) == (SOURCE["name"], None)
    assert _asked(client, article, before.headers["ETag"]).status_code == 304
    (found,) = _asked(client, "/api/v1/search?q=canh+bao+lua+dao").json["items"]
    assert found["id"] == published["id"]
    for kind in ("rss", "atom", "json"):
        assert TITLE in _asked(client, f"/feeds/news.{kind}?category=security").text
    copied = _asked(client, "/api/v1/sync").json["next"]

    saved(client, editor, published, title=f"{TITLE} (sửa)", correction="Đã sửa số điện thoại.")
    assert _asked(client, article, before.headers["ETag"]).status_code == 304
    taken(client, lead, published, "correction")
    after = _asked(client, article, before.headers["ETag"])
    assert (after.status_code, after.json["correction"]) == (200, "Đã sửa số điện thoại.")
    assert _first_screen(client)[0] == [f"{TITLE} (sửa)"]
    delta = _asked(client, f"/api/v1/sync?since={copied}").json["items"]
    assert [(d["id"], d["item"]["corrected_at"]) for d in delta] == [
        (published["id"], after.json["corrected_at"])
    ]
