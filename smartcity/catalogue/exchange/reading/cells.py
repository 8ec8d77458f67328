"""Cells of a table as the values of a record; ValueError says in English what does not fit.

Spreadsheets make numbers and days of what looks like them: what that did to a code is undone where
only one code can be meant.
"""

import re
from datetime import date, datetime, time, timedelta

from smartcity.catalogue.records.codes import canonical
from smartcity.core.spreadsheet import safe_cell

Cell = str | int | float | bool | date | datetime | time | timedelta | None
_BREAKS = re.compile(r"\s*[\r\n\t]+\s*")
_ITEM = re.compile(r"\r?\n(?=\S)")  # a line that begins with a space goes on with the item before
_BULLET = re.compile(r"\s*(?:[-–+*•●▪]|\d{1,2}[.)]|[a-zđ]\))\s+")
_DIGITS = re.compile(r"\d{1,4}")
_NUMBERED = re.compile(r"\d{1,5}/(?:\d{4}/)?[A-ZĐ0-9][A-ZĐa-z0-9&-]{1,20}")
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_EPOCH, _SERIALS = date(1899, 12, 30), range(20_000, 80_000)  # days of 1954 to 2119
_DECIMALS = 4  # of a code's six that must be left when a number lost its zeros


def is_blank(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def words(cell: Cell) -> str:
    """A cell as text on one line."""
    return _BREAKS.sub(" ", lines(cell))


def lines(cell: Cell) -> str:
    """A cell as text; a day is none, since a spreadsheet makes days of limits such as 3/5."""
    if isinstance(cell, (date, time, timedelta)):
        raise ValueError("is a day or an hour where words belong: set the cell's format to text")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return unescaped(str(cell)).strip() if cell is not None else ""


def code(cell: Cell) -> str:
    """A procedure's code, of a number too: 1001193.0 and 2.00208 (for 2.002080)."""
    written = lines(cell).lstrip("'")
    if isinstance(cell, float) and not cell.is_integer():
        whole, _, decimals = written.partition(".")
        if _DECIMALS <= len(decimals) <= 6:
            written = f"{whole}.{decimals:0<6}"
    found = canonical(written)
    if found is None:
        raise ValueError(f"“{written[:40]}” is no code of a procedure, such as 1.001193")
    return found


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


def count(cell: Cell) -> str:
    """A number of copies, of “01 bản” too."""
    found = _DIGITS.match(words(cell))
    if found is None:
        raise ValueError(f"“{words(cell)[:40]}” is no number")
    return found[0]


def items(cell: Cell) -> list[str]:
    """The lines of a cell, each an item; marks before each of several are left out."""
    found = [item.rstrip() for item in _ITEM.split(lines(cell)) if item.strip()]
    if len(found) > 1 and all(map(_BULLET.match, found)):
        found = [_BULLET.sub("", item, count=1) for item in found]
    return [item.replace("\n ", "\n") for item in found]


def as_item(text: str) -> str:
    """A text as a cell that `items` reads as one."""
    return text.replace("\n", "\n ")


def basis(line: str) -> dict[str, str]:
    """A document of the law in words: its number, and the words when they tell more."""
    found = _NUMBERED.search(line)
    if found is None or found[0] == line:
        return {"number": line}
    return {"number": found[0], "extract": line}


def escaped(text: str) -> str:
    """A text as a cell that no spreadsheet calculates, and `unescaped` gives back."""
    bare = text.lstrip("'")
    return f"'{text}" if safe_cell(bare) != bare else text


def unescaped(text: str) -> str:
    bare = text.lstrip("'")
    return text[1:] if bare != text and safe_cell(bare) != bare else text
