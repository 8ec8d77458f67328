"""A phone's offline copy: from the beginning, then what changed, and nothing lost meanwhile."""

import threading
import uuid
from typing import Any

import orjson
import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.core.db import transaction
from smartcity.home.models import Card
from smartcity.home.schemas import HomeCardOut, PublicContactOut
from smartcity.home.sync import SYNCED
from tests.helpers import Headers, statements
from tests.home.desk import (
    AMBULANCE,
    CARDS,
    CONTACTS,
    SYNC,
    announce,
    banner,
    contact,
    delta,
    taken,
    walk,
)
from tests.news.reading.articles import article, published, take_back

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_a_phone_gets_everything_and_then_exactly_what_changed(
    app: Flask, client: FlaskClient, editor: Headers
) -> None:
    first, second = (announce(client, editor, title_vi=f"Số {n}") for n in (1, 2))
    number = contact(client, editor, **AMBULANCE)
    (news,) = published(app, article())
    everything, position = delta(client)
    assert everything == [
        ("card", first["id"], False),
        ("card", second["id"], False),
        ("contact", number["id"], False),
        ("news", news, False),
    ]
    assert delta(client, position) == ([], position)
    third = announce(client, editor)  # published,
    taken(client, editor, CARDS, first, title_vi="Đính chính")  # corrected twice,
    taken(client, editor, CARDS, {**first, "version": 2}, title_vi="Đính chính lần 2")
    taken(client, editor, CONTACTS, number, "withdrawal", reason="x")  # taken away
    take_back(app, news)
    changed, now = delta(client, position)
    assert changed == [
        ("card", third["id"], False),
        ("card", first["id"], False),
        ("contact", number["id"], True),
        ("news", news, True),
    ]
    assert delta(client, now) == ([], now)
    (answer,) = walk(client, position)
    assert answer["items"][1]["item"]["title"]["vi"] == "Đính chính lần 2"
    assert answer["items"][2]["item"] is None


def test_a_long_walk_in_short_steps_tells_each_thing_once(
    client: FlaskClient, editor: Headers
) -> None:
    made = [announce(client, editor, title_vi=f"Số {n}")["id"] for n in range(5)]
    answers = list(walk(client, query="limit=2"))
    assert [len(answer["items"]) for answer in answers] == [2, 2, 1]
    assert [item["id"] for answer in answers for item in answer["items"]] == made
    positions = [item["position"] for answer in answers for item in answer["items"]]
    assert positions == sorted(positions)


def test_nothing_is_lost_while_others_publish(app: Flask, editor: Headers) -> None:
    client = app.test_client()
    cards = [announce(client, editor, title_vi=f"Số {n}") for n in range(4)]
    copy: dict[str, str] = {}
    done = threading.Event()

    def publish(card: dict[str, Any]) -> None:
        own, version = app.test_client(), 1
        for n in range(8):
            changed = taken(own, editor, CARDS, {**card, "version": version}, title_vi=f"{n}")
            version = changed["version"]

    threads = [threading.Thread(target=publish, args=(card,)) for card in cards]
    for thread in threads:
        thread.start()
    watcher = threading.Thread(target=lambda: ([t.join() for t in threads], done.set()))
    watcher.start()
    position, last = 0, False
    while not last:
        last = done.is_set()  # before the walk: one more after the end
        for answer in walk(client, position, "limit=3"):
            for item in answer["items"]:
                assert item["position"] > position
                position = item["position"]
                copy[item["id"]] = item["item"]["title"]["vi"]
    watcher.join()
    assert copy == {card["id"]: "7" for card in cards}


def test_a_copy_of_another_database_begins_anew(client: FlaskClient, editor: Headers) -> None:
    announce(client, editor)
    assert client.get(f"{SYNC}?since=1").status_code == 200
    answer = client.get(f"{SYNC}?since=2")
    assert (answer.status_code, answer.json["type"]) == (409, "urn:problem:sync.unknown_position")


@SQLITE
@pytest.mark.parametrize("query", ["since=-1", "since=abc", "limit=0", "limit=201", "kind=secrets"])
def test_a_position_that_is_none_is_refused(client: FlaskClient, query: str) -> None:
    assert client.get(f"{SYNC}?{query}").status_code == 422


@SQLITE
def test_a_phone_names_the_kinds_that_it_keeps(client: FlaskClient, editor: Headers) -> None:
    announce(client, editor)
    number = contact(client, editor)
    (answer,) = walk(client, query="kind=contact")
    assert [item["id"] for item in answer["items"]] == [number["id"]]


@SQLITE
def test_items_are_as_documented(app: Flask, client: FlaskClient, editor: Headers) -> None:
    banner(app, client, editor)
    contact(client, editor)
    (answer,) = walk(client)
    card, number = (item["item"] for item in answer["items"])
    assert set(card) == set(HomeCardOut().fields)
    assert set(card["picture"]) == set(HomeCardOut().fields["picture"].schema.fields)
    assert set(number) == set(PublicContactOut().fields)


def test_what_went_after_the_changes_were_read_is_gone(
    app: Flask, client: FlaskClient, editor: Headers
) -> None:
    """Its tombstone is yet to come: the bodies are read in a statement of their own."""
    card = announce(client, editor)
    with app.app_context(), transaction() as session:
        session.get_one(Card, uuid.UUID(card["id"])).showing = False
        session.flush()
        assert SYNCED["card"](session, [card["id"]]) == {}
        session.rollback()


@SQLITE
def test_a_page_takes_one_statement_and_those_of_its_kinds(
    app: Flask, client: FlaskClient, editor: Headers
) -> None:
    for n in range(3):
        contact(client, editor, number=f"102{n}")
    with statements(app) as seen:
        list(walk(client))
    assert len(seen) == 2, seen


@SQLITE
def test_who_holds_the_answer_gets_304_until_something_changes(
    client: FlaskClient, editor: Headers
) -> None:
    announce(client, editor)
    first = client.get(SYNC)
    held = {"If-None-Match": first.headers["ETag"]}
    assert client.get(SYNC, headers=held).status_code == 304
    announce(client, editor)
    later = client.get(SYNC, headers=held)
    assert (later.status_code, len(orjson.loads(later.data)["items"])) == (200, 2)
