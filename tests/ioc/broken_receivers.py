"""Receivers of events as integrators write them: one that keeps the contract, others that do not.

Each is a real HTTP server that breaks one promise of docs/guides/ioc.md.
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError

KNOWN = {"submit", "accept", "assign"}
Headers = dict[str, str]
Event = dict[str, Any]


class Faithful(BaseHTTPRequestHandler):
    """Keeps the contract, in memory; what is broken below replaces one of its methods."""

    protocol_version = "HTTP/1.1"
    server_class: type[HTTPServer] = ThreadingHTTPServer
    shows = True
    # Of the class that `listening` makes for one server.
    secrets: list[str]
    lock: threading.Lock
    ids: set[str]
    last: defaultdict[str, str]
    stored: defaultdict[str, list[tuple[str, str]]]  # report: sequence and text

    def do_POST(self) -> None:
        body = self.read()
        if not self.is_signed({name.lower(): value for name, value in self.headers.items()}, body):
            self.answer(401)
        elif self.path == "/events":
            self.answer(self.take(body))
        else:
            self.answer(*self.reconcile(json.loads(body)))

    def read(self) -> bytes:
        return self.rfile.read(int(self.headers["Content-Length"]))

    def is_signed(self, headers: Headers, body: bytes) -> bool:
        return any(self.verifies(Webhook(secret), headers, body) for secret in self.secrets)

    def verifies(self, key: Webhook, headers: Headers, body: bytes) -> bool:
        try:
            key.verify(body, headers, json_parse=False)
        except (WebhookVerificationError, ValueError):
            return False
        return True

    def take(self, body: bytes) -> int:
        event, text = json.loads(body), self.decode(body)
        with self.lock:
            if "smartcity-repair" in self.headers:
                self.repair(event, text)
            elif event["id"] not in self.ids and not self.is_late(event):
                self.store(event, text)
        return 202

    def decode(self, body: bytes) -> str:
        return body.decode()

    def is_late(self, event: Event) -> bool:
        return bool(event["sequence"] <= self.last[event["subject"]])

    def store(self, event: Event, text: str) -> None:
        self.ids.add(event["id"])
        self.last[event["subject"]] = max(event["sequence"], self.last[event["subject"]])
        self.stored[event["subject"]].append((event["sequence"], text))

    def repair(self, event: Event, text: str) -> None:
        kept = [row for row in self.stored[event["subject"]] if row[0] != event["sequence"]]
        self.stored[event["subject"]] = kept
        self.store(event, text)

    def reconcile(self, page: Event) -> tuple[int, Event]:
        if not self.shows:
            return 404, {}
        return 200, {"reports": [self.told(row["report"]) for row in page["reports"]]}

    def told(self, report: str) -> Event:
        with self.lock:
            rows = list(self.stored[report])
        hashes = [(place, hashlib.sha256(text.encode()).hexdigest()) for place, text in rows]
        events = [{"sequence": place, "sha256": hash} for place, hash in hashes]
        return {"report": report, "events": events}

    def answer(self, status: int, told: Event | None = None) -> None:
        body = json.dumps(told or {}).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Nothing."""


class Blind(Faithful):
    """Right in all that can be seen, but tells nobody what it holds."""

    shows = False


class Trusting(Faithful):
    def is_signed(self, *_: object) -> bool:
        return True


class Timeless(Faithful):
    def verifies(self, key: Webhook, headers: Headers, body: bytes) -> bool:
        """Whenever it was signed."""
        at = datetime.fromtimestamp(int(headers.get("webhook-timestamp", 0)), UTC)
        signature = key.sign(headers.get("webhook-id", ""), at, body.decode())
        return signature in headers.get("webhook-signature", "").split()


class Repeating(Faithful):
    def take(self, body: bytes) -> int:
        with self.lock:
            self.ids.clear()  # it never looks at ids, only at the order
        return super().take(body)

    def is_late(self, event: Event) -> bool:
        return bool(event["sequence"] < self.last[event["subject"]])


class Regressing(Faithful):
    def is_late(self, _: Event) -> bool:
        return False


class Small(Faithful):
    def read(self) -> bytes:
        body = super().read()
        self.too_large = len(body) > 8_192
        return body

    def take(self, body: bytes) -> int:
        return 413 if self.too_large else super().take(body)


class Latin(Faithful):
    def decode(self, body: bytes) -> str:
        return body.decode("latin-1")


class Unaccented(Faithful):
    def decode(self, body: bytes) -> str:
        letters = unicodedata.normalize("NFD", body.decode())
        return "".join(letter for letter in letters if not unicodedata.combining(letter))


class FirstSignature(Faithful):
    def is_signed(self, headers: Headers, body: bytes) -> bool:
        first = headers.get("webhook-signature", "").split(" ")[0]
        return super().is_signed({**headers, "webhook-signature": first}, body)


class Late(Faithful):
    delay = 0.12  # seconds

    def answer(self, status: int, told: Event | None = None) -> None:
        if self.path == "/events" and status == 202:
            time.sleep(self.delay)
        super().answer(status, told)


class OneAtATime(Late):
    """Works on the event before it answers, and takes no other connection meanwhile."""

    protocol_version = "HTTP/1.0"
    server_class = HTTPServer
    delay = 0.06


class Strict(Faithful):
    def take(self, body: bytes) -> int:
        event = json.loads(body)
        return super().take(body) if event["data"]["move"] in KNOWN else 500


class Impatient(Faithful):
    """Refuses by the headers alone, and leaves the body in the connection that it keeps."""

    def do_POST(self) -> None:
        if "webhook-signature" in self.headers:
            super().do_POST()
        else:
            self.answer(401)


@contextmanager
def listening(kind: type[Faithful], *secrets: str) -> Iterator[str]:
    """A server of this kind with a memory of its own; where it takes events."""
    memory = {
        "secrets": list(secrets),
        "lock": threading.Lock(),
        "ids": set(),
        "last": defaultdict(str),
        "stored": defaultdict(list),
    }
    base = type("Server", (kind.server_class,), {"request_queue_size": 64, "daemon_threads": True})
    server: HTTPServer = base(("127.0.0.1", 0), type(kind.__name__, (kind,), memory))
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/events"
    finally:
        server.shutdown()
        server.server_close()
