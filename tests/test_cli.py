"""The commands of an operator, on both databases."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select

from smartcity.audit.models import AuditEntry
from smartcity.cli import main
from smartcity.core.db import reading, transaction
from smartcity.core.errors import Permanent
from smartcity.identity import service as identity
from smartcity.identity.sessions import begin
from smartcity.jobs.claim import claim
from smartcity.jobs.failure import fail
from smartcity.jobs.service import disable, enqueue
from tests.helpers import bearer

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask, database_url: str, tmp_path: Path) -> Run:
    env = {"SMARTCITY_DATABASE_URL": database_url, "SMARTCITY_VAR_DIR": str(tmp_path)}
    return lambda *words: CliRunner().invoke(main, words, env=env)


def deeds(app: Flask) -> list[tuple[str, str]]:
    with app.app_context(), reading() as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.number)).all()
    return [(entry.actor.partition(":")[0], entry.action) for entry in entries]


def test_a_disabled_queue_is_shown_and_resumed(app: Flask, run: Run) -> None:
    with app.app_context(), transaction() as session:
        disable(session, "ioc", "HTTP 410")
    assert "disabled" in run("jobs", "status").output
    assert run("jobs", "resume", "ioc").exit_code == 0
    assert "disabled" not in run("jobs", "status").output
    assert run("jobs", "pause", "ioc").exit_code == 0
    assert "paused" in run("jobs", "status").output
    assert deeds(app) == [("operator", "queue.resume"), ("operator", "queue.pause")]


def test_a_dead_letter_is_listed_without_its_content(app: Flask, run: Run) -> None:
    with app.app_context(), transaction() as session:
        enqueue(session, "push.send", {"device": "secret-device"})
    with app.app_context():
        with transaction() as session:
            [lease] = claim(session, "push", 1, "test")
        with transaction() as session:
            fail(session, lease, Permanent("refused"))
    listed = run("jobs", "dead").output
    assert listed.startswith(f"{lease.id} push.send (push) ")
    assert "refused" in listed
    assert "secret-device" not in listed
    assert run("jobs", "dead", "--queue", "sms").output == ""
    assert run("jobs", "replay", str(lease.id)).exit_code == 0
    assert run("jobs", "dead").output == ""
    assert deeds(app) == [("operator", "job.replay")]


def test_an_officer_is_made_once_and_every_refusal_is_one_line(app: Flask, run: Run) -> None:
    words = ["officer", "add", "ngoc", "--role", "unit_officer", "--name", "Ngọc"]
    made = [*words, "--agency", "so-xay-dung", "--password"]
    assert run(*made, "mat-khau-rat-dai").exit_code == 0
    assert deeds(app) == [("operator", "officer.add")]
    for refused in (
        run(*made, "ngan"),
        run(*words, "--agency", "khong-co", "--password", "mat-khau-rat-dai"),
        run("jobs", "replay", "99"),
    ):
        assert refused.exit_code == 1
        assert refused.output.startswith("Error: ")
        assert len(refused.output.splitlines()) == 1


def test_the_province_can_be_loaded_again(app: Flask, run: Run) -> None:
    assert run("seed").exit_code == 0
    assert run("migrate").exit_code == 0
    done = deeds(app)
    assert [deed for who, deed in done if who == "operator"] == ["province.seed"]
    assert {deed for who, deed in done if who != "operator"} == {"price.record"}


def test_going_back_is_asked_for_first(run: Run) -> None:
    refused = run("migrate", "--down", "0010")  # nobody answers
    assert refused.exit_code == 1
    assert "is lost" in refused.output
    assert run("migrate", "--down", "0010", "--yes").exit_code == 0
    assert run("migrate").exit_code == 0


def test_an_admin_who_lost_his_second_factor_is_let_in_again(app: Flask, run: Run) -> None:
    added = ["officer", "add", "quan.tri", "--role", "admin", "--agency", "ioc", "--name", "QT"]
    assert run(*added, "--password", "mat-khau-de-nho-2026").exit_code == 0
    with app.app_context(), transaction() as session:
        officer = identity.officers.find(session, "quan.tri")
        identity.second_factor.enrol(session, officer)
        who = identity.admission.principal_of(officer)
        tokens = begin(session, who, "test")
    assert run("officer", "reset-factor", "quan.tri", "--reason", "mất điện thoại").exit_code == 0
    with app.app_context(), reading() as session:
        assert identity.officers.find(session, "quan.tri").totp_secret is None
    assert app.test_client().get("/api/v1/officer/me", headers=bearer(tokens)).status_code == 401
    assert ("operator", "officer.reset_second_factor") in deeds(app)
    assert run("officer", "reset-factor", "nobody", "--reason", "x").exit_code == 1
