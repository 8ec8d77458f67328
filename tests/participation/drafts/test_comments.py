"""A citizen comments on a draft; the public reads it once an officer published it."""

import uuid
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.core import clock
from smartcity.core.db import transaction
from smartcity.participation.drafts.personal import (
    authors_over,
    erase_author,
    forget_authors,
    held_comments,
)
from smartcity.participation.models import Comment
from tests.helpers import Headers, count, key, rows
from tests.participation.drafts.commenting import (
    MINE,
    QUEUE,
    WORDS,
    comment,
    decided,
    open_draft,
    path,
    shown,
)

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_a_comment_is_kept_once_and_read_by_nobody_before_an_officer(
    app: Flask, client: FlaskClient, me: Headers, stranger: Headers, operator: Headers
) -> None:
    draft = open_draft(app)
    once = {**me, **key()}
    body = {"text": WORDS, "clause": "d2"}
    first, again = (client.post(path(draft), json=body, headers=once) for _ in range(2))
    assert (first.status_code, first.json) == (201, again.json)
    assert (count(app, Comment), shown(client, draft)) == (1, [])
    (mine,) = client.get(MINE, headers=me).json["items"]
    assert (mine["state"], mine["text"]) == ("received", WORDS)
    assert client.get(MINE, headers=stranger).json["items"] == []
    decided(client, operator, {**mine, "version": 1}, "publication")
    (read,) = shown(client, draft, "?clause=d2")
    assert set(read) == {"id", "clause", "text", "made_at", "accepted", "reply"}
    assert shown(client, draft, "?clause=d1") == []


@SQLITE
@pytest.mark.parametrize(
    ("fields", "body", "status", "told"),
    [
        ({}, {"text": "Tốt"}, 422, "text"),
        ({}, {"text": "x" * 4_001}, 422, "text"),
        ({}, {"clause": "d9"}, 422, "clause"),
        ({"opens": "2126-01-01T00:00:00Z", "closes": "2126-01-02T00:00:00Z"}, {}, 409, "not_open"),
        ({"opens": "2026-01-01T00:00:00Z", "closes": "2026-01-02T00:00:00Z"}, {}, 409, "closed"),
    ],
)
def test_what_is_no_comment_is_refused(
    app: Flask,
    client: FlaskClient,
    me: Headers,
    fields: dict[str, Any],
    body: dict[str, Any],
    status: int,
    told: str,
) -> None:
    draft = open_draft(app, **fields)
    refusal = client.post(path(draft), json={"text": WORDS, **body}, headers=me)
    assert (refusal.status_code, told in refusal.text) == (status, True), refusal.json
    assert count(app, Comment) == 0


@SQLITE
def test_it_is_taken_back_with_its_words_until_an_officer_decided(
    app: Flask, client: FlaskClient, me: Headers, stranger: Headers, operator: Headers
) -> None:
    draft = open_draft(app)
    first, second = (comment(client, draft, me) for _ in range(2))
    gone = f"{MINE}/{first['id']}"
    assert client.delete(gone, headers=stranger).status_code == 404
    assert [client.delete(gone, headers=me).status_code for _ in range(2)] == [204, 204]
    (row,) = rows(app, Comment, Comment.state == "taken_back")
    assert (row.text, row.folded) == ("", "")
    decided(client, operator, second, "publication")
    assert client.delete(f"{MINE}/{second['id']}", headers=me).status_code == 409


@SQLITE
def test_who_is_erased_leaves_what_was_published_without_him(
    app: Flask, client: FlaskClient, me: Headers, operator: Headers
) -> None:
    draft = open_draft(app)
    public, waiting = (comment(client, draft, me) for _ in range(2))
    decided(client, operator, public, "publication")
    citizen_id = uuid.UUID(client.get("/api/v1/me", headers=me).json["id"])
    with app.app_context(), transaction() as session:
        held = list(held_comments(session, citizen_id))
        erase_author(session, citizen_id)
    assert sorted(told["state"] for told in held) == ["published", "received"]
    (row,) = rows(app, Comment)
    assert (str(row.id), row.citizen_id) == (public["id"], None)
    assert str(citizen_id) not in str(vars(row))
    assert [read["text"] for read in shown(client, draft)] == [WORDS]
    assert waiting["id"] not in client.get(QUEUE, headers=operator).text


@SQLITE
def test_after_its_term_nobody_knows_any_more_who_wrote_it(
    app: Flask, client: FlaskClient, me: Headers, operator: Headers
) -> None:
    draft = open_draft(app)
    decided(client, operator, comment(client, draft, me), "publication")
    with app.app_context():
        forget_authors(authors_over(clock.now()))
    (row,) = rows(app, Comment)
    assert (row.citizen_id, row.state) == (None, "published")
    assert client.get(MINE, headers=me).json["items"] == []
