"""An article from its draft to the public, corrected, pinned, taken back, and out again."""

from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from smartcity.audit.models import AuditEntry
from smartcity.changes import service as changes
from smartcity.core import clock
from smartcity.core.db import reading
from smartcity.news.models import Label, Published
from smartcity.search.models import Entry
from tests.helpers import Headers, rows, until, work
from tests.news.editing.desk import draft, picture, refused, saved, step, taken


def _public(client: FlaskClient, article: dict[str, Any]) -> Any:
    return client.get(f"/api/v1/news/{article['id']}").json


def _is_public(app: Flask, article: dict[str, Any]) -> tuple[bool, int, int, int]:
    """In the log of changes; rows that are published, labels, and what can be found."""
    with app.app_context(), reading() as session:
        noted = changes.is_public(session, "news", article["id"])
    return (noted, *(len(rows(app, table)) for table in (Published, Label, Entry)))


def test_the_journey_of_an_article(
    app: Flask, client: FlaskClient, editor: Headers, chief: Headers
) -> None:
    cover = {"media_id": picture(app, editor), "alt": "Cầu nhìn từ bờ nam"}
    article = draft(client, editor, cover=cover, topics=["traffic"], author="Minh Anh")
    link = f"/media/public/{cover['media_id']}/0/large.jpg"
    assert client.get(link).status_code == 404
    taken(client, editor, article, "submission")
    refused(step(client, editor, article, "approval"), 403)
    assert _is_public(app, article) == (False, 0, 0, 0)

    out = taken(client, chief, article, "approval")
    assert (out["state"], out["public_version"]) == ("published", out["version"])
    assert _is_public(app, article) == (True, 1, 3, 1)
    shown = _public(client, article)
    assert (shown["title"], shown["cover"]["alt"]) == (article["title"], cover["alt"])
    assert shown["cover"]["links"]["large"].endswith(link)
    assert client.get(link).status_code == 200

    saved(client, editor, article, body="<p>Lúc 6 giờ.</p>", correction="Đã sửa giờ thông xe.")
    assert "7 giờ" in _public(client, article)["body_text"]
    refused(step(client, editor, article, "correction"), 403)
    taken(client, chief, article, "correction")
    shown = _public(client, article)
    assert (shown["body_text"], shown["correction"]) == ("Lúc 6 giờ.", "Đã sửa giờ thông xe.")
    assert shown["corrected_at"] is not None

    monday = clock.now() + timedelta(days=2)
    taken(client, chief, article, "pin", until=monday.isoformat())
    assert _public(client, article)["pinned"] is True
    (row,) = rows(app, Published)
    assert row.sorted_at > clock.now() + timedelta(days=36_000)
    assert {label.sorted_at for label in rows(app, Label)} == {row.sorted_at}
    taken(client, chief, article, "pin", "DELETE")
    assert _public(client, article)["pinned"] is False

    taken(client, chief, article, "withdrawal", reason="Sai số liệu.")
    assert _is_public(app, article) == (False, 0, 0, 0)
    assert client.get(link).status_code == 404
    assert client.get(f"/api/v1/news/{article['id']}").status_code in (404, 410)
    taken(client, editor, article, "republication")
    assert _is_public(app, article) == (True, 1, 3, 1)
    told = [entry.action for entry in rows(app, AuditEntry) if entry.subject_kind == "article"]
    deeds = [
        "create",
        "submit",
        "approve",
        "edit",
        "correct",
        "pin",
        "unpin",
        "unpublish",
        "republish",
    ]
    assert told == [f"article.{deed}" for deed in deeds]


def test_an_article_is_published_at_its_time(
    app: Flask, client: FlaskClient, editor: Headers, chief: Headers
) -> None:
    with clock.frozen(clock.now()):
        soon = clock.now() + timedelta(milliseconds=1)
        article = draft(client, editor, publish_at=soon.isoformat())
        taken(client, editor, article, "submission")
        assert taken(client, chief, article, "approval")["state"] == "scheduled"
        assert not rows(app, Published)
        until(lambda: work(app, "publication"))
    assert _public(client, article)["title"] == article["title"]
