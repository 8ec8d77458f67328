"""The inbox: one list of what was told to a reader and what was told to everybody."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.core import clock
from smartcity.core.db import transaction
from smartcity.core.ids import new_id
from smartcity.jobs.service import enqueue_all
from smartcity.push import service
from tests.conftest import MakeApp
from tests.helpers import Headers, at_once, file_report, moved, work
from tests.push.conftest import Register

INBOX = "/api/v1/me/inbox"
CONTENT = {
    "vi": {"title": "Ngập ở Trần Phú", "body": "Tránh đường này."},
    "en": {"title": "Flood in Trần Phú", "body": "Avoid this road."},
}
Send = Callable[..., str]
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def app(make_app: MakeApp) -> Flask:
    return make_app()


@pytest.fixture
def send(app: Flask) -> Send:
    """Send a broadcast; its id."""

    def sent(*, minutes: float = 0, **other: Any) -> str:
        told = {"category": "news", "content": CONTENT, "link": "/news/1", "audience": {}}
        at = clock.now() + timedelta(minutes=minutes)
        ident = new_id()
        with app.app_context(), transaction() as session:
            service.broadcast(session, id=ident, at=at, **{**told, **other})
        return str(ident)

    return sent


@pytest.fixture
def tell(app: Flask, client: FlaskClient, me: Headers) -> Callable[..., str]:
    """Tell the citizen something of his own; its id."""
    citizen = uuid.UUID(client.get("/api/v1/me", headers=me).json["id"])

    def told(*, minutes: float = 0, words: str = "") -> str:
        ident = new_id()
        with app.app_context(), transaction() as session:
            message = service.message(
                citizen=citizen,
                source=ident,
                at=clock.now() + timedelta(minutes=minutes),
                text="push.report.comment",
                values={"code": "HP-1", "public_text": words},
                link="/reports/1",
            )
            enqueue_all(session, [message])
        work(app, "inbox")
        return str(ident)

    return told


def ids(client: FlaskClient, who: Headers, query: str = "", path: str = INBOX) -> list[str]:
    """What a list holds, page by page."""
    found: list[str] = []
    cursor = ""
    while True:
        answer = client.get(f"{path}?limit=2&{query}{cursor}", headers=who)
        assert answer.status_code == 200, answer.json
        found += [item["id"] for item in answer.json["items"]]
        if not answer.json["next_cursor"]:
            return found
        cursor = f"&cursor={answer.json['next_cursor']}"


def unread(client: FlaskClient, who: Headers, path: str = INBOX) -> int:
    number: int = client.get(f"{path}/unread-count", headers=who).json["unread"]
    return number


def test_both_sources_are_one_list_newest_first(
    app: Flask, client: FlaskClient, me: Headers, register: Register, send: Send, tell: Send
) -> None:
    register("phone-a")
    told = [tell(minutes=n) if n % 2 else send(minutes=n) for n in range(1, 8)]
    assert ids(client, me) == told[::-1]
    assert unread(client, me) == 7
    shared = client.get(f"{INBOX}?category=news", headers=me).json["items"]
    assert [item["id"] for item in shared] == [told[5], told[3], told[1]]
    assert shared[0]["title"] == "Ngập ở Trần Phú"
    assert shared[0] | {"body": "Tránh đường này.", "link": "/news/1"} == shared[0]
    english = client.get(f"{INBOX}?category=news", headers={**me, "Accept-Language": "en-GB"})
    assert english.json["items"][0]["title"] == "Flood in Trần Phú"


@on_sqlite
def test_messages_of_one_instant_stand_in_the_order_of_their_steps(
    app: Flask, client: FlaskClient, me: Headers, operator: Headers
) -> None:
    with app.app_context(), clock.frozen(clock.now()):
        report = file_report(client, me)
        report = moved(client, operator, report, "acceptance")
        moved(client, operator, report, "rejection", reason="spam", public_text="Quảng cáo.")
    work(app, "inbox")
    titles = [item["title"] for item in client.get(INBOX, headers=me).json["items"]]
    assert [title.replace(report["code"], "…") for title in titles] == [
        "Phản ánh … không được tiếp nhận",
        "Phản ánh … đã được tiếp nhận",
        "Đã gửi phản ánh …",
    ]


def test_a_broadcast_is_read_by_whom_its_rule_meets(
    app: Flask,
    client: FlaskClient,
    me: Headers,
    stranger: Headers,
    register: Register,
    send: Send,
) -> None:
    before = send(minutes=-5)
    phone = register("phone-a", platform="ios", app_version="2.0.0")
    register("phone-b", stranger)
    everybody = send()
    ios, android = (send(minutes=1, audience={"platforms": [p]}) for p in ("ios", "android"))
    new = send(minutes=2, audience={"app_from": "2.0.0"})
    assert ids(client, me) == [new, ios, everybody]
    assert ids(client, stranger) == [android, everybody]
    assert client.put(f"{INBOX}/{android}/reading", headers=me).status_code == 404
    assert client.put(f"{INBOX}/{before}/reading", headers=me).status_code == 404
    off = {"categories": {"news": False}}
    path = f"/api/v1/me/devices/{phone}/preferences"
    assert client.put(path, json=off, headers=me).status_code == 200
    critical = send(minutes=3, category="warnings")
    assert ids(client, me) == [critical]
    register("phone-c")  # a second phone of his
    assert ids(client, me) == [critical, *ids(client, me)[1:]]


def test_what_is_recalled_is_shown_no_longer(
    app: Flask, client: FlaskClient, me: Headers, register: Register, send: Send
) -> None:
    register("phone-a")
    wrong, right = send(), send(minutes=1)
    with app.app_context(), transaction() as session:
        service.recall(session, uuid.UUID(wrong), clock.now())
    assert ids(client, me) == [right]
    assert unread(client, me) == 1


def test_reading_and_putting_away_and_back(
    app: Flask,
    client: FlaskClient,
    me: Headers,
    stranger: Headers,
    register: Register,
    send: Send,
    tell: Send,
) -> None:
    register("phone-a")
    register("phone-b", stranger)
    shared, own = send(), tell(minutes=1)
    for message in (shared, own):
        path = f"{INBOX}/{message}"
        first = client.put(f"{path}/reading", headers=me).json["read_at"]
        assert first
        assert client.put(f"{path}/reading", headers=me).json["read_at"] == first
        assert client.put(f"{path}/archive", headers=me).json["archived_at"]
        assert message not in ids(client, me)
        assert client.delete(f"{path}/archive", headers=me).json["archived_at"] is None
        assert client.delete(f"{path}/archive", headers=me).status_code == 200
        assert message in ids(client, me)
        assert client.put(f"{path}/archive", headers=me).status_code == 200
    assert ids(client, me) == []
    assert ids(client, me, "archived=true") == [own, shared]
    assert unread(client, me) == 0
    assert ids(client, stranger) == [shared]
    assert unread(client, stranger) == 1
    for verb in (client.put, client.delete):
        assert verb(f"{INBOX}/{own}/archive", headers=stranger).status_code == 404


def test_all_is_read_up_to_a_time(
    app: Flask, client: FlaskClient, me: Headers, register: Register, send: Send, tell: Send
) -> None:
    register("phone-a")
    told = [tell(), send(minutes=1), tell(minutes=2), send(minutes=3)]
    seen = client.put(f"{INBOX}/{told[1]}/reading", headers=me).json
    until = {"until": client.get(f"{INBOX}?limit=2", headers=me).json["items"][1]["created_at"]}
    answers = at_once(
        *[lambda: app.test_client().put(f"{INBOX}/reading", json=until, headers=me)] * 3
    )
    assert [answer.json for answer in answers] == [{"unread": 2}] * 3  # a part of a millisecond
    until = {"until": (clock.now() + timedelta(minutes=2, seconds=1)).isoformat()}
    assert client.put(f"{INBOX}/reading", json=until, headers=me).json == {"unread": 1}
    assert ids(client, me, "unread=true") == [told[3]]
    items = client.get(INBOX, headers=me).json["items"]
    assert {item["id"]: item["read_at"] for item in items}[told[1]] == seen["read_at"]


@on_sqlite
def test_words_are_found_whatever_their_accents(
    app: Flask, client: FlaskClient, me: Headers, register: Register, send: Send, tell: Send
) -> None:
    register("phone-a")
    shared, own = send(), tell(minutes=1, words="Đã đặt biển báo ngập nước.")
    tell(minutes=2, words="Đã xong.")
    assert ids(client, me, "q=NGAP") == [own, shared]
    assert ids(client, me, "q=nuoc+ngập") == [own]
    assert ids(client, me, "q=avoid") == []
    assert ids(client, {**me, "Accept-Language": "en"}, "q=avoid") == [shared]
    assert ids(client, me, "q=%25") == []


@on_sqlite
def test_a_phone_without_an_account_reads_what_is_for_everybody(
    app: Flask, client: FlaskClient, me: Headers, send: Send, tell: Send
) -> None:
    citizen = client.get("/api/v1/me", headers=me).json["id"]
    key = {"Device-Key": 40 * "k"}
    body = {"kind": "token", "value": "phone-a", "platform": "android", "app_version": "1.0"}
    phone = f"/api/v1/devices/{citizen}"  # an app may claim any id
    assert client.put(phone, json=body, headers=key).status_code == 200
    own, shared = tell(), send(minutes=1)
    path = f"{phone}/inbox"
    assert ids(client, key, path=path) == [shared]
    assert client.put(f"{path}/{own}/reading", headers=key).status_code == 404
    assert client.put(f"{path}/{shared}/reading", headers=key).json["read_at"]
    assert client.put(f"{path}/{shared}/archive", headers=key).json["archived_at"]
    assert client.delete(f"{path}/{shared}/archive", headers=key).json["archived_at"] is None
    assert unread(client, key, path) == 0
    late = {"until": clock.now().isoformat()}
    assert client.put(f"{path}/reading", json=late, headers=key).json == {"unread": 0}
    other = {"Device-Key": 40 * "x"}
    calls = [client.get(path, headers=other), client.get(f"{path}/unread-count", headers=other)]
    calls += [client.put(f"{path}/reading", json=late, headers=other)]
    calls += [client.put(f"{path}/{shared}/reading", headers=other)]
    calls += [client.put(f"{path}/{shared}/archive", headers=other)]
    calls += [client.delete(f"{path}/{shared}/archive", headers=other)]
    assert {answer.status_code for answer in calls} == {404}
    assert client.get(path).status_code == 422


@on_sqlite
def test_no_message_leads_out(app: Flask, send: Send, tell: Send) -> None:
    for link in ("https://example.com/", "javascript:alert(1)", "/console/", "//gov.vn"):
        with pytest.raises(ValueError, match="lead"):
            send(link=link)
        with app.app_context(), pytest.raises(ValueError, match="lead"):
            service.message(
                citizen=new_id(), source=new_id(), at=clock.now(), text="x", values={}, link=link
            )
