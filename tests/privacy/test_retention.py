"""What is over goes, what is not stays, and a dry run touches nothing."""

import shutil
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from smartcity.audit.models import AuditEntry
from smartcity.cli import main
from smartcity.core import clock, expiry, quota
from smartcity.core.db import Base, reading, transaction
from smartcity.identity.consents import Consent
from smartcity.identity.policy import policy
from smartcity.ioc.models import Callback
from smartcity.privacy import jobs, retention
from smartcity.reports.models import Report, ReportEvent
from smartcity.settings import ROOT
from tests.conftest import MakeApp
from tests.helpers import Headers, bearer, citizen, file_report, key, moved, rows, work
from tests.privacy.life import Life, live

YEAR = timedelta(days=365)
CLASSES = {kind.code: kind for kind in retention.CLASSES}


@pytest.fixture
def life(app: Flask) -> Life:
    return live(app)


def counted(app: Flask, later: timedelta = timedelta(0)) -> dict[str, int]:
    with app.app_context(), clock.frozen(clock.now() + later), reading() as session:
        return {code: n for code, n in retention.counted(session).items() if n}


def carry_out(app: Flask, later: timedelta) -> None:
    with app.app_context(), clock.frozen(clock.now() + later):
        jobs.carry_out()


def everything(app: Flask) -> dict[str, int]:
    with app.app_context(), reading() as session:
        tables = Base.metadata.sorted_tables
        return {t.name: session.scalar(select(func.count()).select_from(t)) or 0 for t in tables}


def test_the_table_is_told_in_the_provinces_words(in_app: Flask) -> None:
    told = policy().retention
    assert told.keys() == CLASSES.keys()
    chosen = {code: kept.days for code, kept in told.items() if kept.days is not None}
    assert chosen == {code: CLASSES[code].term().days for code in chosen}
    assert chosen.keys() >= {"inbox", "reporters", "callbacks", "exports", "data_requests"}


def test_a_province_that_names_no_term_loses_nothing(
    app: Flask, life: Life, make_app: MakeApp, tmp_path: Path
) -> None:
    folder = tmp_path / "province"
    shutil.copytree(ROOT / "config" / "province", folder)
    file = folder / "privacy.yaml"
    written = file.read_text("utf-8")
    assert "    days: 730\n" in written
    file.write_text(written.replace("    days: 730\n", ""), "utf-8")
    careless = make_app(province_dir=folder)
    before = everything(app)
    with pytest.raises(LookupError):
        carry_out(careless, timedelta(days=1))
    assert everything(app) == before


def test_what_is_new_stays(app: Flask, life: Life) -> None:
    before = everything(app)
    assert counted(app) == {}
    carry_out(app, timedelta(0))
    assert everything(app) == before


def test_each_class_goes_in_its_time(app: Flask, client: FlaskClient, life: Life) -> None:
    """The classes that a citizen's life fills, day by day until all is over."""
    path = f"/api/v1/reports/{life.report['id']}/withdrawal"
    assert client.put(path, headers=life.headers).status_code == 200
    client.put(
        "/api/v1/me/consents/campaigns",
        json={"granted": False, "policy_version": 1},
        headers=life.headers,
    )
    with app.app_context(), transaction() as session:
        quota.take(session, "some", 1, 60)
    work(app, "inbox")
    seen: set[str] = set()
    for days in (2, 31, 91, 731, 1826):
        later = timedelta(days=days)
        due = counted(app, later)
        seen |= due.keys()
        carry_out(app, later)
        assert counted(app, later).keys() <= {"exports"}, "an archive's record, once it is gone"
        carry_out(app, later)
        assert counted(app, later) == {}
    assert seen >= {"inbox", "reporters", "exports", "data_requests", "withdrawn_consents"}
    assert seen >= {"broadcasts", "broadcast_marks", "registrations"}
    assert seen >= {"archives", "unused_photos", "original_photos", "codes", "sessions", "quotas"}
    assert "idempotency_keys" in seen
    left = everything(app)
    assert left["reports"] == left["citizens"] == 1
    assert left["broadcasts"] == left["broadcast_marks"] == 0
    assert left["inbox_messages"] == left["exports"] == left["idempotency_keys"] == 0
    (report,) = rows(app, Report)
    assert report.reporter_id is None
    assert life.id.hex not in str([event.actor for event in rows(app, ReportEvent)])
    # The newest answer of each purpose is the state: it stays.
    assert [(c.purpose, c.granted) for c in rows(app, Consent)] == [
        ("nearby", True),
        ("campaigns", False),
    ]


def test_an_open_case_keeps_its_reporter(
    app: Flask, client: FlaskClient, me: Headers, operator: Headers
) -> None:
    opened = file_report(client, me)
    ended = file_report(client, me)
    moved(client, operator, ended, "rejection", reason="spam", public_text="Không rõ.")
    carry_out(app, 6 * YEAR)
    reporters = {str(row.id): bool(row.reporter_id) for row in rows(app, Report)}
    assert reporters == {opened["id"]: True, ended["id"]: False}
    actors = {event.move: event.actor for event in rows(app, ReportEvent)}
    assert actors["reject"].startswith("officer:"), "officers answer for what they did"


def test_the_last_callback_of_a_report_stays(app: Flask, client: FlaskClient, me: Headers) -> None:
    report = file_report(client, me)
    with app.app_context(), transaction() as session:
        for number, outcome in ((1, "applied"), (2, "applied"), (3, "late")):
            session.add(
                Callback(
                    source="ioc",
                    id=str(number),
                    report_id=uuid.UUID(report["id"]),
                    sequence=number,
                    move="accept",
                    outcome=outcome,
                    sent_at=clock.now(),
                    received_at=clock.now(),
                )
            )
    carry_out(app, YEAR - timedelta(days=1))
    assert len(rows(app, Callback)) == 3
    carry_out(app, YEAR + timedelta(days=1))
    assert [row.id for row in rows(app, Callback)] == ["2"]


def test_many_rows_go_batch_by_batch(
    app: Flask,
) -> None:
    with app.app_context(), transaction() as session:
        for number in range(2 * expiry.AT_ONCE + 1):
            quota.take(session, f"some:{number}", 1, 60)
    carry_out(app, timedelta(hours=2))
    assert not [row for row in rows(app, quota.Quota) if row.name.startswith("some:")]


@pytest.fixture
def run(app: Flask, database_url: str, tmp_path: Path) -> Callable[..., Any]:
    env = {"SMARTCITY_DATABASE_URL": database_url, "SMARTCITY_VAR_DIR": str(tmp_path)}
    return lambda *words: CliRunner().invoke(main, ("privacy", "retention", *words), env=env)


def test_a_dry_run_counts_and_touches_nothing(
    app: Flask, run: Callable[..., Any], life: Life
) -> None:
    before = everything(app)
    with clock.frozen(clock.now() + 3 * YEAR):
        for words in ((), ("--dry-run",)):
            ran = run(*words)
            assert ran.exit_code == 0, ran.output
            assert "inbox: 3 over (730 days) – Messages in the inbox" in ran.output
            assert len(ran.output.splitlines()) == len(CLASSES)
    assert run("--dry-run", "--run").exit_code == 2
    assert everything(app) == before


def test_a_run_destroys_what_it_counted(app: Flask, run: Callable[..., Any], life: Life) -> None:
    with clock.frozen(clock.now() + 3 * YEAR):
        ran = run("--run")
        assert ran.exit_code == 0, ran.output
        assert "inbox: 3 over" in ran.output
        assert "inbox: 0 over" in run().output
    deed = rows(app, AuditEntry)[-1]
    assert (deed.action, deed.actor.partition(":")[0]) == ("retention.run", "operator")
    assert deed.detail["rows"] > 3


def test_somebody_idle_for_years_is_still_known(app: Flask, client: FlaskClient) -> None:
    me = bearer(citizen(app))
    ident = client.get("/api/v1/me", headers={**me, **key()}).json["id"]
    carry_out(app, 10 * YEAR)
    assert client.get("/api/v1/me", headers=bearer(citizen(app))).json["id"] == ident
