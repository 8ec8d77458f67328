"""Rows under headings: those of one code that follow each other are one procedure."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from smartcity.catalogue.exchange.columns import Columns
from smartcity.catalogue.exchange.reading import cells
from smartcity.catalogue.exchange.reading.drafts import Draft, Piece, Refused, Remark
from smartcity.catalogue.exchange.reading.gathering import gathered
from smartcity.core.datafile import BadFile
from smartcity.core.tables.cells import Cell, Row, is_blank
from smartcity.core.tables.headings import plain
from smartcity.core.tables.xlsx_rows import HEADINGS_WITHIN

Named = Mapping[str, Cell]
NEEDED = {"code", "name"}


def table_pieces(file: Path, rows: Iterable[Row], columns: Columns) -> Iterator[Piece]:
    """The procedures of a table. Raises BadFile when no row names its code and name columns."""
    left = iter(rows)
    line, headings = _headings(file, left, columns)
    if untaken := [words for words, column in headings if words and column is None]:
        yield Remark(line, "", f"columns not taken: {', '.join(untaken)}")
    named = [column for _, column in headings]
    if twice := sorted({column for column in named if column and named.count(column) > 1}):
        raise BadFile(file, [f"line {line}: two columns are {column}" for column in twice])
    yield from _procedures(left, named, columns)


def headings_of(row: list[Cell], columns: Columns) -> list[tuple[str, str | None]]:
    """The words of a row and the columns that they name."""
    written = ["" if is_blank(cell) else " ".join(str(cell).split()) for cell in row]
    return [(words, columns.named.get(plain(words))) for words in written]


def _headings(
    file: Path, rows: Iterator[Row], columns: Columns
) -> tuple[int, list[tuple[str, str | None]]]:
    for (line, row), _ in zip(rows, range(HEADINGS_WITHIN), strict=False):
        headings = headings_of(row, columns)
        if {column for _, column in headings} >= NEEDED:
            return line, headings
    needed = " and ".join(f"“{columns.headings[each]}”" for each in sorted(NEEDED))
    raise BadFile(file, [f"no row of the first {HEADINGS_WITHIN} has the headings {needed}"])


def _procedures(rows: Iterable[Row], named: list[str | None], columns: Columns) -> Iterator[Piece]:
    given = {column for column in named if column}
    group: list[tuple[int, Named]] = []
    key: tuple[object, object] = ("", "")
    for line, row in rows:
        told = {column: cell for column, cell in zip(named, row, strict=False) if column}
        filled = {column: cell for column, cell in told.items() if not is_blank(cell)}
        if title := _title(row, filled):
            yield Remark(line, "", f"taken for a title: {title[:80]}")
        if title or not filled:
            continue
        own = filled.get("code", ""), filled.get("name", "")
        if group and not _goes_on(key, own):
            yield _piece(group, given, columns)
            group = []
        key = own if not group else key
        group.append((line, filled))
    if group:
        yield _piece(group, given, columns)


def _title(row: list[Cell], filled: Named) -> str:
    """The words of a row that holds nothing else: “I. LĨNH VỰC HỘ TỊCH”, perhaps merged."""
    told = [str(cell).strip() for cell in row if not is_blank(cell)]
    among = filled.keys() & NEEDED or not filled
    if len(set(told)) != 1 or not among or (len(told) == 1 and not filled.keys() <= NEEDED):
        return ""
    try:
        cells.code(told[0])
    except ValueError:
        return told[0]
    return ""


def _goes_on(key: tuple[object, object], own: tuple[object, object]) -> bool:
    """Whether a row belongs to the procedure before it: of its code, or with nothing of its own."""
    code, name = own
    return (code == key[0] and code != "") or (code == "" and name in ("", key[1]))


def _piece(group: list[tuple[int, Named]], given: set[str], columns: Columns) -> Piece:
    line = group[0][0]
    written = group[0][1].get("code")
    if written is None:
        return Refused(line, "", f"has no code: fill in “{columns.headings['code']}”")
    code = ""
    try:
        code = cells.code(written)
        return Draft(line, code, gathered(group, given, columns), whole=False)
    except ValueError as fault:
        return Refused(line, code or str(written)[:40], str(fault))
