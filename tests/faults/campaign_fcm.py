"""The sandbox FCM in a process of its own: what arrived where, and what each phone shows."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import urllib3

from smartcity.demo.client import Caller, wait_for
from smartcity.demo.processes import free_port
from tests.faults.processes import Process, python


class PushService(Process):
    """FCM for one project; its journal is in memory, so it is not killed."""

    def __init__(self, folder: Path, env: Mapping[str, str]) -> None:
        self.state = folder / "fcm"
        self.port = free_port()
        self.url = f"https://127.0.0.1:{self.port}"
        options = ["--state", str(self.state), "--port", str(self.port)]
        command = python("-m", "smartcity.sandbox", "fcm", *options)
        super().__init__("fcm", command, folder, env)

    @property
    def settings(self) -> dict[str, str]:
        """How the product is told to send here."""
        return {
            "FCM_URL": self.url,
            "FCM_CA": str(self.state / "ca.pem"),
            "FCM_CREDENTIALS": str(self.state / "service-account.json"),
        }

    def start(self) -> None:
        super().start()
        wait_for(self._listens, seconds=60)

    def suffer(self, **fault: Any) -> None:
        """Begin a fault of the sandbox."""
        self._ask("PUT", "/faults", fault)

    def recover(self) -> None:
        self._ask("DELETE", "/faults")

    def behave(self, **wishes: Any) -> None:
        """Quota, latency, dead phones; what is not named is off."""
        self._ask("PUT", "/behaviour", wishes)

    def forget(self) -> None:
        """Empty its journal and its counters."""
        self._ask("DELETE", "/journal")

    def stats(self) -> dict[str, Any]:
        told: dict[str, Any] = self._ask("GET", "/stats")
        return told

    def arrivals(self) -> dict[str, dict[str, int]]:
        """How often each message came to each address: `{address: {mid: times}}`."""
        text = self._caller.answer("GET", "/arrivals").data.decode()
        found: dict[str, dict[str, int]] = {}
        for line in text.splitlines():
            address, mid, times = line.split("\t")
            found.setdefault(address, {})[mid] = int(times)
        return found

    def screen(self, address: str) -> list[dict[str, Any]]:
        """The notifications that a phone shows now."""
        shown: list[dict[str, Any]] = self._ask("GET", f"/journal?address={address}")["shown"]
        return shown

    @property
    def _caller(self) -> Caller:
        trusted = urllib3.PoolManager(ca_certs=str(self.state / "ca.pem"), retries=False)
        return Caller(self.url, trusted)

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        return self._caller.ask(method, path, body)

    def _listens(self) -> bool:
        try:
            return bool(self._ask("GET", "/healthz"))
        except (urllib3.exceptions.HTTPError, FileNotFoundError):
            return False
