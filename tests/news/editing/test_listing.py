"""Finding articles, looking at what they said before, and taking the list away."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.audit.models import AuditEntry
from smartcity.news.editing.versions import differences
from tests.helpers import UNIT, Headers, rows
from tests.news.editing.desk import ARTICLES, draft, published, refused, saved, taken


def _titles(client: FlaskClient, who: Headers, query: str) -> list[str]:
    answer = client.get(f"{ARTICLES}?{query}", headers=who)
    assert answer.status_code == 200, answer.json
    return [article["title"] for article in answer.json["items"]]


def test_articles_are_found(client: FlaskClient, editor: Headers, chief: Headers) -> None:
    old = published(client, editor, chief, title="Lễ hội Đồ Sơn", categories=["culture"])
    draft(client, editor, title="Cảnh báo lừa đảo", agency=UNIT, language="vi")
    draft(client, editor, title="Flood warning", language="en", categories=["society", "culture"])
    saved(client, chief, old, lead="Khác.")
    everything = ["Lễ hội Đồ Sơn", "Flood warning", "Cảnh báo lừa đảo"]  # the last changed first
    assert _titles(client, editor, "") == everything
    assert _titles(client, editor, "state=draft") == everything[1:]
    assert _titles(client, editor, "category=culture") == everything[:2]
    assert _titles(client, editor, "category=cultur%25") == []
    assert _titles(client, editor, f"agency={UNIT}") == everything[2:]
    assert _titles(client, editor, "q=canh bao lua dao") == everything[2:]
    assert _titles(client, editor, "q=%25") == []
    assert _titles(client, editor, "language=en") == everything[1:2]
    assert _titles(client, editor, "pending=true") == everything[:1]
    assert _titles(client, editor, "since=2999-01-01T00:00:00Z") == []
    first = client.get(f"{ARTICLES}?limit=2", headers=editor).json
    rest = client.get(f"{ARTICLES}?limit=2&cursor={first['next_cursor']}", headers=editor).json
    assert [a["title"] for a in first["items"] + rest["items"]] == everything
    assert rest["next_cursor"] is None


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_list_is_taken_away_as_a_file(
    app: Flask, client: FlaskClient, editor: Headers, unit: Headers
) -> None:
    draft(client, editor, title="=1+1", categories=["society", "culture"])
    answer = client.get(f"{ARTICLES}.csv?state=draft", headers=editor)
    head, line = answer.text.lstrip("\ufeff").splitlines()
    assert head.startswith('"Trạng thái","Chuyên mục"')
    assert '"Bản nháp","society, culture"' in line
    assert '"\'=1+1"' in line
    assert len(client.get(f"{ARTICLES}.csv", headers=unit).text.splitlines()) == 1
    assert len(rows(app, AuditEntry, AuditEntry.action == "article.export")) == 2


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_versions_are_listed_and_compared(
    client: FlaskClient, editor: Headers, chief: Headers
) -> None:
    made = draft(client, editor, body="<p>Mở lúc 7 giờ sáng.</p><p>Miễn phí.</p>")
    saved(client, chief, made, title="Khác", body="<p>Mở lúc 6 giờ sáng.</p><p>Miễn phí.</p>")
    taken(client, editor, made, "submission")
    taken(client, editor, made, "submission", "DELETE")
    path = f"{ARTICLES}/{made['id']}"
    listed = client.get(f"{path}/versions", headers=editor).json["items"]
    assert [v["step"] for v in listed] == ["withdraw", "submit", "edit", "create"]
    first = client.get(f"{path}/versions/1", headers=editor).json
    assert first["content"]["title"] == made["title"]
    compared = client.get(f"{path}/comparison?before=1&after=4", headers=editor).json
    assert [change["field"] for change in compared["changes"]] == ["title", "body"]
    assert compared["body"] == [
        {"kind": "same", "text": "Mở lúc "},
        {"kind": "removed", "text": "7"},
        {"kind": "added", "text": "6"},
        {"kind": "same", "text": " giờ sáng.\n"},
        {"kind": "same", "text": "Miễn phí."},
    ]
    refused(client.get(f"{path}/comparison?before=1&after=5", headers=editor), 404)
    refused(client.get(f"{path}/comparison?before=0&after=1", headers=editor), 422, "before")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", ""),
        ("", "một\nhai"),
        ("một hai\nba", "một\nba bốn"),
        ("a " * 50_000, "b " * 50_000),
        ("a\n" * 5_000, "a\n" * 4_999 + "b\n"),
    ],
)
def test_differences_make_both_texts_again(before: str, after: str) -> None:
    runs = list(differences(before, after))
    assert "".join(run["text"] for run in runs if run["kind"] != "added") == before
    assert "".join(run["text"] for run in runs if run["kind"] != "removed") == after
