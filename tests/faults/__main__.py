"""`make faults`: every scenario on PostgreSQL, and the table of docs/guides/reliability.md.

What measures runs alone; the rest share the machine, since most of it waits: for a time-out, a
lease, a lock. Exit code 1 when a scenario failed, whose row then says so.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.faults.results import FOLDER
from tests.faults.table import write

HERE = Path(__file__).parent / "scenarios"
ALONE = "test_speed or locked or slow_destination"  # as pytest's -k
TOGETHER = "3"  # processes


def main(names: str = "") -> int:
    """Run the whole suite, or only the tests that `names` matches, as pytest's -k."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        if names:
            failed = _run(folder, f"{HERE}", "-n", TOGETHER, "--dist", "worksteal", "-k", names)
            write(Path(folder), seconds=time.monotonic() - began, passed=not failed, whole=False)
            return failed
        alone = _run(folder, f"{HERE}", "-k", ALONE)
        rest = "-k", f"not ({ALONE})", "-n", TOGETHER, "--dist", "worksteal"
        failed = _run(folder, f"{HERE}", *rest) or alone
        write(Path(folder), seconds=time.monotonic() - began, passed=not failed, whole=True)
    return failed


def _run(folder: str, *words: str) -> int:
    command = [sys.executable, "-m", "pytest", "-v", *words]
    return subprocess.run(command, env={**os.environ, FOLDER: folder}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
