"""A sandbox operations centre in a process of its own, its journal on disk before it answers."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import urllib3

from smartcity.demo.client import Caller, wait_for
from smartcity.demo.processes import free_port
from tests.faults.processes import Process, python

SANDBOX = "smartcity.sandbox"


class Centre(Process):
    """One destination: what it accepted stands in `journal`, whatever becomes of the process."""

    def __init__(
        self, name: str, folder: Path, env: Mapping[str, str], module: str = SANDBOX
    ) -> None:
        self.port = free_port()
        self.secret = new_secret()
        self.journal = folder / f"{name}.jsonl"
        super().__init__(name, self._serve(module), folder, env)
        self._duplicates = 0  # that it told of before it was killed
        self._ids: set[str] = set()
        self._read_to = 0
        self._http = Caller(self.base, urllib3.PoolManager(retries=False, timeout=5))

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """Where events go."""
        return f"{self.base}/events"

    def start(self) -> None:
        super().start()
        wait_for(self._listens, 120)

    def kill(self) -> None:
        if self._running is not None and self._listens():
            self._duplicates += self.stats()["duplicates"]
        super().kill()

    def become(self, module: str = SANDBOX, secret: str | None = None) -> None:
        """Start again as another program or under another secret, with what it has on disk."""
        self.kill()
        self.secret = secret or self.secret
        self.run_as(self._serve(module))
        self.start()

    def suffer(self, **fault: Any) -> None:
        """Begin a fault of the sandbox (docs/guides/ioc.md)."""
        self._http.ask("PUT", "/faults", fault)

    def recover(self) -> None:
        self._http.ask("DELETE", "/faults")

    def stats(self) -> dict[str, int]:
        told: dict[str, int] = self._http.ask("GET", "/stats")
        return told

    @property
    def duplicates(self) -> int:
        """Events that came again and were dropped."""
        return self._duplicates + self.stats()["duplicates"]

    def accepted(self) -> list[dict[str, Any]]:
        """The whole lines of its journal."""
        whole, _, _ = self.journal.read_bytes().rpartition(b"\n")
        return [json.loads(line) for line in whole.splitlines()]

    def ids(self) -> set[str]:
        """Of what it accepted; reads only what came since the last call."""
        with self.journal.open("rb") as lines:
            lines.seek(self._read_to)
            for line in lines:
                if line.endswith(b"\n"):
                    self._ids.add(json.loads(line)["id"])
                    self._read_to += len(line)
        return self._ids

    def _serve(self, module: str) -> list[str]:
        options = ["--secret", self.secret, "--port", str(self.port), "--journal"]
        return python("-m", module, "ioc", *options, str(self.journal))

    def _listens(self) -> bool:
        try:
            return bool(self._http.ask("GET", "/healthz"))
        except urllib3.exceptions.HTTPError:
            return False


def new_secret() -> str:
    return f"whsec_{base64.b64encode(secrets.token_bytes(24)).decode()}"
