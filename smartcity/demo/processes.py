"""The demonstration's processes under one supervisor: started, watched, restarted, stopped."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from smartcity.settings import ROOT

GRACE = 15.0  # seconds to end in before being killed


@dataclass
class Process:
    """One child; its output goes to a file."""

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
                env={**os.environ, **self.env},
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def has_ended(self) -> bool:
        """Whether it was started and runs no more."""
        return self.running is not None and self.running.poll() is not None


class Supervisor:
    """Keeps the children alive until it is left; a context manager."""

    def __init__(self) -> None:
        self.children: list[Process] = []

    def __enter__(self) -> "Supervisor":
        return self

    def __exit__(self, *_exception: object) -> None:
        for child in reversed(self.children):
            _stop(child)

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
        stopped: list[int] = []
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda received, _frame: stopped.append(received))
        while not stopped:
            for name in self.revive():
                print(f"{name} đã dừng, khởi động lại · {name} ended and was started again")
            time.sleep(0.2)


def _stop(child: Process) -> None:
    if child.running is None or child.has_ended():
        return
    os.killpg(child.running.pid, signal.SIGTERM)
    try:
        child.running.wait(GRACE)
    except subprocess.TimeoutExpired:
        os.killpg(child.running.pid, signal.SIGKILL)
        child.running.wait()


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on now."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
