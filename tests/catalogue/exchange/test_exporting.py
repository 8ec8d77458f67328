"""An export is read back to the same records, in every shape."""

import csv as csv_file
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from smartcity.catalogue.exchange.exporting import export
from smartcity.catalogue.exchange.reading.drafts import Draft
from smartcity.catalogue.exchange.reading.files import pieces
from smartcity.catalogue.records.record import Record, read_record
from smartcity.core.datafile import BadFile
from tests.catalogue.exchange.sheets import columns
from tests.catalogue.records_made import record

FULL: dict[str, Any] = {
    "name": "=Cấp phép nuôi voi; hổ, gấu",
    "name_en": "Keeping of elephants",
    "decision": "163/QĐ-BTP",
    "levels": ["commune", "province"],
    "kind": "'=TTHC",
    "subjects": ["citizen", "household_business"],
    "decided_by": "'Chủ tịch'",
    "coordinated_by": ["- Sở A", "- Sở B"],
    "place": "Số 1\nTầng 2",
    "channels": [
        {"way": "online", "time_limit": "Không quy định", "fee": "Không", "note": "Lần đầu\n\nmới"},
        {"way": "online", "note": "Lần sau"},
        {"way": "post", "fee": "8.000 đồng\n+ 5.000 đồng"},
    ],
    "documents": [
        {"name": "- Tờ khai\n- Bản kê\n  a) voi", "form": "1.001", "originals": 1, "copies": 2},
        {"name": "Ảnh", "case": "@khi có"},
    ],
    "steps": ["1. Nộp\n\n2. Chờ", "Nhận", "+ Về"],
    "conditions": ["Voi khỏe; hiền"],
    "legal_bases": [
        {"number": "Luật Voi 60/2014/QH13", "extract": "Luật", "dated": "2014-11-20"},
        {"number": "1/2020/NĐ-CP"},
    ],
    "keywords": ["voi; tượng", "007", "3/5", "true"],
    "life_events": ["housing"],
    "essential": [9, 15],
    "related": ["2.002080", "1.900002"],
    "link": {"template": "portal", "values": {"id": "019d-2bfd", "code": "1.900001"}},
    "source": {"address": "https://dichvucong.gov.vn/1", "checked_on": "2026-07-20"},
}
RECORDS = [
    read_record(record(**FULL)),
    read_record(record("1.900010", degree="information", channels=[], documents=[], results=[])),
    read_record(record("1.900020", "null", agency="No", field="1e3")),
]
SHAPES = pytest.mark.parametrize("ending", ["json", "yaml", "csv", "xlsx"])


def read_back(file: Path) -> list[Record]:
    found = list(pieces(file, columns()))
    return [read_record(piece.values) for piece in found if isinstance(piece, Draft)]


@SHAPES
def test_there_and_back(tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"out.{ending}"
    export(RECORDS, file, columns())
    for written, back in zip(RECORDS, read_back(file), strict=True):
        assert back == written
    assert list(tmp_path.iterdir()) == [file]


@SHAPES
def test_none_at_all(tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"out.{ending}"
    export([], file, columns())
    if ending == "yaml":  # an empty file, which no list is
        assert file.read_bytes() == b""
    else:
        assert read_back(file) == []


def test_cells_calculate_nothing(tmp_path: Path) -> None:
    export(RECORDS, tmp_path / "out.csv", columns())
    export(RECORDS, tmp_path / "out.xlsx", columns())
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as opened:
        in_csv = list(csv_file.reader(opened))
    in_xlsx = CalamineWorkbook.from_path(tmp_path / "out.xlsx").get_sheet_by_index(0).to_python()
    assert in_csv == in_xlsx
    assert in_csv[0][:2] == ["Mã thủ tục", "Tên thủ tục"]
    assert not [cell for cells in in_csv for cell in cells if cell.startswith(tuple("=+-@"))]


def test_a_failed_export_leaves_what_was_there(tmp_path: Path) -> None:
    file = tmp_path / "out.json"
    file.write_text("before")

    def torn() -> Any:
        yield RECORDS[0]
        raise OSError

    with pytest.raises(OSError):  # noqa: PT011 – any will do
        export(torn(), file, columns())
    assert [each.read_text() for each in tmp_path.iterdir()] == ["before"]


def test_other_endings(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="must end in one of"):
        export(RECORDS, tmp_path / "out.ods", columns())
