"""Tables that tests write, with all that a spreadsheet can do to a list."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from smartcity.catalogue.exchange.columns import Columns, read_columns
from smartcity.catalogue.exchange.reading.drafts import Draft, Piece, Refused, Remark
from smartcity.catalogue.exchange.reading.files import pieces
from smartcity.catalogue.rules import LifeEvent, Rules, Sort

COLUMNS_FILE = Path(__file__).parents[3] / "config" / "province" / "catalogue_columns.yaml"
RULES = Rules(
    life_events={"housing": LifeEvent("housing", "Điện, nước, nhà ở", "Housing", "citizen")},
    subjects={
        each: Sort(each, vi, each)
        for each, vi in {
            "citizen": "Công dân Việt Nam",
            "overseas": "Người Việt Nam định cư ở nước ngoài",
            "foreigner": "Người nước ngoài",
            "household_business": "Hộ kinh doanh",
            "business": "Doanh nghiệp",
            "cooperative": "Hợp tác xã",
            "organization": "Tổ chức khác",
        }.items()
    },
    counters={},
    essentials={},
)
HEADINGS = [
    *("STT", "Mã TTHC", "Tên thủ tục", "Lĩnh vực", "Cấp thực hiện", "Cơ quan thực hiện"),
    *("Mức độ DVC", "Hình thức nộp", "Thời hạn giải quyết", "Phí, lệ phí", "Thành phần hồ sơ"),
]
ROW = [
    *("1", "1.900001", "Cấp phép nuôi voi", "Chăn nuôi", "Cấp xã", "UBND cấp xã"),
    *("Toàn trình", "Trực tiếp", "05 ngày làm việc", "Không", "Tờ khai"),
]


def columns() -> Columns:
    return read_columns(COLUMNS_FILE, RULES)


def row(**changes: Any) -> list[Any]:
    """ROW with other cells, by their headings' first words: `row(Mã="1.900002")`."""
    cells = dict(zip(HEADINGS, ROW, strict=True))
    for name, value in changes.items():
        (heading,) = (each for each in HEADINGS if each.startswith(name))
        cells[heading] = value
    return list(cells.values())


def workbook(file: Path, *rows: Sequence[Any], then: Callable[..., Any] | None = None) -> Path:
    """An XLSX of rows from its first cell on; `then` gets the book and the sheet."""
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("Danh mục")
        for number, cells in enumerate(rows):
            sheet.write_row(number, 0, cells)
        if then:
            then(book, sheet)
    return file


def read(file: Path) -> list[Piece]:
    return list(pieces(file, columns()))


def drafts(file: Path) -> list[Draft]:
    return [piece for piece in read(file) if isinstance(piece, Draft)]


def refusals(file: Path) -> list[tuple[int, str]]:
    return [(each.line, each.fault) for each in read(file) if isinstance(each, Refused)]


def remarks(file: Path) -> list[str]:
    return [each.text for each in read(file) if isinstance(each, Remark)]
