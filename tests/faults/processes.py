"""A process of a site: started, killed with -9, frozen, thawed, and started again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import psutil

from smartcity.settings import ROOT

# Only the starter holds the other end of this standard input: it closes even after kill -9, and
# takes the process and its children with it.
_END_WITH_STARTER = """
exec 3<&0
( read -r _ <&3; kill -KILL -$$ ) >/dev/null 2>&1 &
exec "$@" 3<&- </dev/null
"""


class Process:
    """One program in a group of its own; its output is appended to `<folder>/<name>.log`."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        folder: Path,
        env: Mapping[str, str],
        account: str | None = None,
    ) -> None:
        self.name = name
        self.log = folder / f"{name}.log"
        self.run_as(command)
        self._env = env
        self._account = account
        self._running: subprocess.Popen[bytes] | None = None

    def run_as(self, command: Sequence[str]) -> None:
        """What to run from the next start on."""
        self._command = ["sh", "-c", _END_WITH_STARTER, "sh", *command]

    @property
    def running(self) -> bool:
        return self._running is not None

    @property
    def pid(self) -> int:
        """Of the program itself: the shell before it has become it."""
        assert self._running is not None
        return self._running.pid

    def start(self) -> None:
        """Start it, or start it anew."""
        with self.log.open("ab") as output:
            self._running = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                cwd=ROOT,
                env=self._env,
                start_new_session=True,
                user=self._account,
            )

    def kill(self) -> None:
        """Kill it and its children with -9, frozen or not; nothing when it does not run."""
        if self._running is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._running.communicate()
        self._running = None

    def send(self, number: signal.Signals) -> None:
        """Send the program a signal."""
        os.kill(self.pid, number)

    def ended(self) -> None:
        """Wait until it has ended by itself."""
        assert self._running is not None
        self._running.wait(60)
        self.kill()

    def freeze(self) -> None:
        """Stop it where it stands (SIGSTOP), and see it stand."""
        self.send(signal.SIGSTOP)
        while psutil.Process(self.pid).status() != psutil.STATUS_STOPPED:
            os.sched_yield()

    def thaw(self) -> None:
        """Let it go on."""
        self.send(signal.SIGCONT)

    def children(self) -> list[psutil.Process]:
        """Its living children that run the same program."""
        children = psutil.Process(self.pid).children()
        return [child for child in children if child.name() != "sh"]


def python(*arguments: str) -> list[str]:
    """The command that runs this Python."""
    return [sys.executable, *arguments]
