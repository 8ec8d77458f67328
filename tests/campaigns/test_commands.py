"""What an operator does about campaigns at the command line; audited under his name."""

import uuid
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from smartcity.audit.models import AuditEntry
from smartcity.campaigns.models import Campaign, Outcome, Step
from smartcity.cli import main
from smartcity.core.db import transaction
from smartcity.push import service as push
from tests.campaigns.counted import STARTED, Recipient, campaign
from tests.helpers import rows
from tests.test_cli import Run

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
WHY = ("--reason", "thử")


@pytest.fixture
def run(app: Flask, database_url: str, tmp_path: Path) -> Run:
    env = {"SMARTCITY_DATABASE_URL": database_url, "SMARTCITY_VAR_DIR": str(tmp_path)}
    return lambda *words: CliRunner().invoke(main, words, env=env)


@pytest.fixture
def found(app: Flask) -> str:
    return str(campaign(app, [Recipient(1), Recipient(2, Outcome.PENDING)]))


def test_a_brake_is_shown_and_released(app: Flask, run: Run, found: str) -> None:
    assert (run("push", "status").exit_code, found in run("push", "status").output) == (0, True)
    with app.app_context(), transaction() as session:
        push.brakes.brake(session, "ios", None, "THIRD_PARTY_AUTH_ERROR")
    held = run("push", "status")
    assert (held.exit_code, "THIRD_PARTY_AUTH_ERROR" in held.output) == (1, True)
    assert "480000 of 600000 a minute" in held.output
    assert run("push", "release", "ios", *WHY).exit_code == 0
    assert run("push", "status").exit_code == 0
    (entry,) = rows(app, AuditEntry)
    assert (entry.actor.partition(":")[0], entry.action) == ("operator", "push.release")


def test_a_campaign_is_held_and_goes_on(app: Flask, run: Run, found: str) -> None:
    assert "running, 2 recipients" in run("campaign", "list").output
    assert found not in run("campaign", "list", "--state", "halted").output
    assert run("campaign", "pause", found, *WHY).exit_code == 0
    assert found in run("campaign", "list", "--state", "paused").output
    assert run("campaign", "pause", found, *WHY).exit_code == 1
    assert run("campaign", "resume", found, *WHY).exit_code == 0
    steps = [(s.actor.partition(":")[0], s.action, s.reason) for s in rows(app, Step)]
    assert steps == [("operator", "pause", "thử"), ("operator", "resume", "thử")]


def test_a_campaign_is_cancelled_once_confirmed(app: Flask, run: Run, found: str) -> None:
    assert run("campaign", "cancel", found, *WHY).exit_code == 1
    assert [c.state for c in rows(app, Campaign)] == ["running"]
    assert run("campaign", "cancel", found, *WHY, "--yes").exit_code == 0
    assert [c.state for c in rows(app, Campaign)] == ["cancelled"]


def test_what_became_of_it(app: Flask, run: Run, found: str) -> None:
    shown = run("campaign", "show", found)
    assert shown.exit_code == 0
    assert {"pending: 1", "accepted: 1", "opened: 0"} <= set(shown.output.splitlines())
    broken = campaign(app, [Recipient(3, Outcome.PENDING)], finished_at=STARTED)
    assert run("campaign", "show", str(broken)).exit_code == 1
    assert run("campaign", "show", str(uuid.uuid4())).exit_code == 1
