"""In and out of the register: versions, the search, the log of changes, the audit."""

from typing import Any

import pytest
from flask import Flask

from smartcity.audit.models import AuditEntry
from smartcity.catalogue.models import Procedure, ProcedureVersion
from smartcity.catalogue.records.record import read_record
from smartcity.catalogue.register import publishing
from smartcity.changes.models import Change
from smartcity.core.db import reading, transaction
from smartcity.identity.permissions import SYSTEM
from smartcity.search.models import Entry
from smartcity.search.service import Asked, find
from tests.catalogue.records_made import bring, record
from tests.helpers import count, rows, statements

ELEPHANT = "1.900001"


def move(app: Flask, deed: Any, reason: str = "Đã bãi bỏ") -> None:
    with app.app_context(), transaction() as session:
        deed(session, SYSTEM, session.get_one(Procedure, ELEPHANT), reason)


def found(app: Flask, words: str) -> list[str]:
    with app.app_context(), reading() as session:
        return [hit.link for hit in find(session, Asked(words, {"kind": "service"})).items]


def versions(app: Flask) -> list[tuple[int, str, list[str]]]:
    return [(v.number, v.deed, v.fields) for v in rows(app, ProcedureVersion)]


def test_what_comes_in_is_kept_versioned_and_found(app: Flask) -> None:
    bring(app, record(life_events=["trade"], keywords=["nuôi thú lớn"]))
    (procedure,) = rows(app, Procedure)
    assert (procedure.code, procedure.state, procedure.version) == (ELEPHANT, "published", 1)
    assert procedure.record["channels"][1]["fee"] == "8.000 đồng"
    assert procedure.folded == "1.900001 cap giay phep nuoi voi"
    assert procedure.demo
    assert procedure.card
    assert procedure.whole
    (version,) = rows(app, ProcedureVersion)
    assert (version.deed, version.origin, version.made_by) == ("entered", "test", "system:system")
    for words in ("nuôi voi", "thú lớn", "điều kiện kinh doanh", "tờ khai", ELEPHANT):
        assert found(app, words) == [f"/services/{ELEPHANT}"], words
    assert [(c.kind, c.ref, c.gone) for c in rows(app, Change)] == [("service", ELEPHANT, False)]


def test_the_same_again_does_nothing(app: Flask) -> None:
    bring(app, record())
    before = rows(app, Change)[0].position
    bring(app, record(keywords=[], place=None))
    assert versions(app) == [(1, "entered", [])]
    assert rows(app, Change)[0].position == before


def test_a_change_names_its_fields(app: Flask) -> None:
    source = {"address": "https://dichvucong.gov.vn/tthc/1", "checked_on": "2026-07-20"}
    bring(app, record())
    bring(app, record(name="Cấp phép nuôi hổ", source=source))
    assert versions(app)[1] == (2, "changed", ["name", "source"])
    (procedure,) = rows(app, Procedure)
    assert (procedure.version, procedure.demo) == (2, False)
    assert procedure.checked_on.isoformat() == "2026-07-20"
    assert rows(app, ProcedureVersion)[0].record["name"] == "Cấp giấy phép nuôi voi"
    assert (found(app, "hổ"), found(app, "voi")) == ([f"/services/{ELEPHANT}"], [])


def test_withdrawn_is_kept_and_out_of_sight(app: Flask) -> None:
    bring(app, record())
    move(app, publishing.withdraw)
    move(app, publishing.withdraw)
    assert versions(app) == [(1, "entered", []), (2, "withdrawn", [])]
    assert found(app, "voi") == []
    assert rows(app, Change)[0].gone
    (entry,) = rows(app, AuditEntry, AuditEntry.action == "service.withdraw")
    assert entry.detail == {"procedure": ELEPHANT, "reason": "Đã bãi bỏ"}


def test_restored_is_there_again(app: Flask) -> None:
    bring(app, record())
    move(app, publishing.withdraw)
    move(app, publishing.restore)
    move(app, publishing.restore)
    assert [deed for _, deed, _ in versions(app)] == ["entered", "withdrawn", "restored"]
    assert found(app, "voi") == [f"/services/{ELEPHANT}"]
    assert not rows(app, Change)[0].gone
    assert len(rows(app, AuditEntry, AuditEntry.action == "service.restore")) == 1


def test_what_is_withdrawn_stays_so_when_it_comes_again(app: Flask) -> None:
    bring(app, record())
    move(app, publishing.withdraw)
    bring(app, record(name="Cấp phép nuôi hổ"))
    (procedure,) = rows(app, Procedure)
    assert (procedure.state, procedure.name, procedure.version) == (
        *("withdrawn", "Cấp phép nuôi hổ"),
        3,
    )
    assert found(app, "hổ") == []
    assert rows(app, Change)[0].gone


def test_hundreds_take_a_few_statements(app: Flask) -> None:
    many = [record(f"1.90{n:04}", f"Thủ tục {n}") for n in range(450)]
    bring(app, *many[:1])
    with statements(app) as seen:
        bring(app, *many)
    assert len(seen) < 60
    assert count(app, Procedure) == count(app, Entry) == count(app, Change) == 450
    positions = [change.position for change in rows(app, Change)]
    assert sorted(positions) == list(range(1, 451))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_failure_leaves_nothing(app: Flask) -> None:
    with pytest.raises(KeyError), app.app_context(), transaction() as session:
        publishing.bring_in(session, SYSTEM, [read_record(record()), {"code": "1.900002"}], "test")
    assert count(app, Procedure) == count(app, Entry) == count(app, Change) == 0


def test_texts_of_an_earlier_release_are_written_again(app: Flask) -> None:
    bring(app, record(), record("1.900002"))
    with app.app_context():
        with transaction() as session:
            session.get_one(Procedure, ELEPHANT).whole = '{"name": "as it was written once"}'
        before = {change.ref: change.position for change in rows(app, Change)}
        for anew in (1, 0):
            with transaction() as session:
                assert publishing.render_anew(session) == anew
    assert "Cấp giấy phép nuôi voi" in rows(app, Procedure)[0].whole
    after = {change.ref: change.position for change in rows(app, Change)}
    assert [ref for ref in after if after[ref] != before[ref]] == [ELEPHANT]
