"""The procedures of an XLSX file."""

from collections.abc import Iterator
from pathlib import Path

from smartcity.catalogue.exchange.columns import Columns
from smartcity.catalogue.exchange.reading.drafts import Piece, Remark
from smartcity.catalogue.exchange.reading.tables import NEEDED, headings_of, table_pieces
from smartcity.core.datafile import BadFile
from smartcity.core.tables.xlsx_rows import sheet_rows, sheet_with, uncalculated


def xlsx_pieces(file: Path, columns: Columns) -> Iterator[Piece]:
    """The procedures of the first visible sheet that has the columns. Raises BadFile."""
    if shown := uncalculated(file):
        told = f"formulas never calculated, taken as empty: {shown}. Open and save the file first"
        yield Remark(0, "", told)
    needed = " and ".join(f"“{columns.headings[each]}”" for each in sorted(NEEDED))
    with sheet_with(
        file, lambda row: {name for _, name in headings_of(row, columns)} >= NEEDED
    ) as sheet:
        if sheet is None:
            fault = f"no visible sheet has the headings {needed} in its first rows"
            raise BadFile(file, [fault])
        yield Remark(0, "", f"sheet “{sheet.name}”")
        yield from table_pieces(file, sheet_rows(sheet), columns)
