"""A list is compared with its register, then applied whole or not at all."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from smartcity.audit.models import AuditEntry
from smartcity.core.db import transaction
from smartcity.core.errors import Conflict
from smartcity.core.tables.headings import plain
from smartcity.core.tables.unreadable import Unreadable
from smartcity.guide.events.event import EVENT
from smartcity.guide.jobs.job import JOB
from smartcity.guide.places.place import PLACE
from smartcity.identity.permissions import SYSTEM
from smartcity.registers import service as registers
from smartcity.registers.exchange.applying import apply, import_of
from smartcity.registers.exchange.exporting import export, published
from smartcity.registers.kind import Kind
from smartcity.registers.models import Entry, EntryVersion
from tests.helpers import rows
from tests.registers.lists import HOSPITAL, bring, columns, compare, csv_of, noted, xlsx_of
from tests.registers.records_made import published as published_entry

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_a_list_of_an_office_comes_in(app: Flask, tmp_path: Path) -> None:
    found = bring(app, csv_of(tmp_path, HOSPITAL))
    (entry,) = rows(app, Entry)
    assert found.counts == {"new": 1, "changed": 0, "same": 0, "refused": 0}
    assert (entry.key, entry.state, entry.category) == ("bv-1", "published", "hospital")
    kept = {name: entry.record[name] for name in ("latitude", "phones", "extras")}
    assert kept == {"latitude": 20.8525, "phones": ["02253000011"], "extras": {"beds": 1200}}
    (version,) = rows(app, EntryVersion)
    assert (version.origin, version.reason) == ("places.csv", "places.csv")
    (told,) = rows(app, AuditEntry)
    assert (told.action, told.after["new"], len(told.after["sha256"])) == ("place.import", 1, 64)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_the_same_list_again_does_nothing(app: Flask, tmp_path: Path, encoding: str) -> None:
    bring(app, csv_of(tmp_path, HOSPITAL))
    found = bring(app, csv_of(tmp_path, HOSPITAL, encoding=encoding))
    assert found.counts == {"new": 0, "changed": 0, "same": 1, "refused": 0}
    assert len(rows(app, EntryVersion)) == 1


def test_a_change_is_told_by_field_and_what_the_list_lacks_stays(
    app: Flask, tmp_path: Path
) -> None:
    place = {"title": "Bệnh viện Một", "category": "hospital", "hours": "24/24", "key": "bv-1"}
    entry = published_entry(app, PLACE, **place, extras={"emergency": True})
    found = bring(app, csv_of(tmp_path, HOSPITAL))
    assert set(found.changes["bv-1"]) == {"ward", "latitude", "longitude", "phones", "extras"}
    (kept,) = rows(app, Entry)
    assert (kept.id, kept.version) == (entry.id, 3)
    assert kept.record["hours"] == "24/24"
    assert kept.record["extras"] == {"emergency": True, "beds": 1200}


def test_facts_that_change_lose_the_source_that_stood_for_others(
    app: Flask, tmp_path: Path
) -> None:
    source = {"name": "Sở Y tế", "address": "https://soyte.example.vn/", "checked_on": "2026-11-22"}
    place = {"title": "Cũ", "category": "hospital", "key": "bv-1", "source": source}
    published_entry(app, PLACE, **place)
    found = bring(app, csv_of(tmp_path, HOSPITAL))
    assert "source" in found.changes["bv-1"]
    assert rows(app, Entry)[0].demo


@pytest.mark.parametrize(
    ("line", "field", "fault"),
    [
        ("a,Chợ A,Chợ,,106.6823,20.8525,,", "latitude", "register.swapped_coordinates"),
        ("a,Chợ A,Chợ,,21.03,105.85,,", "latitude", "area.outside"),
        ("a,Chợ A,Chợ,,hai mươi,106.6,,", "latitude", "field.not_number"),
        ("a,Chợ A,Chợ,,20.8525,,,", "longitude", "field.required"),
        ("a,Chợ A,Chợ,Phường Mơ,,,,", "ward", "area.unknown"),
        ("a,Chợ A,Sân bay,,,,,", "category", "field.not_a_choice"),
        ("A B,Chợ A,Chợ,,,,,", "key", "field.invalid"),
        (",,Chợ,,,,,", "title", "field.required"),
        ("a,BÖnh viÖn,Chợ,,,,,", "title", "table.tcvn3"),
        ("a,Chợ A,Chợ,,,,0999,", "phones", "guide.not_a_phone"),
        ("a,Bệnh viện,Bệnh viện,,,,,nhiều", "extras.beds", "field.not_integer"),
    ],
)
def test_a_fault_is_named_with_line_and_field(
    app: Flask, tmp_path: Path, line: str, field: str, fault: str
) -> None:
    found = compare(app, csv_of(tmp_path, HOSPITAL, line))
    told = [(at, name.partition(".0")[0], why) for at, name, why in noted(found.refused)]
    assert (3, field, fault) in told
    assert list(found.coming) == ["bv-1"]


def test_nothing_is_applied_where_a_record_is_refused(app: Flask, tmp_path: Path) -> None:
    with pytest.raises(Conflict, match=r"register\.import\.refused"):
        bring(app, csv_of(tmp_path, HOSPITAL, "b,Chợ,Lạ,,,,,"))
    assert rows(app, Entry) == []


def test_a_repeated_key_is_refused_in_both_places(app: Flask, tmp_path: Path) -> None:
    found = compare(app, csv_of(tmp_path, HOSPITAL, HOSPITAL))
    assert [(each.line, each.field) for each in found.refused] == [(2, "key"), (3, "key")]
    assert not found.coming


def test_a_key_is_made_of_title_and_commune_the_same_each_time(app: Flask, tmp_path: Path) -> None:
    line = ",Chợ Sắt,Chợ,Lê Chân,,,,"
    found = bring(app, csv_of(tmp_path, line))
    (key,) = found.coming
    assert key == f"cho-sat-{rows(app, Entry)[0].record['ward']}"
    assert bring(app, csv_of(tmp_path, line)).counts["same"] == 1


@pytest.mark.parametrize(
    ("second", "is_told"),
    [
        ('b,BENH VIEN MOT,Bệnh viện,,"20,8528","106,6823",,', True),  # 33 m away
        ('b,Bệnh viện Một,Bệnh viện,,"20,8535","106,6823",,', False),  # 111 m
        ('b,Bệnh viện Hai,Bệnh viện,,"20,8525","106,6823",,', False),
    ],
)
def test_one_name_at_one_place_is_told(
    app: Flask, tmp_path: Path, second: str, is_told: bool
) -> None:
    found = compare(app, csv_of(tmp_path, HOSPITAL, second))
    expected = [(3, "title", "register.import.like_line")] if is_told else []
    assert noted(found.twins) == expected
    assert len(found.coming) == 2


def test_one_name_in_one_commune_is_told_of_the_register_too(app: Flask, tmp_path: Path) -> None:
    bring(app, csv_of(tmp_path, "a,Chợ Sắt,Chợ,Lê Chân,,,,"))
    found = compare(app, csv_of(tmp_path, "b,Cho sat,Chợ,Lê Chân,,,,", "c,Chợ Sắt,Chợ,An Biên,,,,"))
    assert noted(found.twins) == [(2, "title", "register.import.like_entry")]


def test_a_register_that_changed_meanwhile_refuses(app: Flask, tmp_path: Path) -> None:
    file = csv_of(tmp_path, HOSPITAL)
    found = compare(app, file)
    bring(app, file)
    asked = import_of(file, "x.csv", None)
    with pytest.raises(Conflict, match="changed_meanwhile"), app.app_context(), transaction() as s:
        apply(s, PLACE, SYSTEM, found, asked)


def test_what_is_withdrawn_stays_so(app: Flask, tmp_path: Path) -> None:
    bring(app, csv_of(tmp_path, HOSPITAL))
    (entry,) = rows(app, Entry)
    with app.app_context(), transaction() as session:
        registers.move(session, PLACE, SYSTEM, entry.id, 1, registers.WITHDRAW, "đóng cửa")
    found = bring(app, csv_of(tmp_path, HOSPITAL.replace("Một", "Mới")))
    assert noted(found.remarks) == [(2, "", "register.import.stays_hidden")]
    assert (rows(app, Entry)[0].state, rows(app, Entry)[0].title) == ("withdrawn", "Bệnh viện Mới")


def test_xlsx_with_a_title_above_and_numbers_as_numbers(app: Flask, tmp_path: Path) -> None:
    heads = ["Tên", "Loại", "Xã phường", "Số giường", "Cấp cứu"]
    file = xlsx_of(tmp_path, ["DANH SÁCH"], heads, ["Bệnh viện", "Bệnh viện", "Lê Chân", 90, "x"])
    (record,) = compare(app, file).coming.values()
    assert record["extras"] == {"beds": 90, "emergency": True}


def test_geojson_longitude_first(app: Flask, tmp_path: Path) -> None:
    point = {"type": "Point", "coordinates": [106.6823, 20.8525]}
    told = {"name": "Chợ Sắt", "Loại": "Chợ", "extras": {"trade": "retail"}}
    features = [{"type": "Feature", "geometry": point, "properties": told}]
    features += [{"type": "Feature", "geometry": {"type": "Polygon"}, "properties": told}]
    file = tmp_path / "places.geojson"
    whole = {"type": "FeatureCollection", "bbox": [1, 2, 3, 4], "features": features}
    file.write_text(json.dumps(whole))
    found = compare(app, file)
    (record,) = found.coming.values()
    assert (record["latitude"], record["extras"]) == (20.8525, {"trade": "retail"})
    assert noted(found.refused) == [(1, "geometry", "register.import.no_point")]


JOB_MADE: dict[str, Any] = {
    "key": "cong-nhan",
    "title": "Công nhân",
    "employer": "Công ty Ví Dụ",
    "trade": "manufacturing",
    "positions": 2,
    "pay_least": 8_000_000,
    "pay_unit": "month",
    "contract": "full_time",
    "contact": "0225 3000 011",
    "deadline": "2099-01-01T08:00:00+07:00",
}


@pytest.mark.parametrize("ending", [".csv", ".json", ".geojson"])
@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (PLACE, {"key": "a", "title": "=Chợ", "category": "market", "ward": "11383",
                 "phones": ["113", "0225 3000 011"], "extras": {"specialities": ["Cá", "Mực"]}}),
        (JOB, JOB_MADE),
    ],
)  # fmt: skip
def test_an_export_is_read_back_to_the_same(
    app: Flask, tmp_path: Path, ending: str, kind: Kind, fields: dict[str, Any]
) -> None:
    published_entry(app, kind, **fields)
    file = tmp_path / f"out{ending}"
    with app.app_context(), transaction() as session:
        export(published(session, kind), file, columns(app, kind))
    found = compare(app, file, kind)
    assert (noted(found.refused), found.changes, len(found.same)) == ([], {}, 1)


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("a.txt", "x", "register.import.no_such_ending"),
        ("a.csv", "STT,Mã\n1,2\n", "register.import.no_headings"),
        ("a.csv", "Tên,Tên gọi\na,b\n", "register.import.two_columns"),
        ("a.json", '{"a": [', "table.no_json_list"),
        ("a.yaml", "a: b\n", "table.no_yaml_list"),
        ("a.xlsx", "PK", "table.no_xlsx"),
        ("a.json", "", "table.empty"),
    ],
)
def test_a_file_that_is_no_list(
    app: Flask, tmp_path: Path, name: str, content: str, fault: str
) -> None:
    file = tmp_path / name
    file.write_text(content)
    with pytest.raises(Unreadable) as refused:
        compare(app, file)
    assert refused.value.fault.partition("|")[0] == fault


@pytest.mark.parametrize("kind", [PLACE, JOB, EVENT])
def test_every_heading_of_an_export_names_its_field(app: Flask, kind: Kind) -> None:
    known = columns(app, kind)
    assert {known.named[plain(words)] for words in known.headings.values()} == {*known.headings}
