"""`smartcity register`, as operators give it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from smartcity.audit.models import AuditEntry
from smartcity.cli import main
from smartcity.core.db import transaction
from smartcity.registers.models import Entry, EntryVersion
from tests.helpers import count, rows
from tests.registers.lists import HOSPITAL, csv_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
Run = Callable[..., Result]
TWIN = HOSPITAL.replace("bv-1", "bv-2")


@pytest.fixture
def run(app: Flask, database_url: str, tmp_path: Path) -> Run:
    env = {"SMARTCITY_DATABASE_URL": database_url, "SMARTCITY_VAR_DIR": str(tmp_path)}

    def ran(*words: object) -> Result:
        return CliRunner().invoke(main, ["register", *map(str, words)], env=env)

    return ran


def test_without_apply_it_tells_and_writes_nothing(app: Flask, run: Run, tmp_path: Path) -> None:
    shown = run("import", "place", csv_of(tmp_path, HOSPITAL, TWIN))
    assert shown.exit_code == 0
    assert "+ bv-1  Bệnh viện Một" in shown.stdout
    assert "? line 3: bv-2 title: seems to be what line 2 is" in shown.stdout
    assert shown.stdout.endswith("2 new, 0 changed, 0 same, 0 refused\n")
    assert count(app, Entry) == count(app, AuditEntry) == 0


def test_applied_under_the_name_of_who_brings_it(app: Flask, run: Run, tmp_path: Path) -> None:
    done = run(
        "import", "place", csv_of(tmp_path, HOSPITAL), "--by", "an", "--reason", "QĐ 12", "--apply"
    )
    assert done.exit_code == 0, done.output
    (version,) = rows(app, EntryVersion)
    assert (version.made_by, version.reason) == ("operator:an", "QĐ 12")
    assert "place  Địa điểm và danh bạ  1 published" in run("list").stdout


def test_what_reads_otherwise_after_an_upgrade_is_rendered_anew(
    app: Flask, run: Run, client: FlaskClient, tmp_path: Path
) -> None:
    run("import", "place", csv_of(tmp_path, HOSPITAL), "--apply")
    assert run("render", "place").stdout == "0 read otherwise now\n"
    with app.app_context(), transaction() as session:  # as an earlier release wrote it
        session.execute(update(Entry).values(card="{}"))
    assert run("render", "place").stdout == "1 read otherwise now\n"
    [place] = client.get("/api/v1/places").json["items"]
    assert place["title"] == "Bệnh viện Một"


def test_strict_refuses_what_seems_to_be_one_thing(app: Flask, run: Run, tmp_path: Path) -> None:
    done = run("import", "place", csv_of(tmp_path, HOSPITAL, TWIN), "--strict", "--apply")
    assert (done.exit_code, count(app, Entry)) == (1, 0)
    assert "some records seem to be one thing" in done.stderr


def test_a_refusal_is_told_and_nothing_applied(app: Flask, run: Run, tmp_path: Path) -> None:
    done = run(
        "import", "place", csv_of(tmp_path, HOSPITAL, "b,Chợ,Chợ,,106.68,20.85,,"), "--apply"
    )
    assert (done.exit_code, count(app, Entry)) == (1, 0)
    assert "! line 3: b latitude: Latitude and longitude seem to be swapped." in done.stdout


def test_an_export_leaves_no_half_file(run: Run, tmp_path: Path) -> None:
    done = run("export", "place", tmp_path / "out.txt")
    assert (done.exit_code, "must end in one of .csv" in done.output) == (1, True)
    assert not list(tmp_path.glob("*.part"))
