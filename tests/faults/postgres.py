"""A PostgreSQL of the test's own, which may be stopped at once and started again."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from smartcity.demo.client import wait_for
from smartcity.demo.processes import free_port
from tests import servers
from tests.faults.processes import Process


class Cluster(Process):
    """Durable: what it committed is there after a stop that lets nothing end (fsync is on)."""

    def __init__(self, folder: Path) -> None:
        account = "nobody" if os.geteuid() == 0 else None
        programs = servers._postgres_programs(folder, account)
        servers._make_cluster(programs, folder, account)
        port = free_port()
        self.url = f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
        options = servers._postgres_options(port, durable=True)
        command = [str(programs / "postgres"), "-D", str(folder / "data"), *options]
        super().__init__("postgres", command, folder, os.environ, account)

    def start(self) -> None:
        super().start()
        wait_for(lambda: servers._postgres_answers(self.url), seconds=60)

    def stop_at_once(self) -> None:
        """Immediate shutdown: every session is cut, nothing is written that was not on disk."""
        self.send(signal.SIGQUIT)
        self.ended()


@contextmanager
def own_cluster() -> Iterator[Cluster]:
    """A running cluster, empty; gone with its data at the end of the block."""
    with servers._temporary_folder("postgres") as folder:
        cluster = Cluster(folder)
        cluster.start()
        try:
            yield cluster
        finally:
            if cluster.running:
                cluster.stop_at_once()
