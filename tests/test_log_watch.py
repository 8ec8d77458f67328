"""The watch over the suite's log sees what it must, and no more."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.log_watch import leaks

ROOT = Path(__file__).parents[1]
TOKEN = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln"
LEAKS = {
    "phone number": ["+84912345678", "to 0912345678.", "84912345678", "?to=%2B84912345678"],
    "identity number": ["001099012345", "'030204001234'"],
    "one-time code": ['"code": "042917"', "otp=042917", "Mã: 042917"],
    "token": [TOKEN, "rt_" + "a" * 30, "skp_" + "0a" * 16 + "_xyz", "whsec_c2FuZGJveA=="],
    "cookie": ["__Host-session=abc"],
    "control character": ["a\rb", "\x1b[31m", "\x9b31m", "\u202etxt"],
}
HARMLESS = [
    "0198c0de-4a6e-7c3f-9d0f-091234567890",
    "7f0912345678ab 12.0912345678 1791234567 000000000042",
    '{"ms": 0.3456789123, "status": 429, "code": "<secret>"}\n\tat line 3',
    "<phone> <id> <token> Bearer <token>",
]
# One test for each phase, channel and process that may write a log.
SUITE = """
import logging, subprocess, sys
import pytest
NUMBER = "+8491" + "2345678"

@pytest.fixture
def before():
    print(NUMBER, file=sys.stderr)

@pytest.fixture
def after():
    yield
    print(NUMBER, file=sys.stderr)

def test_setup(before): pass
def test_teardown(after): pass
def test_call(): print(NUMBER, file=sys.stderr)
def test_child(): subprocess.run([sys.executable, "-c", f"import os; os.write(2, b'{NUMBER}')"])
def test_handler():
    logging.StreamHandler(sys.stderr).emit(logging.makeLogRecord({"msg": NUMBER}))
def test_clean(): print("<phone>", file=sys.stderr)
def test_own_output(): print(NUMBER)
"""


@pytest.mark.parametrize("kind", LEAKS)
def test_a_leak_is_seen_and_not_repeated(kind: str) -> None:
    for secret in LEAKS[kind]:
        (told,) = leaks(f'first line\n{{"event": "x", "a": " {secret} "}}\n')
        assert told.startswith(kind)
        assert secret not in told


@pytest.mark.parametrize("text", HARMLESS)
def test_what_only_resembles_a_leak_is_let(text: str) -> None:
    assert leaks(text) == []


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_test_that_leaks_fails_in_every_phase_and_process(tmp_path: Path, workers: str) -> None:
    (tmp_path / "conftest.py").write_text("from tests.log_watch import pytest_runtest_makereport")
    (tmp_path / "test_suite.py").write_text(SUITE)
    command = [sys.executable, "-m", "pytest", "-q", "-rA", "-n", workers, "--tb=short"]
    run = subprocess.run(
        [*command, "-p", "no:cacheprovider", f"--rootdir={tmp_path}", str(tmp_path)],
        capture_output=True,
        cwd=ROOT,
        text=True,
        check=False,
    )
    told = [line for line in run.stdout.splitlines() if "test_suite.py::" in line]
    bad = {line.split("::")[1].split()[0] for line in told if line.startswith(("FAILED", "ERROR"))}
    assert bad == {"test_setup", "test_teardown", "test_call", "test_child", "test_handler"}, (
        run.stdout
    )
    passed = {line.split("::")[1] for line in told if line.startswith("PASSED")}
    assert {"test_clean", "test_own_output"} <= passed
