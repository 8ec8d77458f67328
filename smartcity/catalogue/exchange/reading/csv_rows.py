"""CSV as spreadsheets write it: UTF-8 with or without a mark, with commas, semicolons or tabs."""

import csv
from collections.abc import Iterator
from pathlib import Path

from smartcity.catalogue.exchange.reading.cells import Cell
from smartcity.core.datafile import BadFile

Row = tuple[int, list[Cell]]
_SEPARATORS = ",;\t"
_SAMPLE = 64 * 1024
_NOT_UTF_8 = (
    "it is not in UTF-8 (Excel's older Vietnamese encodings lose letters): "
    "save it as “CSV UTF-8” or as .xlsx"
)


def csv_rows(file: Path) -> Iterator[Row]:
    """The rows and the lines they begin on. Raises BadFile for what is no UTF-8."""
    csv.field_size_limit(1024 * 1024)
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            separator = _separator(opened.read(_SAMPLE))
            opened.seek(0)
            line = 1
            reader = csv.reader(opened, delimiter=separator)
            for row in reader:
                yield line, list(row)
                line = reader.line_num + 1
    except UnicodeDecodeError:
        raise BadFile(file, [_NOT_UTF_8]) from None
    except csv.Error as fault:
        raise BadFile(file, [f"it is no CSV: {fault}"]) from None


def _separator(sample: str) -> str:
    """The sign that the first line with any has most of, outside of quotes."""
    for line in sample.splitlines():
        bare = "".join(line.split('"')[::2])
        most = max(_SEPARATORS, key=bare.count)
        if most in bare:
            return most
    return ","
