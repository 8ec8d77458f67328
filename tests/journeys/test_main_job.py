"""`smartcity demo`: the main job as a newcomer sees it, and what it leaves behind."""

from __future__ import annotations

import json
import os
import socket
import subprocess
from pathlib import Path

import pytest

from smartcity.demo.story import CENTRE_STEPS, CITIZEN
from tests.journeys.demonstration import COMMAND, child_of, clean_env, left_running

pytestmark = pytest.mark.timeout(180)
STEPS = 41 + len(CENTRE_STEPS)
# Every Python process of the demonstration runs this first: it notes which files are opened to be
# written, and which folders are made.
WATCHMAN = """
import os, sys

WRITTEN = {"os.mkdir": 0, "os.rename": 1, "sqlite3.connect": 0, "tempfile.mkstemp": 0}
notes = os.open(os.environ["WATCHMAN_NOTES"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)

def watch(event, told):
    if event == "open":
        path = told[0] if told[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT) else None
    else:
        path = told[WRITTEN[event]] if event in WRITTEN else None
    if path and not isinstance(path, int):
        os.write(notes, os.path.realpath(os.fsencode(path)) + b"\\n")

sys.addaudithook(watch)
"""


def test_the_story_is_told_and_only_its_folder_stays(tmp_path: Path) -> None:
    watched = _watched(tmp_path)
    told = subprocess.run(
        [*COMMAND, "demo", "--once", "--var", "var"],
        cwd=tmp_path,
        env=clean_env() | watched,
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    assert told.stdout.count("✓") == STEPS
    assert left_running(tmp_path) == []
    _assert_complete(json.loads((tmp_path / "var" / "demo.json").read_text("utf-8")))
    _assert_written_within(tmp_path, Path(watched["WATCHMAN_NOTES"]))


def test_a_step_that_is_not_seen_fails_the_command(tmp_path: Path) -> None:
    demo = _start_once(tmp_path)
    assert demo.stdout
    assert any("✓" in line for line in demo.stdout)  # reads as far as the first step
    centre = child_of(demo.pid, "smartcity.sandbox", "ioc")
    assert centre
    centre.kill()
    _, faults = demo.communicate(timeout=120)
    assert demo.returncode == 1
    assert "✗" in faults
    assert left_running(tmp_path) == []


def test_a_server_that_does_not_start_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        demo = _start_once(tmp_path, "--sms-port", str(taken.getsockname()[1]))
        _, faults = demo.communicate(timeout=120)
    assert demo.returncode == 1
    assert faults.splitlines()[-1].startswith("Error: sms did not start")
    assert left_running(tmp_path) == []


def _start_once(folder: Path, *options: str) -> subprocess.Popen[str]:
    command = [*COMMAND, "demo", "--once", "--var", str(folder / "var"), *options]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=clean_env())


def _watched(folder: Path) -> dict[str, str]:
    """An environment with the watchman, and with a home and a place for temporary files."""
    for name in ("home", "temporary", "watchman"):
        (folder / name).mkdir()
    (folder / "watchman" / "sitecustomize.py").write_text(WATCHMAN)
    return {
        "HOME": str(folder / "home"),
        "TMPDIR": str(folder / "temporary"),
        "PYTHONPATH": str(folder / "watchman"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "WATCHMAN_NOTES": str(folder / "watchman" / "notes"),
    }


def _assert_written_within(folder: Path, notes: Path) -> None:
    """All in the demonstration's folder; what was temporary is gone."""
    written = {Path(line) for line in notes.read_text("utf-8").splitlines()}
    assert folder / "var" / "demo" / "smartcity.sqlite3" in written  # the watchman was awake
    allowed = (folder / "var", folder / "temporary", folder / "watchman", Path(os.devnull))
    outside = {path for path in written if not any(path.is_relative_to(place) for place in allowed)}
    assert outside == set()
    assert list((folder / "temporary").iterdir()) == []
    assert list((folder / "home").iterdir()) == []


def _assert_complete(site: dict[str, object]) -> None:
    """demo.json drives other programs: addresses, officers, citizens."""
    for name in ("api", "docs", "console", "ioc", "sms", "fcm", "feeds", "sky"):
        assert str(site.pop(name)).startswith(("http://127.0.0.1:", "https://127.0.0.1:"))
    officers, citizens = site.pop("officers"), site.pop("citizens")
    assert isinstance(officers, list)
    assert {"ioc_operator", "ioc_lead", "unit_officer", "unit_leader", "admin", "auditor"} <= {
        officer["role"] for officer in officers
    }
    assert all({"username", "password", "role", "agency"} <= set(officer) for officer in officers)
    assert citizens == [{"phone": CITIZEN}]
    assert Path(str(site.pop("fcm_ca"))).read_bytes().startswith(b"-----BEGIN CERTIFICATE")
    assert site == {}
