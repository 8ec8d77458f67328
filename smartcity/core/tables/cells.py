"""Cells of a table as values; ValueError says in English what does not fit.

Spreadsheets make numbers and days of what looks like them.
"""

import re
from datetime import date, datetime, time, timedelta

from smartcity.core.spreadsheet import safe_cell
from smartcity.core.texts import text

Cell = str | int | float | bool | date | datetime | time | timedelta | None
Row = tuple[int, list[Cell]]  # and the line on which it begins
_BREAKS = re.compile(r"\s*[\r\n\t]+\s*")
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_EPOCH, _SERIALS = date(1899, 12, 30), range(20_000, 80_000)  # days of 1954 to 2119


def is_blank(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def words(cell: Cell) -> str:
    """A cell as text on one line."""
    return _BREAKS.sub(" ", lines(cell))


def lines(cell: Cell) -> str:
    """A cell as text; a day is none, since a spreadsheet makes days of limits such as 3/5."""
    if isinstance(cell, (date, time, timedelta)):
        raise ValueError(text("table.not_words", "en"))
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return unescaped(str(cell)).strip() if cell is not None else ""


def day(cell: Cell) -> str:
    """A date, of a spreadsheet's own kind, its number of days, or written d/m/y; as ISO."""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, (int, float)) and int(cell) in _SERIALS:
        return (_EPOCH + timedelta(days=int(cell))).isoformat()
    written = words(cell)
    if found := _DAY.fullmatch(written):
        return date(int(found[3]), int(found[2]), int(found[1])).isoformat()
    return date.fromisoformat(written).isoformat()


def escaped(text: str) -> str:
    """A text as a cell that no spreadsheet calculates, and `unescaped` gives back."""
    bare = text.lstrip("'")
    return f"'{text}" if safe_cell(bare) != bare else text


def unescaped(text: str) -> str:
    bare = text.lstrip("'")
    return text[1:] if bare != text and safe_cell(bare) != bare else text
