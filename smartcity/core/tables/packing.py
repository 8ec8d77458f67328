"""What an XLSX holds, looked at as it is unpacked piece by piece: too much is refused before it is
read as a whole, and formulas that nobody calculated are told.

A sheet is read into a rectangle of cells, so one cell far out would take all memory.
"""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from smartcity.core.tables.unreadable import Unreadable, with_reason
from smartcity.core.texts import filled

MOST_UNPACKED = 256 * 1024 * 1024  # bytes
MOST_CELLS = 3_000_000  # of a sheet's rectangle: 100,000 rows of 30 columns
_PIECE = 1024 * 1024
_SHEETS = "xl/worksheets/"
# A cell that holds something; the rest of it as far as a formula without its value.
_CELL = re.compile(
    rb"""<(?:\w+:)?c\s[^>]*?\br=["']([A-Z]{1,3})(\d{1,7})["'][^>]*(?<!/)>"""
    rb"""(\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"""
    rb"""(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>)?"""
)


def look_into(file: Path) -> list[str]:
    """Cells whose formulas have no value. Raises Unreadable for what is too large or no XLSX."""
    try:
        with zipfile.ZipFile(file) as packed:
            parts = packed.infolist()
            if sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise Unreadable(file, filled("table.too_much", megabytes=MOST_UNPACKED >> 20))
            return [cell for part in parts for cell in _look(file, packed, part)]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as fault:
        raise Unreadable(file, with_reason("table.no_xlsx", fault)) from None


def _look(file: Path, packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[str]:
    """Every part is unpacked to its end: its size may be a lie, its checksum then tells."""
    rows = columns = 0
    with packed.open(part) as unpacked:
        for piece in _pieces(unpacked):
            if not part.filename.startswith(_SHEETS):
                continue
            for found in _CELL.finditer(piece):
                columns, rows = max(columns, _number(found[1])), max(rows, int(found[2]))
                if found[3]:
                    yield f"{found[1].decode()}{found[2].decode()}"
            if rows * columns > MOST_CELLS:
                told = {"part": part.filename, "rows": rows, "columns": columns}
                raise Unreadable(file, filled("table.too_wide", **told))


def _pieces(unpacked: IO[bytes]) -> Iterator[bytes]:
    """Whole cells: a piece ends where one does, or before a tag where none does."""
    left = b""
    while piece := unpacked.read(_PIECE):
        piece = left + piece
        end = max(piece.rfind(b"</c>") + 4, piece.rfind(b"row>") + 4)
        end = end if end > 4 else max(piece.rfind(b"<"), 0) or len(piece)
        yield piece[:end]
        left = piece[end:]
    yield left


def _number(letters: bytes) -> int:
    """A column's number by its letters."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
