"""The driver of signed CloudEvents: one connection for many events, and what an answer means."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from smartcity.adapters.centres import Endpoint, Gone, Outgoing
from smartcity.adapters.centres.cloud_events import CloudEvents
from smartcity.core.errors import Permanent, Temporary

SECRET = "whsec_c2FuZGJveC1zZWNyZXQtb2YtdGhlLXRlc3Rz"
EVENT = Outgoing("id-1", "HP-2026-000001", 1, "submit", '{"subject": "HP-2026-000001"}')


class Keeping(ThreadingHTTPServer):
    """A server that keeps connections, counts them, and answers as it is told."""

    connections = 0
    status = 202
    body = b'{"reference": "IOC-1"}'

    def process_request(self, *accepted: Any) -> None:
        self.connections += 1
        super().process_request(*accepted)


class _Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Keeping

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, *_told: Any) -> None:
        """Nothing."""


@pytest.fixture
def server() -> Iterator[Keeping]:
    with Keeping(("127.0.0.1", 0), _Answer) as listening:
        threading.Thread(target=listening.serve_forever, args=(0.02,), daemon=True).start()
        yield listening
        listening.shutdown()


@pytest.fixture
def driver(server: Keeping) -> CloudEvents:
    return CloudEvents(Endpoint("x", f"http://127.0.0.1:{server.server_port}/", (SECRET,), 5.0))


def test_events_share_a_connection(server: Keeping, driver: CloudEvents) -> None:
    assert {driver.deliver(EVENT) for _ in range(20)} == {"IOC-1"}
    assert server.connections == 1


@pytest.mark.parametrize("body", [b"", b"[]", b'{"reference": 5}', b"\xff", b"<html>"])
def test_an_answer_without_a_reference_is_taken(
    server: Keeping, driver: CloudEvents, body: bytes
) -> None:
    server.body = body
    assert driver.deliver(EVENT) is None


@pytest.mark.parametrize(
    ("status", "kind", "arrived", "opens"),
    [
        (400, Permanent, None, None),
        (422, Permanent, None, None),
        (410, Gone, None, False),
        (401, Temporary, False, True),
        (403, Temporary, False, True),
        (429, Temporary, False, False),
        (302, Temporary, False, False),
        (500, Temporary, None, False),
        (503, Temporary, None, False),
    ],
)
def test_what_an_answer_means(
    server: Keeping,
    driver: CloudEvents,
    status: int,
    kind: type[Exception],
    arrived: bool | None,
    opens: bool | None,
) -> None:
    server.status = status
    with pytest.raises(kind) as raised:
        driver.deliver(EVENT)
    assert type(raised.value) is kind
    assert getattr(raised.value, "arrived", None) is arrived
    assert getattr(raised.value, "opens_breaker", None) is opens


def test_who_was_never_reached_took_nothing(server: Keeping) -> None:
    port = server.server_port
    server.shutdown()
    server.server_close()
    with pytest.raises(Temporary) as raised:
        CloudEvents(Endpoint("x", f"http://127.0.0.1:{port}/", (SECRET,), 5.0)).deliver(EVENT)
    assert raised.value.arrived is False
