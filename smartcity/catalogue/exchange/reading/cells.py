"""Cells of a table as parts of a procedure; ValueError says in English what does not fit.

What a spreadsheet made of a code that looks like a number is undone where one code can be meant.
"""

import re

from smartcity.catalogue.records.codes import canonical
from smartcity.core.tables.cells import Cell, lines, words

_ITEM = re.compile(r"\r?\n(?=\S)")  # a line that begins with a space goes on with the item before
_BULLET = re.compile(r"\s*(?:[-–+*•●▪]|\d{1,2}[.)]|[a-zđ]\))\s+")
_DIGITS = re.compile(r"\d{1,4}")
_NUMBERED = re.compile(r"\d{1,5}/(?:\d{4}/)?[A-ZĐ0-9][A-ZĐa-z0-9&-]{1,20}")
_DECIMALS = 4  # of a code's six that must be left when a number lost its zeros


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
