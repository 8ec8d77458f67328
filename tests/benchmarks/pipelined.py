"""Requests sent many at a time, so that whoever sends them costs less than whoever answers."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

import psutil

from tests.benchmarks.measure import spent
from tests.deploy.edge import Edge

EACH = 950  # requests of one connection: nginx closes it after a thousand
AHEAD = 50  # requests under way on one
_START = b"HTTP/1.1 "
_addresses = count(1)  # limits are by address, and a load comes from many


@dataclass(frozen=True)
class Rate:
    """Requests answered in a second, and nginx' seconds of CPU for each."""

    a_second: float
    cpu: float


def rate(server: Edge, path: str, encoding: str, *, connections: int, rounds: int) -> Rate:
    """Ask for a path on so many connections at once, each opened anew `rounds` times."""
    requests = connections * rounds * EACH
    refused: list[bytes] = []

    def client() -> None:
        for _ in range(rounds):
            refused.extend(_ask(server, path, encoding))

    threads = [threading.Thread(target=client) for _ in range(connections)]
    before, began = _spent(server), time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    elapsed, cpu = time.perf_counter() - began, _spent(server) - before
    if refused:
        raise RuntimeError(f"{len(refused)} of {requests} were answered {refused[0]!r}")
    return Rate(requests / elapsed, cpu / requests)


def _ask(server: Edge, path: str, encoding: str) -> Iterator[bytes]:
    """The status lines that are not 200."""
    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: {encoding}\r\n"
    kept, last = f"{request}\r\n".encode(), f"{request}Connection: close\r\n\r\n".encode()
    number = next(_addresses)
    received = bytearray()
    with server.connect(source=f"127.1.{number // 250}.{number % 250 + 1}") as connection:
        sent = answered = 0
        while True:
            if sent < EACH and sent - answered <= AHEAD // 2:
                more = min(AHEAD, EACH - sent)
                connection.sendall(kept * (more - 1) + (last if sent + more == EACH else kept))
                sent += more
            tail = len(received) - len(_START)
            chunk = connection.recv(1 << 16)
            if not chunk:
                break
            received += chunk
            answered += received.count(_START, max(0, tail + 1))
    good = received.count(_START + b"200 ")
    yield from [b"another status, or none"] * (EACH - good)


def _spent(server: Edge) -> float:
    master = psutil.Process(int((server.folder / "nginx.pid").read_text()))
    return sum(map(spent, [master, *master.children()]))
