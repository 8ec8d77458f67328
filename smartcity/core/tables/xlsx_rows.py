"""XLSX as officers keep it: merged cells filled, formulas by their stored values."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from smartcity.core.tables.cells import Cell, Row
from smartcity.core.tables.packing import look_into
from smartcity.core.tables.unreadable import Unreadable, with_reason

HEADINGS_WITHIN = 30  # rows
_TOLD = 10
_Range = tuple[tuple[int, int], tuple[int, int]]


def uncalculated(file: Path) -> str:
    """The cells whose formulas were never calculated, told shortly. Raises Unreadable."""
    found = look_into(file)
    return ", ".join(found[:_TOLD]) + " …" * (len(found) > _TOLD)


@contextmanager
def sheet_with(
    file: Path, has_headings: Callable[[list[Cell]], bool]
) -> Iterator[CalamineSheet | None]:
    """The first visible sheet with such a row among its first. Raises Unreadable."""
    try:
        with CalamineWorkbook.from_path(file) as book:
            yield next((sheet for sheet in _shown(book) if _has(sheet, has_headings)), None)
    except CalamineError as fault:
        raise Unreadable(file, with_reason("table.no_xlsx", fault)) from None


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


def _shown(book: CalamineWorkbook) -> Iterator[CalamineSheet]:
    for each in book.sheets_metadata:
        if each.visible == SheetVisibleEnum.Visible and each.typ == SheetTypeEnum.WorkSheet:
            yield book.get_sheet_by_name(each.name)


def _has(sheet: CalamineSheet, has_headings: Callable[[list[Cell]], bool]) -> bool:
    return any(has_headings(list(row)) for row in islice(sheet.iter_rows(), HEADINGS_WITHIN))
