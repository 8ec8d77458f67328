"""Bytes kept in front of Flask: whose answers, for how long, how many; and never anybody's own."""

import threading
from collections import Counter
from collections.abc import Callable

import pytest
from flask import Flask, Response, request
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from smartcity.changes.bytecache import ByteCache
from smartcity.changes.kept import FRESH, shared
from smartcity.core.cache import Refreshed
from tests.helpers import at_once


class Origin(Flask):
    """A small application behind the cache; `asked` counts what reached its views."""

    def __init__(self, most: int = 10**6, head: Callable[[], int] | None = None) -> None:
        super().__init__(__name__)
        self.head = 1
        self.asked: Counter[str] = Counter()
        self.before_view: Callable[[], object] = lambda: None
        self.add_url_rule("/<name>", view_func=self.show)
        self.add_url_rule("/own/<name>", view_func=self.show_own)
        self.wsgi_app = ByteCache(self.wsgi_app, head or (lambda: self.head), most)

    def show(self, name: str) -> Response:
        self.asked[request.full_path] += 1
        self.before_view()
        answer = shared(f"{name} at {self.head}".encode(), "text/plain")
        answer.headers["X-Request-ID"] = answer.headers["RateLimit"] = "of one request"
        answer.headers["X-Frame-Options"] = "DENY"
        return answer

    def show_own(self, name: str) -> Response:
        self.asked[request.full_path] += 1
        answer = shared(b"own")
        if name == "cookie":
            answer.set_cookie("session", "secret")
        elif name == "language":
            answer.vary.add("Accept-Language")
        elif name == "refused":
            answer.status_code = 403
        else:
            answer = Response("own")
        return answer


@pytest.fixture
def origin() -> Origin:
    return Origin()


@pytest.fixture
def client(origin: Origin) -> FlaskClient:
    return origin.test_client(use_cookies=False)


def from_memory(answer: TestResponse) -> bool:
    return "X-Request-ID" not in answer.headers


def kept(client: FlaskClient, path: str = "/news") -> TestResponse:
    """The answer of a path that was asked for twice before."""
    for _ in range(2):
        assert client.get(path).status_code == 200
    return client.get(path)


def test_what_is_asked_for_twice_is_kept_until_something_changes(
    origin: Origin, client: FlaskClient
) -> None:
    assert kept(client).text == "news at 1"
    assert origin.asked["/news?"] == 2
    origin.head = 2
    for _ in range(3):
        assert client.get("/news").text == "news at 2"
    assert origin.asked["/news?"] == 3


def test_a_kept_answer_tells_all_but_what_was_of_one_request(client: FlaskClient) -> None:
    first = client.get("/news")
    assert first.headers["X-Request-ID"] == first.headers["RateLimit"] == "of one request"
    again = kept(client)
    assert (again.status_code, again.data) == (first.status_code, first.data)
    assert dict(again.headers) == {
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Length": "9",
        "Cache-Control": FRESH,
        "ETag": first.headers["ETag"],
        "X-Frame-Options": "DENY",
    }


@pytest.mark.parametrize("weakened", [False, True])
def test_who_holds_it_is_told_so_from_memory_and_before(
    origin: Origin, client: FlaskClient, weakened: bool
) -> None:
    tag = client.get("/news").headers["ETag"]
    held = f'"other", W/{tag}' if weakened else tag
    answers = [client.get("/news", headers={"If-None-Match": held}) for _ in range(3)]
    assert [from_memory(answer) for answer in answers] == [False, True, True]
    assert [(answer.status_code, answer.data) for answer in answers] == [(304, b"")] * 3
    assert origin.asked["/news?"] == 2
    assert set(answers[2].headers.keys()) == {"Cache-Control", "ETag", "X-Frame-Options"}
    assert answers[2].headers["ETag"] == tag
    assert client.get("/news", headers={"If-None-Match": '"other"'}).text == "news at 1"
    assert client.get("/news", headers={"If-None-Match": "*"}).status_code == 304
    assert client.get("/news").text == "news at 1", "kept whole, though asked for by who held it"


def test_head_is_answered_from_memory_and_keeps_nothing(
    origin: Origin, client: FlaskClient
) -> None:
    for _ in range(3):
        assert client.head("/news").status_code == 200
    assert origin.asked["/news?"] == 3
    whole, head = kept(client), client.head("/news")
    assert (dict(head.headers), head.data) == (dict(whole.headers), b"")
    origin.head = 2
    assert client.head("/news").status_code == 200
    assert client.get("/news").text == "news at 2"


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Bearer x"},
        {"Cookie": "session=x"},
        {"Origin": "https://app.example.vn"},
        {"Range": "bytes=0-3"},
    ],
)
def test_who_asks_for_himself_is_neither_given_what_is_kept_nor_kept(
    origin: Origin, client: FlaskClient, headers: dict[str, str]
) -> None:
    for _ in range(3):
        assert not from_memory(client.get("/news", headers=headers))
    kept(client)
    assert origin.asked["/news?"] == 5, "the first two of the public reached the application"
    assert not from_memory(client.get("/news", headers=headers))


@pytest.mark.parametrize("name", ["cookie", "language", "refused", "not_shared"])
def test_what_is_somebodys_own_is_never_kept(
    origin: Origin, client: FlaskClient, name: str
) -> None:
    for _ in range(4):
        client.get(f"/own/{name}")
    assert origin.asked[f"/own/{name}?"] == 4


def test_other_methods_and_other_addresses_are_other_requests(
    origin: Origin, client: FlaskClient
) -> None:
    kept(client, "/news?b=1")
    assert client.get("/news%3Fb=1").text == "news?b=1 at 1"
    assert not from_memory(client.get("/news?b=2"))
    assert not from_memory(client.get("/news"))
    assert client.post("/news?b=1").status_code == 405


def test_an_old_answer_is_given_while_one_request_renders_anew(
    origin: Origin, client: FlaskClient
) -> None:
    kept(client)
    entered, leave = threading.Event(), threading.Event()
    origin.before_view = lambda: (entered.set(), leave.wait(10))
    origin.head = 2
    slow: list[str] = []
    thread = threading.Thread(target=lambda: slow.append(client.get("/news").text))
    thread.start()
    assert entered.wait(10)
    old = [origin.test_client().get("/news") for _ in range(3)]
    assert [answer.text for answer in old] == ["news at 1"] * 3
    assert {answer.headers["Cache-Control"] for answer in old} == {"no-cache"}
    leave.set()
    thread.join(10)
    assert (slow, client.get("/news").text) == (["news at 2"], "news at 2")
    assert origin.asked["/news?"] == 3


def test_a_change_while_it_is_rendered_makes_an_answer_old(
    origin: Origin, client: FlaskClient
) -> None:
    client.get("/news")
    origin.before_view = lambda: setattr(origin, "head", 2)
    client.get("/news")  # looked up at 1
    assert client.get("/news").text == "news at 2"
    assert origin.asked["/news?"] == 3


def test_a_view_that_fails_is_asked_again(origin: Origin, client: FlaskClient) -> None:
    kept(client)
    origin.head = 2
    origin.before_view = lambda: 1 / 0
    assert [client.get("/news").status_code for _ in range(2)] == [500, 500]
    origin.before_view = lambda: None
    assert client.get("/news").text == "news at 2"


def test_what_was_used_least_recently_goes_first() -> None:
    origin = Origin(most=3 * 2100)  # three answers of a few bytes
    client = origin.test_client()
    for name in ("/a", "/b", "/c"):
        kept(client, name)
    client.get("/a")
    client.get("/d")  # asked for once: it takes a place as well, the one of b
    origin.asked.clear()
    for name in ("/a", "/c"):
        assert from_memory(client.get(name)), name
    assert not from_memory(client.get("/b"))


def test_room_is_given_back_by_what_changes_and_goes() -> None:
    origin = Origin(most=5 * 2100)
    client = origin.test_client()
    for head in range(1, 40):
        origin.head = head
        for name in ("/a", "/b", "/own/x"):
            client.get(name)
    kept(client, "/c")
    origin.asked.clear()
    assert all(from_memory(client.get(name)) for name in ("/a", "/b", "/c"))


def test_many_at_once_get_the_same(origin: Origin, client: FlaskClient) -> None:
    def ask() -> list[str]:
        one = origin.test_client()
        return [one.get(f"/{n % 5}").text for n in range(50)]

    for answers in at_once(*[ask] * 8):
        assert answers == [f"{n % 5} at 1" for n in range(50)]
    assert sum(origin.asked.values()) <= 5 * 2 * 8


def test_with_the_database_away_what_is_kept_is_given() -> None:
    away = threading.Event()

    def read(_before: int | None) -> int:
        if away.is_set():
            raise OperationalError("SELECT", {}, Exception())
        return 1

    origin = Origin(head=Refreshed(read, 0))
    client = origin.test_client()
    client.get("/late")
    kept(client)
    away.set()
    assert from_memory(client.get("/news"))
    fresh = Origin(head=Refreshed(read, 0))  # a process that began meanwhile
    for _ in range(3):
        assert not from_memory(fresh.test_client().get("/news"))


def test_nothing_is_looked_up_for_what_is_not_kept() -> None:
    def refuse() -> int:
        raise AssertionError("the head was asked for")

    client = Origin(head=refuse).test_client()
    for path in ("/own/x", "/own/x", "/news"):
        assert client.get(path).status_code == 200
