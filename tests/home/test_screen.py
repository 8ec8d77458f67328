"""The first screen: news by chosen topics, one answer for all who ask alike."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.home.schemas import AppConfigOut, HomeOut
from tests.helpers import Headers
from tests.home.desk import APP, CARDS, HOME, announce, contact, home, taken
from tests.news.reading.articles import article, published

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
FAR = datetime(2099, 1, 1, tzinfo=UTC)


def test_the_first_screen_holds_news_cards_and_numbers(
    app: Flask, client: FlaskClient, editor: Headers
) -> None:
    published(
        app,
        article(1, title="Thời tiết", topics=["weather"]),
        article(2, title="Giao thông", topics=["traffic"]),
        article(3, title="Ghim", topics=["traffic"], pinned_until=FAR),
    )
    announce(client, editor)
    contact(client, editor)
    screen = home(client)
    assert set(screen) == set(HomeOut().fields)
    assert [a["title"] for a in screen["pinned"]] == ["Ghim"]
    assert [a["title"] for a in screen["latest"]] == ["Giao thông", "Thời tiết"]
    chosen = home(client, "topic=weather")
    assert [a["title"] for a in chosen["latest"]] == ["Thời tiết"]
    assert [a["title"] for a in chosen["pinned"]] == ["Ghim"]  # whatever its topic
    both = home(client, "topic=weather&topic=traffic")
    assert [a["title"] for a in both["latest"]] == ["Giao thông", "Thời tiết"]


@SQLITE
@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("topic=gossip", "topic"),
        ("area=00000", "area"),
        ("platform=symbian", "platform"),
        ("app=abc", "app"),
        ("name=An", "name"),
        ("topic=weather" + "&topic=weather" * 10, "topic"),
    ],
)
def test_what_nobody_can_choose_is_named(client: FlaskClient, query: str, field: str) -> None:
    answer = client.get(f"{HOME}?{query}")
    assert (answer.status_code, set(answer.json["errors"])) == (422, {field})


@SQLITE
@pytest.mark.parametrize("path", [HOME, APP])
def test_who_holds_the_answer_gets_304_until_something_changes(
    client: FlaskClient, editor: Headers, path: str
) -> None:
    made = contact(client, editor, kind="emergency", number="115")
    first = client.get(path)
    assert first.headers["Cache-Control"].startswith("public")
    held = {"If-None-Match": first.headers["ETag"]}
    assert client.get(path, headers=held).status_code == 304
    taken(client, editor, "/api/v1/officer/contacts", made, name_vi="Cấp cứu")
    assert client.get(path, headers=held).status_code == 200


@SQLITE
def test_the_same_choice_in_another_order_has_the_same_bytes(
    app: Flask, client: FlaskClient, editor: Headers
) -> None:
    published(app, article(1, topics=["weather", "traffic"]), article(2, topics=["weather"]))
    announce(client, editor, areas=["10507"])
    announce(client, editor, areas=["10888"])
    orders = (
        "area=10507&area=10888&topic=traffic&topic=weather",
        "topic=weather&topic=traffic&topic=weather&area=10888&area=10507&area=10507",
    )
    first, second = (client.get(f"{HOME}?{order}") for order in orders)
    assert first.data == second.data
    assert first.headers["ETag"] == second.headers["ETag"]


@SQLITE
def test_nobodys_language_and_nobodys_token_change_a_byte(
    client: FlaskClient, editor: Headers
) -> None:
    announce(client, editor)
    plain = client.get(HOME)
    assert "Vary" not in plain.headers or plain.headers["Vary"] == "Origin"
    for headers in (editor, {"Accept-Language": "en"}):
        assert client.get(HOME, headers=headers).data == plain.data


@SQLITE
def test_the_configuration_is_as_documented(client: FlaskClient) -> None:
    assert set(client.get(APP).json) == set(AppConfigOut().fields)


@SQLITE
def test_citizens_keep_no_screen(client: FlaskClient, me: Headers) -> None:
    assert client.post(CARDS, json={}, headers=me).status_code == 403
    assert client.post(CARDS, json={}).status_code == 401
