"""The demonstration as its users run it: a process of its own, in a folder of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from smartcity.demo.client import Caller, Desk, wait_for

COMMAND = (sys.executable, "-m", "smartcity.cli")
BOOT = 90.0  # seconds until it has told its story, on a machine that does much else


@dataclass
class Demonstration:
    """A running `smartcity demo`."""

    process: subprocess.Popen[bytes]
    site_file: Path

    @property
    def site(self) -> dict[str, Any]:
        """What demo.json tells."""
        told: dict[str, Any] = json.loads(self.site_file.read_text("utf-8"))
        return told

    @property
    def ioc(self) -> Caller:
        return Caller(self.site["ioc"])

    def desk(self, role: str) -> Desk:
        """The desk of an officer of this role, signed in."""
        who = next(officer for officer in self.site["officers"] if officer["role"] == role)
        desk = Desk(self.site["api"])
        desk.sign_in(who["username"], who["password"])
        return desk

    def child(self, *words: str) -> psutil.Process | None:
        """The living child whose command has these words."""
        return child_of(self.process.pid, *words)


def child_of(pid: int, *words: str) -> psutil.Process | None:
    """The living child of a process whose command has these words."""
    for child in psutil.Process(pid).children():
        try:
            if set(words) <= set(child.cmdline()):
                return child
        except (psutil.NoSuchProcess, psutil.ZombieProcess):
            continue
    return None


@contextmanager
def running_demo(folder: Path, *options: str, **settings: str) -> Iterator[Demonstration]:
    """Run the demonstration; from its story's end until the block's end."""
    folder.mkdir()
    told = folder / "told.txt"
    command = [*COMMAND, "demo", "--var", str(folder), *options]
    with told.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, env=clean_env(**settings))
    try:
        wait_for(lambda: _serves(process, told), seconds=BOOT)
        yield Demonstration(process, folder / "demo.json")
    finally:
        process.terminate()
        process.wait(60)


def clean_env(**settings: str) -> dict[str, str]:
    """This process's environment without its own settings, and with these."""
    ours = {k: v for k, v in os.environ.items() if not k.startswith("SMARTCITY_")}
    return ours | {f"SMARTCITY_{name}": value for name, value in settings.items()}


def left_running(folder: Path) -> list[list[str]]:
    """Commands of processes whose settings lie in a folder."""
    left = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("SMARTCITY_VAR_DIR", "").startswith(str(folder)):
                left.append(process.cmdline())
        except psutil.Error:
            continue
    return left


def _serves(process: subprocess.Popen[bytes], told: Path) -> bool:
    words = told.read_text("utf-8")
    assert process.poll() is None, words
    return "Ctrl-C" in words
