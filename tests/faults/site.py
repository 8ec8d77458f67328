"""The product as it runs: gunicorn, workers and receivers, each a process that may be killed."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import urllib3

from smartcity.app import create_app
from smartcity.core.db import engine, transaction
from smartcity.demo.client import Caller, wait_for
from smartcity.demo.processes import free_port
from smartcity.identity.permissions import Role
from smartcity.settings import ROOT, Settings
from tests.faults import destinations
from tests.faults.centre import SANDBOX, Centre
from tests.faults.client import Client
from tests.faults.processes import Process, python
from tests.faults.records import Records
from tests.identity.people import bearer, citizen, officer
from tests.journeys.demonstration import clean_env

LEASE = 3.0  # seconds that a killed worker's jobs wait
PATIENCE = 120.0  # seconds for what takes one on an idle machine: scenarios share it
HELD = 60.0  # and a frozen one's, at most: PostgreSQL ends the transaction it stands in after 30
# One citizen files thousands, and a fault is over sooner than in life; nothing else is changed.
PACE = {
    "REPORT_LIMIT": "1000000 per hour",
    "REPORT_SOFT_LIMIT": "1000000",
    "ACCESS_LIFETIME": "36000",
    "JOB_LEASE": str(LEASE),
    "JOB_POLL": "0.1",
    "BREAKER_PROBE_EVERY": "1",
}


@dataclass
class Site:
    """A context manager: everything that it started is gone at its end."""

    folder: Path
    database: str
    workers: int = 2
    threads: int = 4
    names: tuple[str, ...] = ("province",)
    module: str = SANDBOX  # the receivers' program
    timeout: float = destinations.TIMEOUT
    serves: bool = True  # whether there is an API
    settings: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.port = free_port()
        plain = clean_env()
        self.centres = [Centre(name, self.folder, plain, self.module) for name in self.names]
        self.records = Records(self.database)
        self.crew: list[Process] = []
        self.clients: list[Client] = []

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def centre(self) -> Centre:
        """The first receiver."""
        return self.centres[0]

    @property
    def env(self) -> dict[str, str]:
        """The environment of API and workers."""
        fixed = {
            "VAR_DIR": str(self.folder),
            "PUBLIC_URL": self.base,
            "DATABASE_URL": self.database,
        }
        gunicorn = {
            "BIND": f"127.0.0.1:{self.port}",
            "WEB_CONCURRENCY": "2",
            "WEB_THREADS": "4",
            "PROMETHEUS_MULTIPROC_DIR": str(self.folder / "metrics"),
        }
        return clean_env(**{**PACE, **fixed, **self.settings}) | gunicorn

    def __enter__(self) -> Self:
        try:
            for centre in self.centres:
                centre.start()
            self._prepare()
            if self.serves:
                self._serve()
            for _ in range(self.workers):
                self.hire()
            if self.serves:
                self.await_api()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_exception: object) -> None:
        for client in self.clients:
            client.close()
        for process in [*self.crew, *self.centres, *([self.api] if hasattr(self, "api") else [])]:
            process.kill()

    def hire(self, *launcher: str) -> Process:
        """One worker more; `launcher` goes before the command line of the product."""
        program = launcher or ("-m", "smartcity.cli")
        command = python(*program, "worker", "--threads", str(self.threads))
        worker = Process(f"worker-{len(self.crew)}", command, self.folder, self.env)
        self.crew.append(worker)
        worker.start()
        return worker

    def client(self, name: str, threads: int = 6) -> Client:
        """Phones and an officer, signed in."""
        journal = self.folder / f"{name}.jsonl"
        client = Client(self.base, self._citizen, self._officer, journal, name, threads)
        self.clients.append(client)
        return client

    def command(self, *words: str) -> str:
        """What a command of the operator says; an error ends the test."""
        done = subprocess.run(
            python("-m", "smartcity.cli", *words),
            cwd=ROOT,
            env=self.env,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def await_api(self) -> None:
        """Return when the API answers that it is ready."""
        wait_for(self._ready, seconds=60)

    def drained(self, seconds: float = 300) -> float:
        """Wait until every step that nobody holds has arrived; how many seconds that took."""
        began = time.monotonic()
        wait_for(lambda: not self.records.waiting("ioc"), seconds=seconds)
        return time.monotonic() - began

    def _serve(self) -> None:
        command = python("-m", "gunicorn", "--config", "config/gunicorn.conf.py", "wsgi:app")
        self.api = Process("api", command, self.folder, self.env)
        self.api.start()

    def _prepare(self) -> None:
        """Name the destinations, and sign people in without an SMS."""
        app = create_app(Settings.from_env(self.env))
        self._citizen = bearer(citizen(app))
        self._officer = bearer(officer(app, Role.IOC_OPERATOR, "ioc"))
        with app.app_context():
            with transaction() as session:
                destinations.name_all(session, self.centres, self.timeout)
            engine().dispose()

    def _ready(self) -> bool:
        try:
            return Caller(self.base).answer("GET", "/readyz").status == 200
        except urllib3.exceptions.HTTPError:
            return False
