"""Rows as files: CSV and JSON as they are read, XLSX by way of a temporary file."""

import json
import tempfile
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import IO, TYPE_CHECKING

from smartcity.core.spreadsheet import BOM, csv_text
from smartcity.reports.statistics.open_data import Batches, Cell, Column

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Rows go to the file as they come; no text becomes a formula, a link or a number.
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def csv_lines(columns: Sequence[Column], batches: Batches) -> Iterator[str]:
    """A CSV file in pieces: UTF-8 with BOM, the columns' names first."""
    yield BOM + csv_text([[column.name for column in columns]])
    for batch in batches:
        yield csv_text(batch)


def json_lines(columns: Sequence[Column], batches: Batches) -> Iterator[str]:
    """A JSON array of objects in pieces."""
    before = "["
    for batch in batches:
        for cells in batch:
            named = {c.name: cell for c, cell in zip(columns, cells, strict=True)}
            yield before + json.dumps(named, ensure_ascii=False)
            before = ",\n"
    yield "[]" if before == "[" else "]"


def workbook(sheets: dict[str, tuple[Sequence[Column], Batches]]) -> IO[bytes]:
    """An XLSX file, open at its beginning; it is gone when it is closed."""
    from xlsxwriter import Workbook  # noqa: PLC0415 - 17 MB that only these downloads need

    file = tempfile.TemporaryFile()  # noqa: SIM115 – whoever sends it closes it
    try:
        with Workbook(file, _OPTIONS) as book:
            for name, (columns, batches) in sheets.items():
                _fill(book.add_worksheet(name), columns, batches)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def _fill(sheet: "Worksheet", columns: Sequence[Column], batches: Batches) -> None:
    _write(sheet, 0, [column.name for column in columns])
    for row, cells in enumerate(chain.from_iterable(batches), start=1):
        _write(sheet, row, cells)


def _write(sheet: "Worksheet", row: int, cells: Sequence[Cell]) -> None:
    for place, cell in enumerate(cells):
        if isinstance(cell, str):
            sheet.write_string(row, place, cell)
        elif isinstance(cell, bool):
            sheet.write_boolean(row, place, cell)
        elif cell is not None:
            sheet.write_number(row, place, cell)
