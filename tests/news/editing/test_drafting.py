"""Drafts: written, saved while one types, brought back to an earlier text, given up."""

import unicodedata
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.audit.models import AuditEntry
from smartcity.core import clock
from smartcity.identity.permissions import Role
from smartcity.news.models import Article, Version
from tests.helpers import OTHER_UNIT, UNIT, Headers, bearer, key, officer, rows
from tests.news.editing.desk import (
    ARTICLES,
    draft,
    picture,
    published,
    refused,
    saved,
    seen,
    step,
    taken,
    wished,
)

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NOON = datetime(2026, 11, 23, 12, 0, 30, tzinfo=clock.LOCAL)


def test_a_draft_has_what_was_asked(client: FlaskClient, editor: Headers) -> None:
    asked = wished(
        title=unicodedata.normalize("NFD", "Lễ hội 👨‍👩‍👧\nbắt đầu"),
        body="<p onclick=x>Chào <script>x</script></p>",
        source_link="https://báo.vn/tin?a=1",
    )
    answer = client.post(ARTICLES, json=asked, headers=editor)
    made = answer.json
    assert (answer.status_code, answer.headers["ETag"], made["version"]) == (201, '"1"', 1)
    assert (made["title"], made["body"]) == ("Lễ hội 👨‍👩‍👧 bắt đầu", "<p>Chào </p>")
    assert (made["state"], made["pending"], made["public_version"]) == ("draft", False, None)
    assert made["moves"] == ["edit", "restore", "submit", "discard"]
    assert seen(client, editor, made) == made


def test_a_repeat_makes_no_second_draft(app: Flask, client: FlaskClient, editor: Headers) -> None:
    again = {**editor, **key()}
    first, second = (client.post(ARTICLES, json=wished(), headers=again) for _ in range(2))
    assert first.json["id"] == second.json["id"]
    assert len(rows(app, Article)) == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": "\u202e"}, "title"),
        ({"title": "x" * 301}, "title"),
        ({"body": "x" * 200_001}, "body"),
        ({"body": "<b>" * 10_001}, "body"),
        ({"body": "&" * 100_000}, "body"),
        ({"body": None}, "body"),
        ({"categories": ["weddings"]}, "categories"),
        ({"topics": ["weddings"]}, "topics"),
        ({"areas": ["99999"]}, "areas"),
        ({"agency": "no-such"}, "agency"),
        ({"language": "fr"}, "language"),
        ({"source_link": "http://bao.vn/"}, "source_link"),
        ({"source_link": "javascript:alert(1)"}, "source_link"),
        ({"source_link": "https:// x"}, "source_link"),
        ({"cover": {"media_id": "0198c0de-4a6e-7c3f-9d0f-6f1b2a3c4d5e"}}, "cover"),
        ({"cover": {"media_id": "0198c0de-4a6e-7c3f-9d0f-6f1b2a3c4d5e", "alt": "x"}}, "cover"),
        (
            {"gallery": [{"media_id": "0198c0de-4a6e-7c3f-9d0f-6f1b2a3c4d5e", "alt": " "}]},
            "gallery",
        ),
        (
            {"attachments": [{"file_id": "0198c0de-4a6e-7c3f-9d0f-6f1b2a3c4d5e", "title": "x"}]},
            "attachments",
        ),
        ({"publish_at": "2036-01-01T00:00:00Z"}, "publish_at"),
        ({"correction": "Sửa."}, "correction"),
        ({"state": "published"}, "state"),
    ],
)
def test_what_no_article_may_be_is_refused(
    client: FlaskClient, editor: Headers, wrong: dict[str, Any], field: str
) -> None:
    refused(client.post(ARTICLES, json=wished(**wrong), headers=editor), 422, field)


def test_twenty_megabytes_are_too_many(client: FlaskClient, editor: Headers) -> None:
    huge = client.post(ARTICLES, json=wished(body="x" * 20_000_000), headers=editor)
    refused(huge, 413, "body")


def test_a_change_is_of_the_version_that_was_seen(
    client: FlaskClient, editor: Headers, chief: Headers
) -> None:
    made = draft(client, editor)
    path, body = f"{ARTICLES}/{made['id']}", {"lead": "Khác."}
    refused(client.patch(path, json=body, headers=chief), 428)
    changed = client.patch(path, json=body, headers={**chief, "If-Match": '"1"'})
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"2"')
    assert (changed.json["lead"], changed.json["title"]) == ("Khác.", made["title"])
    refused(client.patch(path, json=body, headers={**editor, "If-Match": '"1"'}), 412)


def test_saving_the_same_again_makes_no_version(
    app: Flask, client: FlaskClient, editor: Headers
) -> None:
    made = draft(client, editor)
    same = saved(client, editor, made, **wished())
    assert same == made
    assert len(rows(app, Version)) == 1
    assert len(rows(app, AuditEntry, AuditEntry.action == "article.edit")) == 0


def test_savings_of_one_person_within_minutes_are_one_version(
    app: Flask, client: FlaskClient
) -> None:
    with clock.frozen(NOON):
        one, other = (bearer(officer(app, Role.CONTENT_EDITOR)) for _ in range(2))
        made = draft(client, one)
        saved(client, one, made, lead="1")
        saved(client, one, made, lead="2")
        saved(client, other, made, lead="3")
    with clock.frozen(NOON + timedelta(minutes=10)):
        saved(client, other, made, lead="4")
    assert [(v.version, v.content["lead"]) for v in rows(app, Version)] == [
        (1, made["lead"]),
        (3, "2"),
        (4, "3"),
        (5, "4"),
    ]


def test_a_unit_writes_for_itself(
    app: Flask, client: FlaskClient, unit: Headers, editor: Headers
) -> None:
    made = draft(client, unit)
    assert made["agency"] == UNIT
    refused(step(client, unit, made, "", "PATCH", agency=OTHER_UNIT), 422, "agency")
    refused(client.post(ARTICLES, json=wished(agency=OTHER_UNIT), headers=unit), 422, "agency")
    another = draft(client, editor, agency=OTHER_UNIT)
    refused(client.get(f"{ARTICLES}/{another['id']}", headers=unit), 404)
    refused(
        client.patch(f"{ARTICLES}/{another['id']}", headers={**unit, "If-Match": '"1"'}, json={}),
        404,
    )
    assert [a["id"] for a in client.get(ARTICLES, headers=unit).json["items"]] == [made["id"]]


def test_what_is_given_up_comes_back_as_a_draft(client: FlaskClient, editor: Headers) -> None:
    made = draft(client, editor)
    assert taken(client, editor, made, "discard", reason="Trùng.")["state"] == "discarded"
    refused(step(client, editor, made, "submission"), 409)
    back = taken(client, editor, made, "versions/1/restoration", reason="Nhầm.")
    assert back["state"] == "discarded"  # it says the same: nothing happened
    assert saved(client, editor, made, lead="Khác.")["state"] == "draft"


def test_an_earlier_version_comes_back(
    app: Flask, client: FlaskClient, editor: Headers, chief: Headers
) -> None:
    cover = {"media_id": picture(app, editor, made=False), "alt": "Cầu"}
    made = draft(client, editor, cover=cover)
    saved(client, chief, made, cover=None, title="Khác")
    back = taken(client, chief, made, "versions/1/restoration", reason="Bản đầu đúng hơn.")
    assert (back["title"], back["cover"], back["version"]) == (made["title"], cover, 3)
    (_, _, last) = rows(app, Version)
    assert (last.step, last.reason) == ("restore", "Bản đầu đúng hơn.")
    refused(step(client, chief, made, "versions/9/restoration", reason="x"), 404)


def test_a_picture_of_another_is_refused(
    app: Flask, client: FlaskClient, editor: Headers, chief: Headers
) -> None:
    theirs = {"media_id": picture(app, chief, made=False), "alt": "Cầu"}
    refused(client.post(ARTICLES, json=wished(gallery=[theirs]), headers=editor), 422, "gallery")
    made = draft(client, chief, cover=theirs, gallery=[theirs])
    refused(client.post(ARTICLES, json=wished(cover=theirs), headers=chief), 422, "cover")
    listed = client.get(f"{ARTICLES}/{made['id']}/media", headers=editor).json
    assert [(p["id"], p["ready"], p["shown"]) for p in listed["pictures"]] == [
        (theirs["media_id"], False, False)
    ]


def test_what_is_public_stays_while_it_is_written_on(
    client: FlaskClient, editor: Headers, chief: Headers
) -> None:
    made = published(client, editor, chief)
    changed = saved(client, editor, made, title="Khác")
    assert (changed["state"], changed["pending"]) == ("published", True)
    assert "correct" in changed["moves"]
    taken(client, chief, made, "pin", until=(clock.now() + timedelta(days=1)).isoformat())
    assert client.get(f"/api/v1/news/{made['id']}").json["title"] == made["title"]
    assert saved(client, editor, made, title=made["title"])["pending"] is False
    taken(client, chief, made, "withdrawal", reason="Sai.")
    assert saved(client, editor, made, title="Khác")["state"] == "draft"
