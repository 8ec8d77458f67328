"""XLSX as officers keep it: merged cells filled, formulas by their stored values."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from smartcity.catalogue.exchange.columns import Columns
from smartcity.catalogue.exchange.reading.cells import Cell
from smartcity.catalogue.exchange.reading.csv_rows import Row
from smartcity.catalogue.exchange.reading.drafts import Piece, Remark
from smartcity.catalogue.exchange.reading.packing import look_into
from smartcity.catalogue.exchange.reading.tables import (
    HEADINGS_WITHIN,
    NEEDED,
    headings_of,
    table_pieces,
)
from smartcity.core.datafile import BadFile

_TOLD = 10
_Range = tuple[tuple[int, int], tuple[int, int]]


def xlsx_pieces(file: Path, columns: Columns) -> Iterator[Piece]:
    """The procedures of the first visible sheet that has the columns. Raises BadFile."""
    if uncounted := look_into(file):
        shown = ", ".join(uncounted[:_TOLD]) + " …" * (len(uncounted) > _TOLD)
        told = f"formulas never calculated, taken as empty: {shown}. Open and save the file first"
        yield Remark(0, "", told)
    try:
        with CalamineWorkbook.from_path(file) as book:
            sheet = _sheet(file, book, columns)
            yield Remark(0, "", f"sheet “{sheet.name}”")
            yield from table_pieces(file, sheet_rows(sheet), columns)
    except CalamineError as fault:
        raise BadFile(file, [f"it is no XLSX that can be read: {fault}"]) from None


def sheet_rows(sheet: CalamineSheet) -> Iterator[Row]:
    """The rows by their numbers in the sheet; every cell of a merged range has its first's."""
    if sheet.start is None:
        return
    waiting = sorted(sheet.merged_cell_ranges or [], reverse=True)
    filling: dict[int, tuple[int, Cell]] = {}  # by column: until which row, with what
    for number, read in enumerate(sheet.iter_rows()):
        row: list[Cell] = list(read)
        while waiting and waiting[-1][0][0] <= number:
            _begin(waiting.pop(), row, number, sheet.start[1], filling)
        for column, (last, cell) in list(filling.items()):
            row[column] = cell
            if last <= number:
                del filling[column]
        yield number + 1, row


def _begin(
    merged: _Range, row: list[Cell], number: int, first: int, filling: dict[int, tuple[int, Cell]]
) -> None:
    (top, left), (bottom, right) = merged
    if top == number and left >= first:
        for column in range(left - first, min(right - first + 1, len(row))):
            filling[column] = (bottom, row[left - first])


def _sheet(file: Path, book: CalamineWorkbook, columns: Columns) -> CalamineSheet:
    shown = [
        each.name
        for each in book.sheets_metadata
        if each.visible == SheetVisibleEnum.Visible and each.typ == SheetTypeEnum.WorkSheet
    ]
    sheets = map(book.get_sheet_by_name, shown)
    for sheet in sheets:
        for row in islice(sheet.iter_rows(), HEADINGS_WITHIN):
            if {column for _, column in headings_of(list(row), columns)} >= NEEDED:
                return sheet
    needed = " and ".join(f"“{columns.headings[each]}”" for each in sorted(NEEDED))
    raise BadFile(file, [f"no visible sheet has the headings {needed} in its first rows"])
