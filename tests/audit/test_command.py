"""`smartcity audit`, as an operator uses it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from smartcity.audit.models import AuditEntry
from smartcity.cli import main
from tests.audit.chains import attack, deeds, present_head, sealed_deeds, wrong
from tests.helpers import rows

Run = Callable[..., Result]


@pytest.fixture
def run(in_app: Flask, database_url: str, tmp_path: Path) -> Run:
    env = {"SMARTCITY_DATABASE_URL": database_url, "SMARTCITY_VAR_DIR": str(tmp_path)}
    return lambda *words, **more: CliRunner().invoke(main, ("audit", *words), env={**env, **more})


def test_a_whole_record_is_told_so(run: Run) -> None:
    sealed_deeds(5)
    anchor = run("anchor").output.strip()
    assert anchor == str(present_head())
    sealed_deeds(5)
    for words in ([], ["--anchor", anchor], ["--from-anchor", anchor]):
        told = run("verify", *words)
        assert told.exit_code == 0, told.output
        assert told.output == f"0 wrong; the head is {present_head()}\n"


def test_what_is_wrong_is_told_a_line_each(run: Run) -> None:
    sealed_deeds(5)
    anchor = str(present_head())
    attack(
        "UPDATE audit_entries SET action = 'x' WHERE number = 2",
        "DELETE FROM audit_entries WHERE number > 3",
        "DELETE FROM audit_seals WHERE number > 4",
    )
    told = run("verify", "--anchor", anchor)
    assert told.exit_code == 1
    assert [line.partition(":")[0] for line in told.output.splitlines()][:-1] == [
        "cut",
        "altered",
        "removed",
    ]
    assert "entry 2 at position 2" in told.output
    assert "entry 4 of position 4 is gone" in told.output
    other = run("verify", SMARTCITY_LOOKUP_KEY="another-one-that-is-quite-long-enough")
    assert other.exit_code == 1
    assert other.output.startswith("wrong key: ")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("anchor", ["", ":", "x:y", "5", "1:2:3"])
def test_what_is_no_anchor_is_refused(run: Run, anchor: str) -> None:
    assert run("verify", "--anchor", anchor or "-").exit_code == 2


def test_what_came_too_late_is_sealed_by_command(in_app: Flask, run: Run) -> None:
    deeds(3)
    attack("UPDATE audit_entries SET number = -7 WHERE number = 2")
    assert [kind for kind, _, _ in wrong()] == ["unsealed"] * 3
    assert run("seal").exit_code == 0
    assert wrong() == []
    assert [e.action for e in rows(in_app, AuditEntry)][-1] == "audit.seal"
