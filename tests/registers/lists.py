"""Lists of places as offices keep them, and what an import makes of them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter
from flask import Flask

from smartcity.core.context import settings
from smartcity.core.db import reading, transaction
from smartcity.guide.places.place import PLACE
from smartcity.identity.permissions import SYSTEM
from smartcity.registers.exchange.applying import apply, import_of
from smartcity.registers.exchange.columns import FILE, Columns, read_columns
from smartcity.registers.exchange.comparing import Difference, compared
from smartcity.registers.exchange.drafts import Noted
from smartcity.registers.exchange.reading import pieces
from smartcity.registers.kind import Kind

HEADINGS = "Mã,Tên,Loại,Phường,Vĩ độ,Kinh độ,Điện thoại,Số giường"
HOSPITAL = 'bv-1,Bệnh viện Một,Bệnh viện,,"20,8525","106,6823",0225 3000 011,"1.200"'


def csv_of(tmp_path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    """A list under HEADINGS."""
    file = tmp_path / "places.csv"
    file.write_text("\n".join([HEADINGS, *lines]), encoding)
    return file


def xlsx_of(tmp_path: Path, *rows: list[Any]) -> Path:
    file = tmp_path / "places.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("Danh sách")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return file


def columns(app: Flask, kind: Kind = PLACE) -> Columns:
    with app.app_context():
        return read_columns(settings().province_dir / FILE, kind)


def compare(app: Flask, file: Path, kind: Kind = PLACE) -> Difference:
    with app.app_context(), reading() as session:
        named = columns(app, kind)
        return compared(session, kind, pieces(file, named), named)


def bring(app: Flask, file: Path, kind: Kind = PLACE) -> Difference:
    """Compare a file and apply it."""
    found = compare(app, file, kind)
    with app.app_context(), transaction() as session:
        apply(session, kind, SYSTEM, found, import_of(file, file.name, None))
    return found


def noted(found: Sequence[Noted]) -> list[tuple[int, str, str]]:
    """Line, field and message key of what is told."""
    return [(each.line, each.field, each.fault.partition("|")[0]) for each in found]
