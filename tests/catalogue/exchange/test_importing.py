"""A file against the register: what differs, what is refused, and what is then done."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from smartcity.audit.models import AuditEntry
from smartcity.catalogue.exchange import applying, comparing, differences
from smartcity.catalogue.exchange.comparing import Difference
from smartcity.catalogue.exchange.reading.files import pieces
from smartcity.catalogue.models import Procedure, ProcedureVersion
from smartcity.catalogue.register import publishing
from smartcity.core.db import reading, transaction
from smartcity.core.errors import Conflict
from smartcity.identity.permissions import SYSTEM
from tests.catalogue.exchange.sheets import HEADINGS, columns, row, workbook
from tests.catalogue.records_made import bring, record
from tests.helpers import count, rows

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SOURCE = {"address": "https://dichvucong.gov.vn/tthc/1", "checked_on": "2026-07-20"}


def as_json(folder: Path, *records: dict[str, Any]) -> Path:
    file = folder / "list.json"
    file.write_text(json.dumps(records, ensure_ascii=False, indent=0), "utf-8")
    return file


def compare(app: Flask, file: Path) -> Difference:
    with app.app_context(), reading() as session:
        return comparing.compared(session, pieces(file, columns()), lambda _number: None)


def apply(app: Flask, file: Path, found: Difference | None = None, **chosen: bool) -> None:
    chosen = {"withdraw_missing": False, "restore_withdrawn": False, **chosen}
    found = found or compare(app, file)
    with app.app_context(), transaction() as session:
        applying.apply(session, SYSTEM, found, applying.of_file(file, None), **chosen)


def told(found: Difference) -> list[str]:
    return list(differences.told(found, columns()))


def codes(app: Flask, state: str) -> list[str]:
    return [procedure.code for procedure in rows(app, Procedure, Procedure.state == state)]


def withdraw(app: Flask, code: str) -> None:
    with app.app_context(), transaction() as session:
        publishing.withdraw(session, SYSTEM, session.get_one(Procedure, code), "Bãi bỏ")


def test_an_import_is_shown_done_and_done_once(app: Flask, tmp_path: Path) -> None:
    bring(app, record(), record("1.900002", "Nuôi hổ"), record("1.900003", "Nuôi gấu"))
    faster = [{"way": "online", "time_limit": "01 ngày làm việc", "fee": "Không"}]
    changed = record("1.900002", "Nuôi hổ", channels=faster, keywords=["cọp"])
    file = as_json(tmp_path, record(), changed, record("1.900004", "Nuôi công"))
    assert told(compare(app, file)) == [
        "+ 1.900004  Nuôi công",
        "~ 1.900002  Nuôi hổ",
        "    time_limit (Trực tuyến): 03 ngày làm việc → 01 ngày làm việc",
        "    channels: - in_person, 05 ngày làm việc, 8.000 đồng",
        "    keywords: + cọp",
        "- 1.900003  Nuôi gấu: is not in the file",
        "1 new, 1 changed, 1 the same, 0 refused, 0 withdrawn here, 1 not in the file",
    ]
    assert count(app, Procedure) == 3
    apply(app, file)
    (entry,) = rows(app, AuditEntry, AuditEntry.action == "service.import")
    assert entry.after.items() >= {"file": "list.json", "new": 1, "changed": 1, "same": 1}.items()
    assert len(entry.after["sha256"]) == 64
    newest = rows(app, ProcedureVersion)[-1]
    assert (newest.code, newest.origin, newest.reason) == ("1.900004", "list.json", "list.json")
    assert count(app, ProcedureVersion) == 5
    again = compare(app, file)
    assert (again.coming, len(again.same)) == ({}, 3)
    apply(app, file)
    assert count(app, ProcedureVersion) == 5


@SQLITE
def test_a_table_leaves_what_it_has_no_column_for(app: Flask, tmp_path: Path) -> None:
    bring(app, record(steps=["Nộp hồ sơ"], keywords=["voi"], source=SOURCE))
    file = workbook(tmp_path / "list.xlsx", HEADINGS, row(Phí="5.000 đồng"))
    apply(app, file)
    (procedure,) = rows(app, Procedure)
    kept = procedure.record
    assert (kept["steps"], kept["keywords"], kept["counter"]) == (["Nộp hồ sơ"], ["voi"], "commune")
    assert [channel["fee"] for channel in kept["channels"]] == ["5.000 đồng"]
    assert kept["documents"][0]["form"] is None
    assert kept["source"] is None  # which told other facts
    assert compare(app, file).coming == {}


@SQLITE
def test_a_code_that_comes_twice_is_refused_in_both_places(app: Flask, tmp_path: Path) -> None:
    bring(app, record())
    file = workbook(tmp_path / "list.xlsx", HEADINGS, row(), row(Mã="1.900002"), row(Mã=1.900001))
    twice = workbook(tmp_path / "twice.xlsx", HEADINGS, row(), row(Mã="1.900002"), row())
    assert compare(app, file).refused == compare(app, twice).refused
    assert told(compare(app, twice))[-3:] == [
        "! line 2: 1.900001: comes twice, in lines 2 and 4: keep one",
        "! line 4: 1.900001: comes twice, in lines 2 and 4: keep one",
        "1 new, 0 changed, 0 the same, 2 refused, 0 withdrawn here, 0 not in the file",
    ]
    apply(app, twice)
    assert codes(app, "published") == ["1.900001", "1.900002"]
    assert rows(app, Procedure)[0].version == 1


@SQLITE
@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"code": "1.9"}, "code: Is no code of a procedure, such as 1.001193."),
        ({"name": ""}, "name: "),
        ({"url": "https://evil.example"}, "url: "),
        ({"link": {"template": "evil", "values": {}}}, "link.template: there is no portal evil"),
        ({"life_events": ["moon"]}, "life_events: there is no moon"),
        ({"related": ["x"]}, "related.0: Is no code of a procedure"),
    ],
)
def test_what_is_refused_leaves_the_rest(
    app: Flask, tmp_path: Path, changes: dict[str, Any], fault: str
) -> None:
    file = as_json(tmp_path, record(**changes), record("1.900002"))
    found = compare(app, file)
    (refused,) = found.refused
    assert (refused.line, found.new) == (2, ["1.900002"])
    assert refused.fault.replace("[0]", ".0").startswith(fault)


@SQLITE
def test_older_codes_and_bare_words(app: Flask, tmp_path: Path) -> None:
    bare = [{"way": "in_person", "time_limit": "Không quy định", "fee": "Không"}]
    file = as_json(tmp_path, record("1.900001.000.00.00.H24", channels=bare, degree="partial"))
    found = compare(app, file)
    assert found.new == ["1.900001"]
    assert [remark.text for remark in found.remarks] == [
        "degree: is partial, but no channel is online",
    ]


@SQLITE
def test_withdrawn_stays_so_unless_the_operator_says_otherwise(app: Flask, tmp_path: Path) -> None:
    bring(app, record())
    withdraw(app, "1.900001")
    file = as_json(tmp_path, record(name="Nuôi voi"))
    assert "- 1.900001  is withdrawn here, and stays so without --restore" in told(
        compare(app, file)
    )
    apply(app, file)
    assert codes(app, "withdrawn") == ["1.900001"]
    apply(app, file, restore_withdrawn=True)
    assert codes(app, "published") == ["1.900001"]
    assert rows(app, Procedure)[0].name == "Nuôi voi"


@SQLITE
def test_what_is_missing_goes_only_when_that_is_wanted(app: Flask, tmp_path: Path) -> None:
    bring(app, record(), record("1.900002"))
    file = as_json(tmp_path, record())
    apply(app, file)
    assert codes(app, "withdrawn") == []
    apply(app, file, withdraw_missing=True)
    assert codes(app, "withdrawn") == ["1.900002"]


@SQLITE
def test_a_register_that_changed_meanwhile(app: Flask, tmp_path: Path) -> None:
    bring(app, record())
    file = as_json(tmp_path, record(name="Nuôi voi"), record("1.900002"))
    found = compare(app, file)
    bring(app, record(name="Nuôi voi trắng"))
    with pytest.raises(Conflict):
        apply(app, file, found)
    assert [(p.code, p.name) for p in rows(app, Procedure)] == [("1.900001", "Nuôi voi trắng")]


@SQLITE
def test_the_report_is_a_safe_table(app: Flask, tmp_path: Path) -> None:
    found = compare(app, as_json(tmp_path, record("=1+1"), record(related=["1.900009"])))
    lines = differences.report(found).splitlines()
    assert lines[0] == '\ufeff"line","code","what","why"'
    assert lines[1].startswith('"2","\'=1+1","refused","code: Is no code')
    assert lines[2].endswith('"1.900001","remark","related: 1.900009 is nowhere"')


@SQLITE
def test_progress_is_told(app: Flask, tmp_path: Path) -> None:
    seen: list[int] = []
    file = as_json(tmp_path, *(record(f"1.90{n:04}") for n in range(450)))
    with app.app_context(), reading() as session:
        comparing.compared(session, pieces(file, columns()), seen.append)
    assert seen == [200, 400, 450]


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        ({"name": "A"}, {"name": "B"}, ["name: A → B"]),
        ({"place": None}, {"place": "Số 1"}, ["place: — → Số 1"]),
        ({"steps": ["a", "b"]}, {"steps": ["b", "a"]}, ["steps: in another order"]),
        (
            {"link": None},
            {"link": {"template": "x", "values": {"id": "7"}}},
            ["link: — → x, {'id': '7'}"],
        ),
    ],
)
def test_fields_that_differ(
    before: dict[str, Any], after: dict[str, Any], lines: Sequence[str]
) -> None:
    assert list(differences.changed(before, after, list(after), columns())) == lines
