"""`make faults`: every scenario on PostgreSQL, and the table of docs/guides/reliability.md.

What measures, or takes every core, runs alone. The rest share the machine, since most of it waits:
for a time-out, a lease, a lock. Exit code 1 when a scenario failed, whose row then says so.
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
ALONE = "test_speed or locked or slow_destination or test_campaign"  # as pytest's -k
NOTHING = 5  # pytest's exit code when no test was chosen
TOGETHER = "3"  # processes


def main(names: str = "") -> int:
    """Run the whole suite, or only the tests that `names` matches, as pytest's -k."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        chosen = f"({names}) and " if names else ""
        alone = _run(folder, f"{HERE}", "-k", f"{chosen}({ALONE})")
        rest = "-k", f"{chosen}not ({ALONE})", "-n", TOGETHER, "--dist", "worksteal"
        failed = _run(folder, f"{HERE}", *rest) or alone
        write(Path(folder), seconds=time.monotonic() - began, passed=not failed, whole=not names)
    return failed


def _run(folder: str, *words: str) -> int:
    command = [sys.executable, "-m", "pytest", "-v", *words]
    code = subprocess.run(command, env={**os.environ, FOLDER: folder}, check=False).returncode
    return 0 if code == NOTHING else code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
