"""`smartcity ioc check` against receivers that keep the contract and receivers that do not."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import urllib3
from click.testing import CliRunner, Result

from smartcity.cli import main
from smartcity.demo.client import wait_for
from smartcity.demo.processes import free_port
from smartcity.ioc.conformance import CHECKS
from smartcity.sandbox.ioc import Ioc
from tests.docs.pages import block
from tests.ioc import broken_receivers as receivers
from tests.ioc.broken_receivers import listening
from tests.ioc.conftest import OTHER_SECRET, SECRET

GUIDE = Path(__file__).parents[2] / "docs/guides/ioc.md"
SIGNED = {
    "signature_missing",
    "signature_wrong",
    "signature_of_another_body",
    "signature_old",
    "reconciled_unsigned",
}
# Each with the time-out to try it by, its own line, and the lines that follow from it.
BROKEN = [
    (receivers.Trusting, 3, "signature_missing", SIGNED),
    (receivers.Timeless, 3, "signature_old", set()),
    (receivers.Repeating, 3, "repeat", {"same_at_once", "order", "repair"}),
    (receivers.Regressing, 3, "order", {"repair"}),
    (receivers.Small, 3, "large", set()),
    (receivers.Latin, 3, "vietnamese", set()),
    (receivers.Unaccented, 3, "vietnamese", set()),
    (receivers.FirstSignature, 3, "two_signatures", set()),
    (receivers.Late, 0.1, "taken", {"trickle", "many_at_once"}),
    (receivers.OneAtATime, 1, "many_at_once", set()),
    (receivers.Strict, 3, "unknown_parts", set()),
    (receivers.Impatient, 3, "kept_connection", set()),
]


def check(url: str, *options: str, timeout: float = 3) -> Result:
    told = ["ioc", "check", url, "--secret", SECRET, "--timeout", str(timeout), *options]
    return CliRunner().invoke(main, told)


def states(result: Result) -> dict[str, str]:
    return {one["check"]: one["state"] for one in json.loads(result.output)["checks"]}


def test_our_own_sandbox_keeps_the_contract_and_may_be_checked_again() -> None:
    with Ioc([SECRET, OTHER_SECRET]) as ioc:
        for _ in range(2):
            result = check(f"{ioc.url}/events", "--old-secret", OTHER_SECRET)
            assert result.exit_code == 0, result.output
            assert result.output.endswith(f"{len(CHECKS)} ok, 0 FAILED, 0 not verifiable\n")
        held = urllib3.request("GET", f"{ioc.url}/events").json()
        assert {event["subject"][:9] for event in held} == {"KIEM-TRA-"}


def test_a_connection_that_stays_open_is_used_again() -> None:
    with listening(receivers.Faithful, SECRET, OTHER_SECRET) as url:
        result = check(url, "--old-secret", OTHER_SECRET, "--json")
        assert set(states(result).values()) == {"ok"}
        assert json.loads(result.output)["passed"] is True
        assert "closes after each answer" not in result.output


@pytest.mark.parametrize(
    ("kind", "timeout", "own", "follow"), BROKEN, ids=[kind.__name__ for kind, *_ in BROKEN]
)
def test_a_broken_receiver_fails_its_line_and_what_follows_from_it(
    kind: type[receivers.Faithful], timeout: float, own: str, follow: set[str]
) -> None:
    with listening(kind, SECRET, OTHER_SECRET) as url:
        result = check(url, "--old-secret", OTHER_SECRET, "--json", timeout=timeout)
    assert result.exit_code == 1
    failed = {check for check, state in states(result).items() if state == "FAILED"}
    assert failed == {own} | follow
    assert set(states(result).values()) == {"ok", "FAILED"}


def test_a_failed_line_says_what_was_expected_what_came_and_which_promise() -> None:
    with listening(receivers.Repeating, SECRET) as url:
        output = check(url).output
    assert "FAILED          A repeat of an id is answered 2xx and has one effect" in output
    assert "expected: stored: 0000000001\n" in output
    assert "came:     stored: 0000000001, 0000000001, 0000000001\n" in output
    assert "promise:  docs/guides/ioc.md, “drop an `id` that you have”" in output


def test_what_cannot_be_seen_is_not_said_to_be_well() -> None:
    with listening(receivers.Blind, SECRET) as url:
        result = check(url, "--json")
    found = states(result)
    assert result.exit_code == 0
    assert found.pop("taken") == "ok"
    assert set(found.values()) == {"not verifiable"}


def test_a_wrong_answer_is_seen_even_when_the_inside_is_not() -> None:
    class Refusing(receivers.Blind, receivers.Small):
        """Both."""

    with listening(Refusing, SECRET) as url:
        result = check(url, "--json")
    assert result.exit_code == 1
    assert states(result)["large"] == "FAILED"


def test_a_reconciliation_address_that_was_named_must_answer() -> None:
    with listening(receivers.Blind, SECRET) as url:
        result = check(url, "--json", "--reconcile-url", f"{url}/none")
    assert result.exit_code == 1
    assert states(result)["reconciled"] == "FAILED"


def test_the_receiver_of_the_guide_keeps_what_can_be_seen(tmp_path: Path) -> None:
    receiver = block(GUIDE, "## A receiver", "python")
    port = free_port()
    env = os.environ | {"SECRETS": f"{OTHER_SECRET} {SECRET}", "PORT": str(port)}
    command = [sys.executable, "-c", receiver.text]
    with subprocess.Popen(command, cwd=tmp_path, env=env, stderr=subprocess.DEVNULL) as running:
        try:
            wait_for(lambda: _listens(port))
            told = ["--old-secret", OTHER_SECRET, "--json"]
            result = check(f"http://127.0.0.1:{port}/", *told, timeout=10)
        finally:
            running.terminate()
    found = states(result)
    assert result.exit_code == 0, result.output
    assert found["taken"] == "ok"
    assert set(found.values()) == {"ok", "not verifiable"}


def _listens(port: int) -> bool:
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0


def test_when_nobody_answers_no_further_check_is_made() -> None:
    with listening(receivers.Faithful, SECRET) as url:
        pass
    result = check(url, "--json")
    assert (result.exit_code, states(result)) == (1, {"taken": "FAILED"})


def test_a_secret_that_is_none_is_an_error_of_use() -> None:
    told: list[Any] = ["ioc", "check", "http://127.0.0.1:1", "--secret", "plain"]
    result = CliRunner().invoke(main, told)
    assert result.exit_code == 2
    assert "whsec_" in result.output


def test_each_check_names_words_of_the_guide() -> None:
    guide = " ".join(GUIDE.read_text("utf-8").split())
    assert [promise for _, promise in CHECKS if promise not in guide] == []
