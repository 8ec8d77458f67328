"""CSV as spreadsheets write it: with commas, semicolons or tabs, in Unicode or Windows-1258."""

import csv
from collections.abc import Iterator
from pathlib import Path

from smartcity.core.tables.cells import Row
from smartcity.core.tables.encodings import encoding_of
from smartcity.core.tables.unreadable import Unreadable, with_reason

_SEPARATORS = ",;\t"
_SAMPLE = 64 * 1024


def csv_rows(file: Path) -> Iterator[Row]:
    """The rows and the lines they begin on. Raises Unreadable."""
    csv.field_size_limit(1024 * 1024)
    try:
        with file.open(encoding=encoding_of(file), newline="") as opened:
            separator = _separator(opened.read(_SAMPLE))
            opened.seek(0)
            line = 1
            reader = csv.reader(opened, delimiter=separator)
            for row in reader:
                yield line, list(row)
                line = reader.line_num + 1
    except UnicodeError:
        raise Unreadable(file, "table.not_unicode") from None
    except csv.Error as fault:
        raise Unreadable(file, with_reason("table.no_csv", fault)) from None


def _separator(sample: str) -> str:
    """The sign that the first line with any has most of, outside of quotes."""
    for line in sample.splitlines():
        bare = "".join(line.split('"')[::2])
        most = max(_SEPARATORS, key=bare.count)
        if most in bare:
            return most
    return ","
