"""What a citizen keeps at hand, and how large he reads it: on his account alone."""

import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert
from werkzeug.test import TestResponse

from smartcity.changes import service as changes
from smartcity.core import clock
from smartcity.core.db import transaction
from smartcity.home import bookmarks
from smartcity.home.models import Bookmark
from smartcity.home.service import erase_bookmarks, held_bookmarks
from tests.helpers import Headers, at_once, count, rows, statements
from tests.news.reading.articles import article, published, take_back

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
KEPT = "/api/v1/me/bookmarks"


def keep(client: FlaskClient, who: Headers, ref: str, kind: str = "news") -> TestResponse:
    return client.put(f"{KEPT}/{kind}/{ref}", headers=who)


def listed(client: FlaskClient, who: Headers, query: str = "") -> list[str]:
    return [item["id"] for item in client.get(f"{KEPT}?{query}", headers=who).json["items"]]


def test_what_is_kept_is_listed_as_it_is_now(
    app: Flask, client: FlaskClient, me: Headers, stranger: Headers
) -> None:
    first, second = published(app, article(1), article(2))
    for ref in (first, second, first):
        assert keep(client, me, ref).status_code == 204
    assert (listed(client, me), listed(client, stranger)) == ([second, first], [])
    take_back(app, second)
    answer = client.get(KEPT, headers=me)
    gone, there = answer.json["items"]
    assert (gone["id"], gone["gone"], gone["item"]) == (second, True, None)
    assert there["item"] == client.get(f"/api/v1/news/{first}").json
    assert answer.headers["Cache-Control"] == "no-store"
    for _ in range(2):
        assert client.delete(f"{KEPT}/news/{second}", headers=me).status_code == 204
    assert listed(client, me) == [first]


@SQLITE
def test_only_what_is_public_is_kept(app: Flask, client: FlaskClient, me: Headers) -> None:
    (ref,) = published(app, article(1))
    take_back(app, ref)
    with app.app_context(), transaction() as session:
        changes.appeared(session, "unheard_of", "1")
    for kind, wanted in (("news", ref), ("news", "x" * 99), ("report", ref), ("unheard_of", "1")):
        assert keep(client, me, wanted, kind).status_code == 404, kind
    assert count(app, Bookmark) == 0


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_what_is_no_name_at_all_is_kept_by_nobody(client: FlaskClient, me: Headers) -> None:
    for path in ("news/%00", "%00/1", "news/%ff", "news/" + "a" * 5000):
        assert client.put(f"{KEPT}/{path}", headers=me).status_code == 404
        assert client.delete(f"{KEPT}/{path}", headers=me).status_code == 204


def test_kept_twice_at_once_it_is_kept_once(app: Flask, me: Headers) -> None:
    (ref,) = published(app, article(1))
    answers = at_once(*(lambda: keep(app.test_client(), me, ref) for _ in range(4)))
    assert [answer.status_code for answer in answers] == [204] * 4
    assert count(app, Bookmark) == 1


@SQLITE
def test_five_hundred_are_enough(app: Flask, client: FlaskClient, me: Headers) -> None:
    first, second = published(app, article(1), article(2))
    keep(client, me, first)
    (mine,) = rows(app, Bookmark)
    values = {"citizen_id": mine.citizen_id, "kind": "card", "made_at": clock.now()}
    with app.app_context(), transaction() as session:
        many = [{**values, "id": uuid.uuid4(), "ref": str(n)} for n in range(bookmarks.MOST - 1)]
        session.execute(insert(Bookmark), many)
    assert keep(client, me, second).status_code == 409
    assert keep(client, me, first).status_code == 204
    client.delete(f"{KEPT}/card/0", headers=me)
    assert keep(client, me, second).status_code == 204


@SQLITE
def test_pages_lose_nothing_and_cost_a_statement_a_kind(
    app: Flask, client: FlaskClient, me: Headers
) -> None:
    refs = published(app, *(article(number) for number in range(5)))
    for ref in refs:
        keep(client, me, ref)
    client.get(KEPT, headers=me)
    with statements(app) as seen:
        first = client.get(f"{KEPT}?limit=3", headers=me).json
    assert len(seen) == 2
    rest = listed(client, me, f"limit=3&cursor={first['next_cursor']}")
    assert [item["id"] for item in first["items"]] + rest == refs[::-1]


@SQLITE
def test_what_he_keeps_is_told_and_goes_with_him(
    app: Flask, client: FlaskClient, me: Headers, stranger: Headers
) -> None:
    (ref,) = published(app, article(1))
    keep(client, me, ref)
    keep(client, stranger, ref)
    citizen_id = uuid.UUID(client.get("/api/v1/me", headers=me).json["id"])
    with app.app_context(), transaction() as session:
        (told,) = held_bookmarks(session, citizen_id)
        assert (told["kind"], told["id"]) == ("news", ref)
        erase_bookmarks(session, citizen_id)
    assert (listed(client, me), listed(client, stranger)) == ([], [ref])


@SQLITE
def test_the_size_of_letters_is_the_accounts(client: FlaskClient, me: Headers) -> None:
    assert client.get("/api/v1/me", headers=me).json["reading_size"] is None
    for size in ("small", "normal", "large", "huge", None):
        answer = client.patch("/api/v1/me", json={"reading_size": size}, headers=me)
        assert (answer.status_code, answer.json["reading_size"]) == (200, size)
    refused = client.patch("/api/v1/me", json={"reading_size": "gigantic"}, headers=me)
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["reading_size"])
    named = client.patch("/api/v1/me", json={"display_name": "Lan"}, headers=me).json
    assert (named["display_name"], named["reading_size"]) == ("Lan", None)
