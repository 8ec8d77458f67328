"""The demonstration's processes under one supervisor: started, watched, restarted, stopped."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

from smartcity.settings import ROOT

GRACE = 15.0  # seconds to end in before being killed


@dataclass
class Process:
    """One child in its own environment; its output goes to a file."""

    name: str
    arguments: list[str]
    log: Path
    env: Mapping[str, str]
    running: subprocess.Popen[bytes] | None = field(default=None)

    def start(self) -> None:
        """Start it, or start it anew."""
        with self.log.open("ab") as output:
            self.running = subprocess.Popen(
                [sys.executable, *self.arguments],
                cwd=ROOT,
                env=self.env,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def has_ended(self) -> bool:
        """Whether it was started and runs no more."""
        return self.running is not None and self.running.poll() is not None

    def stop(self) -> None:
        """Ask it to end."""
        self._send(signal.SIGTERM)

    def gone_by(self, deadline: float) -> None:
        """Wait for its end until a moment of the monotonic clock, then kill it."""
        if self.running is None:
            return
        try:
            self.running.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self._send(signal.SIGKILL)
            self.running.wait()

    def _send(self, number: signal.Signals) -> None:
        if self.running is not None and not self.has_ended():
            os.killpg(self.running.pid, number)


class Supervisor:
    """Keeps the children alive until it is left; a context manager.

    SIGTERM and SIGINT leave it, as KeyboardInterrupt.
    """

    def __init__(self) -> None:
        self.children: list[Process] = []

    def __enter__(self) -> "Supervisor":
        for number in (signal.SIGINT, signal.SIGTERM):  # a script in the background ignores SIGINT
            signal.signal(number, signal.default_int_handler)
        return self

    def __exit__(self, *_exception: object) -> None:
        deadline = time.monotonic() + GRACE
        for child in self.children:
            child.stop()
        for child in self.children:
            child.gone_by(deadline)

    def start(self, child: Process) -> None:
        """Start a child and keep it."""
        self.children.append(child)
        child.start()

    def revive(self) -> list[str]:
        """Start again whatever has died; the names of those."""
        dead = [child for child in self.children if child.has_ended()]
        for child in dead:
            child.start()
        return [child.name for child in dead]

    def watch(self) -> None:
        """Revive children until SIGINT or SIGTERM."""
        with suppress(KeyboardInterrupt):
            while True:
                for name in self.revive():
                    told = f"{name} đã dừng, khởi động lại · {name} ended and was started again"
                    print(told, flush=True)
                time.sleep(0.2)


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on now, and that the system gives to nobody else.

    Ports from 32768 on it gives to whoever connects; one of those may be taken before it is used.
    """
    while True:
        port = secrets.choice(range(20_000, 32_768))
        with closing(socket.socket()) as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
