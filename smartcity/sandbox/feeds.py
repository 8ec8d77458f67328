"""A server of feeds that can go wrong in every way a stranger's server does.

`PUT /feeds/NAME` puts a document there, of the request's own Content-Type; `GET /feeds/NAME` gives
it with ETag and Last-Modified, or 304. `PUT /faults` with one of the modes below breaks all feeds,
and `DELETE /faults` mends them. `GET /asked` tells what was asked for, with the conditions.

    error      the status that the fault names, with Retry-After where it names that
    moved      301 to `/moved/NAME`, where the feed is
    inside     302 to 127.0.0.1:22
    bomb       50 MB of blanks that are 50 kB of gzip
    drip       one byte a second
    endless    without an end
    broken     ends in the middle of what Content-Length promised
    page       a page of HTML that names the feed as its alternate
"""

from __future__ import annotations

import gzip
import hashlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flask import Response, abort, jsonify, request
from flask.typing import ResponseReturnValue

from smartcity.sandbox.faults import ERROR, Fault, Faults
from smartcity.sandbox.server import Server

_UNPACKED = 50_000_000  # bytes
_MADE = "Sun, 22 Nov 2026 01:30:00 GMT"


@dataclass(frozen=True)
class Document:
    """What stands at a name."""

    content: bytes
    kind: str

    @property
    def etag(self) -> str:
        return hashlib.sha256(self.content).hexdigest()[:16]


class Feeds(Server):
    """The server; documents are put there by HTTP, or by `put`."""

    def __init__(self, port: int = 0) -> None:
        super().__init__(port)
        self._documents: dict[str, Document] = {}
        self._asked: list[dict[str, str | None]] = []
        self._lock = threading.Lock()
        self._broken: dict[str, Callable[[str], ResponseReturnValue]] = {
            "moved": lambda name: ("", 301, {"Location": f"/moved/{name}"}),
            "inside": lambda _name: ("", 302, {"Location": "http://127.0.0.1:22/"}),
            "bomb": lambda _name: (_bomb(), 200, {"Content-Encoding": "gzip"}),
            "drip": lambda _name: Response(_drops(b" ", 1.0)),
            "endless": lambda _name: Response(_drops(b" " * 65_536, 0.0)),
            "broken": self._half,
            "page": self._page,
        }
        self._faults = Faults(ERROR, *self._broken)
        self.app.register_blueprint(self._faults.routes())
        self.app.put("/feeds/<name>")(self._put)
        self.app.get("/feeds/<name>")(self._get)
        self.app.get("/moved/<name>")(self._give)
        self.app.get("/asked", endpoint="asked")(lambda: jsonify(self.asked()))

    def put(self, name: str, content: bytes, kind: str = "application/rss+xml") -> str:
        """Put a document under a name; its address."""
        with self._lock:
            self._documents[name] = Document(content, kind)
        return f"{self.url}/feeds/{name}"

    def suffer(self, mode: str, **fault: object) -> None:
        """Begin a fault, as `PUT /faults` does; "none" mends."""
        self._faults.suffer({"mode": mode, **fault})

    def asked(self) -> list[dict[str, str | None]]:
        """What was asked for: name, If-None-Match and If-Modified-Since, the oldest first."""
        with self._lock:
            return list(self._asked)

    def _put(self, name: str) -> ResponseReturnValue:
        self.put(name, request.get_data(), request.content_type or "application/xml")
        return "", 204

    def _get(self, name: str) -> ResponseReturnValue:
        headers = request.headers
        told = {"match": headers.get("If-None-Match"), "since": headers.get("If-Modified-Since")}
        with self._lock:
            self._asked.append({"name": name, **told})
        fault = self._faults.strike()
        if fault is None:
            return self._give(name)
        return self._suffered(fault, name)

    def _suffered(self, fault: Fault, name: str) -> ResponseReturnValue:
        broken = self._broken.get(fault.mode)
        return broken(name) if broken else ("", fault.status, fault.headers())

    def _give(self, name: str) -> ResponseReturnValue:
        found = self._document(name)
        answer = Response(found.content, content_type=found.kind)
        answer.set_etag(found.etag)
        answer.headers["Last-Modified"] = _MADE
        return answer.make_conditional(request)

    def _half(self, name: str) -> ResponseReturnValue:
        content = self._document(name).content
        told = {"Content-Length": str(len(content)), "Connection": "close"}
        return Response(iter([content[: len(content) // 2]]), headers=told)

    def _page(self, name: str) -> ResponseReturnValue:
        link = f'<link rel="alternate" type="application/rss+xml" href="/moved/{name}">'
        return Response(f"<!DOCTYPE html><html><head>{link}</head></html>", mimetype="text/html")

    def _document(self, name: str) -> Document:
        with self._lock:
            return self._documents.get(name) or abort(404, "no such feed")


def _bomb() -> bytes:
    return gzip.compress(b" " * _UNPACKED)


def _drops(drop: bytes, every: float) -> Iterator[bytes]:
    while True:
        yield drop
        time.sleep(every)  # the fault itself
