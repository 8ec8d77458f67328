"""The province's files: loaded whole, again at will, or refused with file and key."""

from pathlib import Path

import pytest
from flask import Flask

from smartcity.areas import service
from smartcity.areas.models import AgencyRow, AreaRow
from smartcity.core import cache
from smartcity.core.datafile import BadFile
from smartcity.core.db import reading, transaction
from smartcity.core.errors import Invalid
from tests.areas.conftest import PROVINCE, Edit

WARD = (
    '{code: "10507", name_vi: Phường Thành Đông, name_en: Thanh Dong Ward, '
    "kind: ward, latitude: 20.95957"
)
CORNER = "[106.141, 20.8838], "


def load(folder: Path) -> None:
    with transaction() as session:
        service.load_province(session, folder)


def stored() -> tuple[list[service.Area], list[service.Agency]]:
    with reading() as session:
        areas = cache.snapshot(session, AreaRow, service.Area)
        return areas, cache.snapshot(session, AgencyRow, service.Agency)


def test_the_demo_province_is_whole(in_app: Flask) -> None:
    known = service.reference()
    assert len(known.wards) == 114
    assert known.province.report_prefix == "HP"
    assert known.areas["10507"].folded == "phuong thanh dong thanh dong ward"
    assert known.areas["10507"].former_province == "Hải Dương"
    assert set(known.committees) == {ward.code for ward in known.wards}
    assert known.committees["10507"].name_vi == "UBND Phường Thành Đông"


def test_loading_again_changes_nothing(restored: None) -> None:
    before = stored()
    load(PROVINCE)
    assert stored() == before


def test_a_changed_name_is_taken_over(restored: None, edited: Edit) -> None:
    load(edited("areas.yaml", "name_vi: Phường Thành Đông", "name_vi: Phường Thành Đông Mới"))
    assert service.reference().areas["10507"].folded.startswith("phuong thanh dong moi")
    assert service.reference().committees["10507"].name_vi == "UBND Phường Thành Đông Mới"


def test_an_agency_that_left_the_file_gets_no_more_work(restored: None, edited: Edit) -> None:
    assert service.agency("cay-xanh").kind == "utility"
    load(edited("agencies.yaml", "code: cay-xanh,", "code: cong-vien,"))
    assert service.agency("cong-vien").kind == "utility"
    with pytest.raises(Invalid) as refused:
        service.agency("cay-xanh")
    assert refused.value.errors == {"agency": ["agency.unknown"]}
    assert "cay-xanh" in service.reference().agencies


BAD = {
    "a key that nobody knows": (
        ("areas.yaml", WARD, WARD.replace("kind", "colour: red, kind")),
        r"areas.yaml: wards\[0\].colour: ",
    ),
    "no name": (
        ("areas.yaml", "name_vi: Phường Thành Đông, ", ""),
        r"areas.yaml: wards\[0\].name_vi: Required",
    ),
    "latitude 91": (
        ("areas.yaml", WARD, WARD.replace("20.95957", "91")),
        r"areas.yaml: wards\[0\].latitude: Must be between -90 and 90",
    ),
    "latitude NaN": (
        ("areas.yaml", WARD, WARD.replace("20.95957", ".nan")),
        r"areas.yaml: wards\[0\].latitude: Must be a finite number",
    ),
    "a kind of before the merger": (
        ("areas.yaml", WARD, WARD.replace("kind: ward", "kind: district")),
        r"areas.yaml: wards\[0\].kind: Must be one of: ward, commune, special_zone",
    ),
    "no date": (
        ("areas.yaml", "valid_from: 2025-07-01", "valid_from: next year"),
        r"areas.yaml: province.valid_from: Must be a date",
    ),
    "the code of another ward": (
        ("areas.yaml", WARD, WARD.replace("10507", "10525")),
        "areas.yaml: 10525 is there 2 times",
    ),
    "a ward that is gone": (
        ("areas.yaml", WARD, WARD.replace("10507", "10508")),
        "areas.yaml: wards: 10507 is in use; end it by valid_to",
    ),
    "a centre in Hà Nội": (
        ("areas.yaml", WARD, WARD.replace("20.95957", "21.95957")),
        "areas.yaml: wards: 10507: its centre is outside province.outlines",
    ),
    "an open outline": (
        ("areas.yaml", CORNER, ""),
        r"areas.yaml: province.outlines\[0\]: does not end where it begins",
    ),
    "an outline of text": (
        ("areas.yaml", CORNER, "[here, 20.8838], "),
        r"areas.yaml: province.outlines\[0\]\[0\]\[0\]: Must be a finite number",
    ),
    "a corner of one number": (
        ("areas.yaml", CORNER, "[106.141], "),
        r"areas.yaml: province.outlines\[0\]\[0\]: ",
    ),
    "broken YAML": (("areas.yaml", "wards:", "wards: ["), "areas.yaml: "),
    "a list for a mapping": (("areas.yaml", "province:", "- province:"), "areas.yaml: "),
    "an agency of no ward": (
        ("agencies.yaml", "kind: police, ", 'kind: police, area: "99999", '),
        "agencies.yaml: cong-an.area: no ward 99999 in areas.yaml",
    ),
    "an agency twice": (
        ("agencies.yaml", "code: cap-nuoc,", "code: dien-luc,"),
        "agencies.yaml: dien-luc is there 2 times",
    ),
    "a rule with an unknown name": (
        ("agencies.yaml", "UBND {name_vi}", "UBND {nmae_vi}"),
        "agencies.yaml: ward_agencies: ",
    ),
}


def test_a_bad_file_is_refused_by_name_and_key(
    restored: None, edited: Edit, subtests: pytest.Subtests
) -> None:
    before = stored()
    for what, (edit, fault) in BAD.items():
        with subtests.test(what):
            folder = edited(*edit)
            with pytest.raises(BadFile, match=f"^{fault}"):
                load(folder)
            assert stored() == before


def test_a_folder_without_the_files_is_refused(in_app: Flask, tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=r"^areas.yaml: .*No such file"):
        load(tmp_path)
