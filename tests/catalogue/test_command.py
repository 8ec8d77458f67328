"""`smartcity catalogue`, as operators give it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from smartcity.audit.models import AuditEntry
from smartcity.catalogue.models import Procedure, ProcedureVersion
from smartcity.cli import main
from tests.catalogue.exchange.sheets import HEADINGS, row, workbook
from tests.catalogue.records_made import bring, record
from tests.helpers import count, rows

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask, database_url: str, tmp_path: Path) -> Run:
    env = {"SMARTCITY_DATABASE_URL": database_url, "SMARTCITY_VAR_DIR": str(tmp_path)}

    def ran(*words: object) -> Result:
        return CliRunner().invoke(main, ["catalogue", *map(str, words)], env=env)

    return ran


@pytest.fixture
def good(tmp_path: Path) -> Path:
    return workbook(tmp_path / "good.xlsx", HEADINGS, row(), row(Mã="1.900002"))


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    return workbook(tmp_path / "mixed.xlsx", HEADINGS, row(), row(Mã="1.9"))


def codes(app: Flask, state: str = "published") -> list[str]:
    return [procedure.code for procedure in rows(app, Procedure, Procedure.state == state)]


def test_a_dry_run_writes_nothing(app: Flask, run: Run, good: Path) -> None:
    shown = run("import", good)
    assert shown.exit_code == 0
    assert "+ 1.900001  Cấp phép nuôi voi" in shown.stdout.splitlines()
    assert count(app, Procedure) == count(app, AuditEntry) == 0


def test_applied_under_the_name_of_who_brings_it(app: Flask, run: Run, good: Path) -> None:
    assert run("import", good, "--apply", "--by", "an", "--reason", "QĐ 12").exit_code == 0
    assert codes(app) == ["1.900001", "1.900002"]
    version = rows(app, ProcedureVersion)[0]
    assert (version.made_by, version.reason, version.origin) == (
        "operator:an",
        "QĐ 12",
        "good.xlsx",
    )
    assert [(e.actor, e.action) for e in rows(app, AuditEntry)] == [
        ("operator:an", "service.import"),
    ]
    assert run("import", good).stdout.splitlines()[-1].startswith("0 new, 0 changed, 2 the same")


def test_good_rows_come_in_beside_refused_ones(app: Flask, run: Run, mixed: Path) -> None:
    report = mixed.with_suffix(".csv")
    done = run("import", mixed, "--apply", "--report", report)
    assert (done.exit_code, codes(app)) == (1, ["1.900001"])
    assert '"3","1.9","refused"' in report.read_text("utf-8")


@pytest.mark.parametrize("option", ["--strict", "--withdraw-missing"])
def test_nothing_is_done_when_any_is_refused(
    app: Flask, run: Run, mixed: Path, option: str
) -> None:
    bring(app, record("1.900005"))
    done = run("import", mixed, "--apply", option)
    assert (done.exit_code, codes(app)) == (1, ["1.900005"])
    assert f"nothing was applied, since rows were refused ({option}" in done.stderr


def test_missing_ones_are_withdrawn_and_brought_back(app: Flask, run: Run, good: Path) -> None:
    run("import", good, "--apply")
    less = workbook(good.with_name("less.xlsx"), HEADINGS, row())
    assert run("import", less, "--apply", "--withdraw-missing").exit_code == 0
    assert codes(app) == ["1.900001"]
    assert run("import", good, "--apply", "--restore").exit_code == 0
    assert codes(app) == ["1.900001", "1.900002"]


def test_another_map_of_columns(app: Flask, run: Run, tmp_path: Path) -> None:
    table, own = tmp_path / "list.csv", tmp_path / "columns.yaml"
    table.write_text("Ma so;Goi la;Nganh;Cap;Noi lam;Muc\n1.900001;Voi;Thú;X;UBND;TT\n", "utf-8")
    own.write_text(OWN, "utf-8")
    assert run("import", table).exit_code == 1
    assert run("import", table, "--columns", own, "--apply").exit_code == 0
    assert rows(app, Procedure)[0].name == "Voi"


OWN = """
columns: {code: [Mã số], name: [Gọi là], field: [Ngành], levels: [Cấp], agency: [Nơi làm],
          degree: [Mức]}
values: {levels: {commune: [X]}, degree: {full: [TT]}}
"""


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("columns: {cod: [Mã]}", "columns.cod: there is no such column"),
        ("columns: {code: []}", "columns.code: has no heading"),
        ("columns: {code: [Mã], name: [mã]}", "“ma” is both code and name"),
        ("{columns: {}, values: {degree: {half: [x]}}}", "values.degree.half: there is no such"),
        ("{columns: {}, values: {name: {x: [x]}}}", "values.name: this column has no fixed values"),
        ("columns: 5", "columns: "),
    ],
)
def test_a_bad_map_is_refused(run: Run, good: Path, content: str, fault: str) -> None:
    own = good.with_name("columns.yaml")
    own.write_text(content, "utf-8")
    done = run("import", good, "--columns", own)
    assert done.exit_code == 1
    assert fault in done.stderr


def test_a_file_that_is_none_is_told_in_a_line(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(b"\xff\xfe")
    done = run("import", file)
    assert (done.exit_code, len(done.stderr.splitlines())) == (1, 1)


@pytest.mark.parametrize("ending", ["json", "yaml", "csv", "xlsx"])
def test_what_goes_out_comes_in_the_same(app: Flask, run: Run, tmp_path: Path, ending: str) -> None:
    bring(app, record(), record("1.900002", life_events=["child"], subjects=["business"]))
    file = tmp_path / f"out.{ending}"
    assert run("export", file).exit_code == 0
    assert "0 new, 0 changed, 2 the same, 0 refused" in run("import", file).stdout


def test_withdrawn_ones_are_listed_and_not_exported(app: Flask, run: Run, tmp_path: Path) -> None:
    bring(app, record(), record("1.900002", "Đăng ký nuôi hổ"))
    assert run("withdraw", "1.900001.000.00.00.H24", "--reason", "Bãi bỏ").exit_code == 0
    assert run("list").stdout.splitlines() == [
        "1.900001  withdrawn  Cấp giấy phép nuôi voi",
        "1.900002  published  Đăng ký nuôi hổ",
    ]
    assert run("list", "--q", "dang KÝ").stdout == "1.900002  published  Đăng ký nuôi hổ\n"
    run("export", tmp_path / "out.json")
    exported: Any = json.loads((tmp_path / "out.json").read_text("utf-8"))
    assert [each["code"] for each in exported] == ["1.900002"]
    assert run("restore", "1.900001", "--reason", "Nhầm", "--by", "an").exit_code == 0
    assert codes(app) == ["1.900001", "1.900002"]
    newest = rows(app, ProcedureVersion, ProcedureVersion.code == "1.900001")[-1]
    assert (newest.deed, newest.made_by, newest.reason) == ("restored", "operator:an", "Nhầm")


def test_an_unknown_code(run: Run) -> None:
    done = run("withdraw", "1.900009", "--reason", "x")
    assert done.exit_code == 1
    assert "There is no procedure of this code." in done.stderr
