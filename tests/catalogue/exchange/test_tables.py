"""CSV and XLSX as officers keep them, read into drafts."""

import datetime
import zipfile
from pathlib import Path
from typing import Any

import pytest

from smartcity.catalogue.exchange.reading.drafts import Draft
from smartcity.catalogue.exchange.reading.files import pieces
from smartcity.core.datafile import BadFile
from smartcity.core.tables import packing
from tests.catalogue.exchange.sheets import (
    HEADINGS,
    ROW,
    columns,
    drafts,
    read,
    refusals,
    remarks,
    row,
    workbook,
)


@pytest.fixture
def xlsx(tmp_path: Path) -> Path:
    return tmp_path / "list.xlsx"


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    return tmp_path / "list.csv"


def as_csv(*rows: list[Any], separator: str = ",") -> str:
    return "".join(separator.join(f'"{cell}"' for cell in cells) + "\r\n" for cells in rows)


def test_a_row_is_a_procedure(xlsx: Path) -> None:
    (draft,) = drafts(workbook(xlsx, HEADINGS, ROW))
    assert (draft.line, draft.code, draft.whole) == (2, "1.900001", False)
    assert draft.values == {
        "code": "1.900001",
        "name": "Cấp phép nuôi voi",
        "field": "Chăn nuôi",
        "degree": "full",
        "agency": "UBND cấp xã",
        "levels": ["commune"],
        "channels": [{"way": "in_person", "time_limit": "05 ngày làm việc", "fee": "Không"}],
        "documents": [{"name": "Tờ khai"}],
    }
    assert remarks(xlsx) == ["sheet “Danh mục”", "columns not taken: STT"]


def test_merged_cells_are_filled_from_their_range(xlsx: Path) -> None:
    def merge(_book: Any, sheet: Any) -> None:
        for column in (1, 2, 3, 4, 5, 6, 9):
            sheet.merge_range(1, column, 3, column, ROW[column])

    rows = [HEADINGS, ROW, *([""] * 7 + [*more] for more in MORE)]
    (draft,) = drafts(workbook(xlsx, *rows, then=merge))
    assert [document["name"] for document in draft.values["documents"]] == [
        *("Tờ khai", "Ảnh voi", "Giấy khám voi"),
    ]
    assert draft.values["channels"] == [
        {"way": "in_person", "time_limit": "05 ngày làm việc", "fee": "Không"},
        {"way": "online", "time_limit": "03 ngày làm việc", "fee": "Không"},
    ]


MORE = (
    ("Trực tuyến", "03 ngày làm việc", "", "Ảnh voi"),
    ("", "", "", "Giấy khám voi"),
)


def test_one_fee_merged_over_two_procedures_is_each_ones(xlsx: Path) -> None:
    rows = [HEADINGS, row(Phí=""), row(Mã="1.900002", Phí="")]
    book = workbook(xlsx, *rows, then=lambda _, sheet: sheet.merge_range(1, 9, 2, 9, "8.000 đồng"))
    assert [d.values["channels"][0]["fee"] for d in drafts(book)] == ["8.000 đồng"] * 2


def test_titles_above_and_between(xlsx: Path) -> None:
    above = ["DANH MỤC THỦ TỤC HÀNH CHÍNH"]
    between = ["", "", "I. LĨNH VỰC CHĂN NUÔI"]
    rows = [above, [], HEADINGS, between, ROW, ["II. HỘ TỊCH"] * 11, row(Mã="1.900002")]
    assert [draft.line for draft in drafts(workbook(xlsx, *rows))] == [5, 7]
    assert refusals(xlsx) == []
    assert "taken for a title: II. HỘ TỊCH" in remarks(xlsx)


def test_formulas_count_by_their_stored_values(xlsx: Path) -> None:
    def formulas(_book: Any, sheet: Any) -> None:
        sheet.write_formula("I2", '="03 ngày"', value="03 ngày")
        sheet.write_formula("J2", '="8.000"&" đồng"', value="")

    (draft,) = drafts(workbook(xlsx, HEADINGS, ROW, then=formulas))
    assert draft.values["channels"] == [{"way": "in_person", "time_limit": "03 ngày"}]
    assert remarks(xlsx)[0].startswith("formulas never calculated, taken as empty: J2.")


def test_dates_as_numbers_are_dates_where_dates_belong(xlsx: Path) -> None:
    day, headings = datetime.date(2026, 7, 20), [*HEADINGS, "Nguồn", "Ngày kiểm tra"]

    def dated(book: Any, sheet: Any) -> None:
        written = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_datetime(1, 12, datetime.datetime.combine(day, datetime.time()), written)
        sheet.write_datetime(4, 8, datetime.datetime(2026, 5, 3), written)

    source = "https://dichvucong.gov.vn/1"
    rows = [[*row(Mã=f"1.90000{n}"), source, told] for n, told in enumerate(TOLD_DAYS)]
    book = workbook(xlsx, headings, *rows, then=dated)
    days = [draft.values["source"]["checked_on"] for draft in drafts(book)]
    assert days == ["2026-07-20"] * 3
    assert refusals(book) == [
        (5, "line 5, “Thời hạn giải quyết”: is a day or an hour where words belong: "
            "set the cell's format to text"),
        (6, "line 6, “Ngày đối chiếu”: Invalid isoformat string: 'hôm qua'"),
    ]  # fmt: skip


TOLD_DAYS = ["", 46223, "20/7/2026", "2026-07-20", "hôm qua"]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("1.001193", "1.001193"),
        ("1.001612.000.00.00.H01", "1.001612"),
        (1.001193, "1.001193"),
        (2.00208, "2.002080"),
        (1.0012, "1.001200"),
        (1001193, "1.001193"),
        ("1001193.0", "1.001193"),
        ("'1.001193", "1.001193"),
        (1.001, None),
        (1.0, None),
        (1.0011931, None),
        ("Mã 1", None),
    ],
)
def test_codes_that_a_spreadsheet_took_for_numbers(xlsx: Path, cell: Any, code: str) -> None:
    found = workbook(xlsx, HEADINGS, row(Mã=cell))
    assert [draft.code for draft in drafts(found)] == ([code] if code else [])
    if code is None:
        ((line, fault),) = refusals(found)
        assert line == 2
        assert "is no code of a procedure" in fault


def test_rows_of_one_code_are_one_procedure(xlsx: Path) -> None:
    rows = [
        row(Hình="Trực tiếp", Thành="Tờ khai"),
        row(Hình="Trực tuyến", Thời="03 ngày làm việc", Thành="Ảnh voi"),
        ["", "", "", "", "", "", "", "", "", "", "Giấy khám"],
        row(Mã="1.900002"),
        row(),
    ]
    found = drafts(workbook(xlsx, HEADINGS, *rows))
    assert [(draft.line, draft.code) for draft in found] == [
        *((2, "1.900001"), (5, "1.900002"), (6, "1.900001")),
    ]
    assert [channel["way"] for channel in found[0].values["channels"]] == ["in_person", "online"]
    assert len(found[0].values["documents"]) == 3


@pytest.mark.parametrize(
    ("first", "second", "fault"),
    [
        ({}, {"Tên": "Nuôi hổ"}, "lines 2 and 3 tell two things under “Tên thủ tục”"),
        ({}, {"Mức": "Nửa vời"}, "line 3, “Mức độ dịch vụ công”: “Nửa vời” is not known here"),
        ({"Cấp": "Cấp huyện"}, {}, "line 2, “Cấp thực hiện”: “Cấp huyện” is not known here"),
        ({}, {"Hình": "", "Phí": "1.000 đồng"}, "line 3, “Hình thức nộp”: is empty"),
        ({"Mã": ""}, {"Mã": "", "Tên": ""}, "has no code: fill in “Mã thủ tục”"),
    ],
)
def test_what_cannot_be_taken_names_line_and_column(
    xlsx: Path, first: dict[str, str], second: dict[str, str], fault: str
) -> None:
    ((line, told),) = refusals(workbook(xlsx, HEADINGS, row(**first), row(**second)))
    assert line == 2
    assert told.startswith(fault)


def test_several_in_one_cell(xlsx: Path) -> None:
    headings = [*HEADINGS, "Đối tượng", "Căn cứ pháp lý", "Kết quả", "Mã thủ tục liên quan"]
    several = row(
        Cấp="Cấp xã, Cấp tỉnh",
        Hình="Trực tiếp; Qua bưu điện",
        Thành="- Tờ khai\n- Ảnh voi",
        Phí=8000,
    )
    subjects = "Cán bộ, công chức, viên chức; Hợp tác xã/Doanh nghiệp"
    law = "Luật Voi số 12/2020/QH14 ngày 1/1/2020; 3/2021/NĐ-CP"
    more = [subjects, law, "Giấy phép\n  có mộc", "1.900002, 1.900003"]
    (draft,) = drafts(workbook(xlsx, headings, [*several, *more]))
    told = draft.values
    assert told["levels"] == ["commune", "province"]
    assert told["subjects"] == ["citizen", "cooperative", "business"]
    assert told["documents"] == [{"name": "Tờ khai"}, {"name": "Ảnh voi"}]
    assert [(each["way"], each["fee"]) for each in told["channels"]] == [
        *(("in_person", "8.000 đồng"), ("post", "8.000 đồng")),
    ]
    assert told["legal_bases"] == [
        {"number": "12/2020/QH14", "extract": "Luật Voi số 12/2020/QH14 ngày 1/1/2020"},
        {"number": "3/2021/NĐ-CP"},
    ]
    assert told["results"] == ["Giấy phép\n có mộc"]
    assert told["related"] == ["1.900002", "1.900003"]


@pytest.mark.parametrize(
    ("degree", "ways"), [("Toàn trình", ["online", "in_person"]), ("Còn lại", ["in_person"])]
)
def test_a_list_without_ways_tells_of_all(xlsx: Path, degree: str, ways: list[str]) -> None:
    headings = [heading.replace("Hình thức nộp", "Ghi chú") for heading in HEADINGS]
    (draft,) = drafts(workbook(xlsx, headings, row(Mức=degree)))
    assert [channel["way"] for channel in draft.values["channels"]] == ways


def test_the_first_visible_sheet_with_the_columns(xlsx: Path) -> None:
    def more(book: Any, _sheet: Any) -> None:
        hidden, shown = book.add_worksheet("Cũ"), book.add_worksheet("Mới")
        hidden.hide()
        book.add_chartsheet("Biểu đồ")
        for sheet, code in ((hidden, "1.900008"), (shown, "1.900009")):
            sheet.write_row("A1", HEADINGS)
            sheet.write_row("A2", row(Mã=code))

    found = drafts(workbook(xlsx, ["Ghi chú"], then=more))
    assert [draft.code for draft in found] == ["1.900009"]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_csv_with_any_separator(csv: Path, separator: str, encoding: str) -> None:
    text = as_csv(HEADINGS, row(Thành="Tờ khai\nẢnh"), row(Mã="1.900002"), separator=separator)
    csv.write_text(text, encoding, newline="")
    assert [(draft.line, draft.code) for draft in drafts(csv)] == [
        *((2, "1.900001"), (4, "1.900002")),
    ]


def test_csv_in_an_older_encoding_is_refused(csv: Path) -> None:
    csv.write_bytes(b"M\xb7 TTHC,T\xaan th\xf1 t\xf4c\n1.900001,Nu\xabi voi \xe9 \xae\xb6o\n")
    with pytest.raises(BadFile, match="are in TCVN3"):
        read(csv)


def test_apostrophes_against_formulas_are_taken_off(csv: Path) -> None:
    csv.write_text(as_csv(HEADINGS, row(Tên="'=Nuôi voi", Thành="'- Tờ khai")), "utf-8")
    (draft,) = drafts(csv)
    assert (draft.values["name"], draft.values["documents"]) == (
        *("=Nuôi voi", [{"name": "- Tờ khai"}]),
    )


@pytest.mark.parametrize("name", ["list.csv", "list.xlsx"])
def test_no_headings(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    if name.endswith("csv"):
        file.write_text(as_csv(ROW, ROW), "utf-8")
    else:
        workbook(file, ROW)
    with pytest.raises(BadFile, match="the headings “Mã thủ tục” and “Tên thủ tục”"):
        read(file)


def test_two_columns_of_one_meaning_are_refused(xlsx: Path) -> None:
    with pytest.raises(BadFile, match=r"line 1: two columns are channels\.fee"):
        read(workbook(xlsx, [*HEADINGS, "Lệ phí"], ROW))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 torn", b"\xd0\xcf\x11\xe0 xls"])
def test_what_is_no_xlsx(xlsx: Path, content: bytes) -> None:
    xlsx.write_bytes(content)
    with pytest.raises(BadFile, match="it is no XLSX that can be read"):
        read(xlsx)


def test_an_encrypted_or_strange_archive(xlsx: Path) -> None:
    with zipfile.ZipFile(xlsx, "w") as packed:
        packed.writestr("xl/worksheets/sheet1.xml", "<no sheet/>")
    with pytest.raises(BadFile, match="it is no XLSX that can be read"):
        read(xlsx)


def test_a_bomb_is_refused_before_it_is_unpacked(xlsx: Path) -> None:
    packed = zipfile.ZipFile(xlsx, "w", zipfile.ZIP_DEFLATED)
    with packed, packed.open("xl/sharedStrings.xml", "w") as part:
        for _ in range((packing.MOST_UNPACKED >> 20) + 1):
            part.write(bytes(1 << 20))
    with pytest.raises(BadFile, match="it unpacks to over 256 MB"):
        read(xlsx)


def test_a_cell_far_out_is_refused(xlsx: Path) -> None:
    workbook(xlsx, HEADINGS, ROW, then=lambda _, sheet: sheet.write("XFD1048576", "đây"))
    with pytest.raises(BadFile, match="1048576 rows and 16384 columns: delete what stands far out"):
        read(xlsx)


def test_formats_far_out_do_no_harm(xlsx: Path) -> None:
    def far(book: Any, sheet: Any) -> None:
        sheet.write_blank("XFD1048576", None, book.add_format({"bold": True}))
        sheet.merge_range("L2:XFD3", "")

    assert len(drafts(workbook(xlsx, HEADINGS, ROW, then=far))) == 1


def test_fifty_thousand_rows(xlsx: Path) -> None:
    rows = ([f"1.{n:06}", "Nuôi voi"] for n in range(50_000))
    book = workbook(xlsx, HEADINGS[1:3], *rows)
    assert sum(isinstance(piece, Draft) for piece in pieces(book, columns())) == 50_000


def test_the_map_of_columns_is_sound() -> None:
    known = columns()
    assert known.named["phi le phi neu co"] == "channels.fee"
    assert known.meant["subjects"]["hop tac xa"] == "cooperative"
    assert known.spelt["channels.way"]["in_person"] == "Trực tiếp"
