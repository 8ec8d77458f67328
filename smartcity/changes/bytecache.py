"""The bytes of public answers, kept in each process in front of Flask.

Given out from here is what views answered by `kept.shared`, to who showed neither credentials nor
an origin, for as long as nothing public has changed. An answer is kept when it is asked for a
second time: what is asked for once takes no room. nginx logs these requests; here they are counted.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from threading import Lock
from typing import Any

from flask import Flask
from prometheus_client import Counter
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.http import is_entity_header, parse_etags

from smartcity.changes import service as changes
from smartcity.changes.kept import KEEPABLE
from smartcity.core.cache import Refreshed
from smartcity.core.db import reading
from smartcity.settings import Settings

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
Start = Callable[..., Any]
Wsgi = Callable[[Environ, Start], Iterable[bytes]]
Key = tuple[str, str]

ANSWERS = Counter("kept_answers_total", "Public answers by where their bytes came from", ["result"])
MOST_BYTES = 64 * 1024 * 1024  # in each process
_OVERHEAD = 2048  # bytes that an answer takes besides its body, roughly
# Who sends one of these asks for himself, or for a part.
_PERSONAL = ("HTTP_AUTHORIZATION", "HTTP_COOKIE", "HTTP_ORIGIN", "HTTP_RANGE")
_OF_ONE_REQUEST = {"x-request-id", "ratelimit", "ratelimit-policy"}


@dataclass(frozen=True)
class Answer:
    """A 200 as it was given, at a head of `changes`; -1 before anybody looked that up."""

    head: int
    body: bytes
    etag: str
    headers: Headers


class ByteCache:
    """WSGI middleware; the least recently used answers go when they take more than `most` bytes."""

    def __init__(self, application: Wsgi, head: Callable[[], int], most: int = MOST_BYTES) -> None:
        self._application = application
        self._head = head
        self._room = most
        self._answers: OrderedDict[Key, Answer] = OrderedDict()
        self._rendering: set[Key] = set()
        self._lock = Lock()

    def __call__(self, environ: Environ, start_response: Start) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or any(map(environ.get, _PERSONAL)):
            return self._application(environ, start_response)
        key = environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")
        head = self._looked_up() if key in self._answers else -1
        if answer := self._kept(key, head):
            headers = answer.headers if answer.head == head else _for_now(answer.headers)
            return _give(answer, headers, environ, start_response)
        try:
            if environ["REQUEST_METHOD"] == "HEAD":
                return self._application(environ, start_response)
            return self._ask(key, head, environ, start_response)
        finally:
            self._rendering.discard(key)

    def _looked_up(self) -> int:
        """Only for what is kept: other routes do not depend on the database being there."""
        try:
            return self._head()
        except SQLAlchemyError:
            return -1

    def _kept(self, key: Key, head: int) -> Answer | None:
        """The answer of this head, or an old one while another request renders anew."""
        with self._lock:
            answer = self._answers.get(key)
            if answer is None or answer.head < 0 or head < 0:
                return None
            if answer.head != head and key not in self._rendering:
                self._rendering.add(key)
                return None
            self._answers.move_to_end(key)
        ANSWERS.labels("hit" if answer.head == head else "stale").inc()
        return answer

    def _ask(self, key: Key, head: int, environ: Environ, start: Start) -> Iterable[bytes]:
        """Let the application answer, and keep that if its view allows it.

        The head was looked up before: what changes meanwhile makes this an old answer.
        """
        environ[KEEPABLE] = False
        told: list[Headers] = []

        def started(status: str, headers: Headers, *fault: Any) -> Any:
            if environ[KEEPABLE] and status.startswith("200 ") and _for_everybody(headers):
                return told.append(headers)
            return start(status, headers, *fault)

        given = self._application(environ, started)
        if not told:
            self._drop(key)
            return given
        answer = _answer(head, told[0], given)
        self._keep(key, answer)
        return _give(answer, told[0], environ, start)

    def _keep(self, key: Key, answer: Answer) -> None:
        ANSWERS.labels("miss").inc()
        seen = Answer(answer.head, b"", "", [])
        self._drop(key)
        with self._lock:
            self._answers[key] = seen if answer.head < 0 else answer
            self._room -= _size(self._answers[key])
            while self._room < 0:
                self._room += _size(self._answers.popitem(last=False)[1])

    def _drop(self, key: Key) -> None:
        with self._lock:
            if old := self._answers.pop(key, None):
                self._room += _size(old)


def keep_bytes(app: Flask, settings: Settings) -> None:
    """Put the cache in front of an application, and of all other middleware."""

    def read(_before: int | None) -> int:
        with app.app_context(), reading() as session:
            return changes.head(session)

    head = Refreshed(read, settings.changes_poll, strict=True)
    app.wsgi_app = ByteCache(app.wsgi_app, head)  # type: ignore[method-assign]


def _for_everybody(headers: Headers) -> bool:
    """Whether an answer is that of `shared`, nobody's own, and the same in every language."""
    told = {name.lower(): value for name, value in headers}
    same = told.get("vary", "Origin") == "Origin"
    return same and "etag" in told and "set-cookie" not in told


def _answer(head: int, headers: Headers, given: Iterable[bytes]) -> Answer:
    body = b"".join(given)
    if close := getattr(given, "close", None):
        close()
    kept = [(name, value) for name, value in headers if name.lower() not in _OF_ONE_REQUEST]
    return Answer(head, body, dict(headers)["ETag"], kept)


def _for_now(headers: Headers) -> Headers:
    """Of an old answer: a cache that held it would do so after the new one is there."""
    kept = [header for header in headers if header[0].lower() != "cache-control"]
    return [*kept, ("Cache-Control", "no-cache")]


def _give(answer: Answer, headers: Headers, environ: Environ, start: Start) -> Iterable[bytes]:
    if _holds(environ.get("HTTP_IF_NONE_MATCH"), answer.etag):
        start("304 NOT MODIFIED", [h for h in headers if not is_entity_header(h[0])])
        return []
    start("200 OK", list(headers))
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [answer.body]


def _holds(held: str | None, etag: str) -> bool:
    """Weakly compared (RFC 9110 §13.1.2): nginx weakens the tag of what it zips."""
    return held is not None and parse_etags(held).contains_weak(etag.strip('"'))


def _size(answer: Answer) -> int:
    return len(answer.body) + _OVERHEAD
