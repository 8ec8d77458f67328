"""`python -m smartcity.sandbox`, as an operator or the demo starts it."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import urllib3

SECRET = "whsec_c2FuZGJveC1zZWNyZXQtb2YtdGhlLXRlc3Rz"
COMMANDS = {
    "ioc": ["--secret", SECRET, "--journal", "{folder}/events.jsonl"],
    "city": ["--secret", SECRET],
    "feeds": [],
    "sky": [],
    "sms": ["--key", "the-key"],
    "zns": ["--app", "1", "--secret", "s", "--template", "2", "--refresh-token", "r"],
    "fcm": ["--state", "{folder}/fcm"],
    "oidc": ["--client", "the-client", "the-secret", "https://app.example/callback"],
}


@contextmanager
def running(arguments: list[str]) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "smartcity.sandbox", *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("server", COMMANDS)
def test_each_server_says_where_it_listens_answers_and_stops(server: str, tmp_path: Path) -> None:
    options = [option.format(folder=tmp_path) for option in COMMANDS[server]]
    with running([server, *options]) as process:
        assert process.stdout
        url = process.stdout.readline().split()[-1]
        ca_file = tmp_path / "fcm" / "ca.pem"
        http = urllib3.PoolManager(
            retries=False, timeout=10, ca_certs=str(ca_file) if ca_file.exists() else None
        )
        assert http.request("GET", f"{url}/healthz").json() == {"status": "ok"}
        process.send_signal(signal.SIGTERM)
        assert process.communicate(timeout=10) == ("", "")
        assert process.returncode == 0


def test_a_bad_secret_is_a_clear_error_of_use() -> None:
    with running(["ioc", "--secret", "plain"]) as process:
        _, told = process.communicate(timeout=10)
        assert process.returncode == 2
        assert "whsec_" in told
        assert "Traceback" not in told


def test_what_was_answered_for_outlives_a_kill(tmp_path: Path, event, deliver, http) -> None:
    arguments = ["ioc", "--secret", SECRET, "--journal", str(tmp_path / "events.jsonl")]
    with running(arguments) as process:
        assert process.stdout
        url = process.stdout.readline().split()[-1]
        assert deliver(url, event(1)).status == 202
        process.kill()
    with running(arguments) as process:
        assert process.stdout
        url = process.stdout.readline().split()[-1]
        assert http.request("GET", f"{url}/events").json() == [event(1)]
        assert deliver(url, event(1)).json() == {"status": "duplicate"}
