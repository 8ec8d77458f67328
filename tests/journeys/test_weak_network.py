"""Phones behind a network that cuts connections anywhere: nothing is lost, and nothing is twice.

Every phone files a report before its photos have arrived, sends them in parts, and repeats what it
got no answer to, or what it was answered already.
"""

import hashlib
import random
import socket
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import pytest
import urllib3
from flask import Flask

from smartcity.media.models import Media
from smartcity.reports.models import Report
from tests.helpers import Headers, bearer, citizen, report_body, rows, served, work
from tests.media.pictures import jpeg

PHONES = 6
PART = 3_000  # bytes
TRIES = 400
UPLOADS = "/api/v1/media/uploads"


@dataclass
class WeakNetwork:
    """Between the phones and the server: one connection in two is cut, in either direction."""

    server: int
    chance: random.Random = field(default_factory=lambda: random.Random(26))
    cuts: int = 0

    @contextmanager
    def listening(self) -> Iterator[int]:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            thread = threading.Thread(target=self._accept, args=(listener,), daemon=True)
            thread.start()
            yield listener.getsockname()[1]
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
        thread.join(10)

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                phone, _ = listener.accept()
                threading.Thread(target=self._carry, args=(phone,), daemon=True).start()

    def _carry(self, phone: socket.socket) -> None:
        server = socket.create_connection(("127.0.0.1", self.server))
        up, down = (self._allowance() for _ in range(2))
        back = threading.Thread(target=self._pipe, args=(server, phone, down), daemon=True)
        back.start()
        self._pipe(phone, server, up)
        back.join(10)
        phone.close(), server.close()

    def _allowance(self) -> int:
        """Bytes until the cut; the head of a request or answer is some 500."""
        return self.chance.randrange(0, 4_000) if self.chance.random() < 0.3 else 1 << 30

    def _pipe(self, source: socket.socket, sink: socket.socket, allowance: int) -> None:
        with suppress(OSError):
            while allowance > 0 and (piece := source.recv(min(allowance, 1024))):
                sink.sendall(piece)
                allowance -= len(piece)
        self.cuts += allowance == 0
        for end in (source, sink) if allowance == 0 else (sink,):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR if allowance == 0 else socket.SHUT_WR)


class Phone:
    """It goes on until it has heard that all is done; now and then it says a thing twice."""

    def __init__(self, port: int, headers: Headers, number: int) -> None:
        self.base = f"http://127.0.0.1:{port}"
        self.headers = headers
        self.tus = {**headers, "Tus-Resumable": "1.0.0"}
        self.chance = random.Random(number)
        self.photos = [jpeg(100 + number, 80 + n) for n in range(2)]
        self.key = str(uuid.uuid4())
        self.answers: set[str] = set()

    def ask(self, method: str, path: str, **sent: object) -> urllib3.BaseHTTPResponse:
        """Repeat a request until an answer comes."""
        for _ in range(TRIES):
            try:
                answer = urllib3.request(
                    method, self.base + path, retries=False, timeout=10, **sent
                )
            except urllib3.exceptions.HTTPError:
                continue
            whole = "Connection" in answer.headers  # the server's last line of the head
            heard = self.chance.random() < 0.8  # else it says so again
            if whole and heard and answer.status < 500:
                return answer
        raise AssertionError("the network never let it through")

    def run(self) -> None:
        uploads = [self.begin(photo) for photo in self.photos]
        self.file(uploads)
        for upload, photo in zip(uploads, self.photos, strict=True):
            self.send(upload, photo)
            self.file(uploads)

    def begin(self, photo: bytes) -> str:
        length = {"Upload-Length": str(len(photo))}
        answer = self.ask("POST", UPLOADS, headers={**self.tus, **length})
        assert answer.status == 201, answer.data
        return answer.headers["Location"].rpartition("/")[2]

    def file(self, uploads: list[str]) -> None:
        headers = {**self.headers, "Idempotency-Key": self.key}
        body = report_body(media_ids=uploads)
        answer = self.ask("POST", "/api/v1/reports", headers=headers, json=body)
        assert answer.status == 201, answer.data
        self.answers.add(answer.json()["id"])

    def send(self, upload: str, photo: bytes) -> None:
        path, stands = f"{UPLOADS}/{upload}", 0
        while stands < len(photo):
            part = {
                "Upload-Offset": str(stands),
                "Content-Type": "application/offset+octet-stream",
            }
            body = photo[stands : stands + PART]
            self.ask("PATCH", path, headers={**self.tus, **part}, body=body)
            stands = int(self.ask("HEAD", path, headers=self.tus).headers["Upload-Offset"])


def test_nothing_is_lost_and_nothing_is_twice(app: Flask) -> None:
    people = [bearer(citizen(app, f"+8491000000{n}")) for n in range(PHONES)]
    with served(app) as server:
        network = WeakNetwork(server)
        with network.listening() as port:
            phones = [Phone(port, headers, n) for n, headers in enumerate(people)]
            threads = [threading.Thread(target=phone.run) for phone in phones]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(100)
    work(app, "media")
    assert network.cuts > PHONES
    assert [len(phone.answers) for phone in phones] == [1] * PHONES
    filed = rows(app, Report)
    assert {str(report.id) for report in filed} == set().union(*(p.answers for p in phones))
    for phone in phones:
        [report] = phone.answers
        photos = rows(app, Media, Media.subject == f"report:{report}")
        assert {photo.status for photo in photos} == {"ready"}
        sent = {hashlib.sha256(photo).hexdigest() for photo in phone.photos}
        assert {photo.sha256 for photo in photos} == sent


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str:
    """PostgreSQL only: what is proved here does not hang on the database."""
    found: str = request.getfixturevalue("postgresql_url")
    return found
