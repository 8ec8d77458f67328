"""Any file that brings procedures, by its name's ending."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from smartcity.catalogue.exchange.columns import Columns
from smartcity.catalogue.exchange.reading.drafts import Piece
from smartcity.catalogue.exchange.reading.structured import json_pieces, yaml_pieces
from smartcity.catalogue.exchange.reading.tables import table_pieces
from smartcity.catalogue.exchange.reading.xlsx_rows import xlsx_pieces
from smartcity.core.datafile import BadFile
from smartcity.core.tables.csv_rows import csv_rows

_LARGEST = 200 * 1024 * 1024  # bytes


def pieces(file: Path, columns: Columns) -> Iterator[Piece]:
    """What a file brings, in its order. Raises BadFile, at the latest at the file's end."""
    reader = _READERS.get(file.suffix.lower())
    if reader is None:
        raise BadFile(file, [f"must end in one of {', '.join(_READERS)}"])
    if file.stat().st_size > _LARGEST:
        raise BadFile(file, [f"it is over {_LARGEST >> 20} MB"])
    return reader(file, columns)


_READERS: Mapping[str, Callable[[Path, Columns], Iterator[Piece]]] = MappingProxyType(
    {
        ".json": lambda file, _columns: json_pieces(file),
        ".yaml": lambda file, _columns: yaml_pieces(file),
        ".csv": lambda file, columns: table_pieces(file, csv_rows(file), columns),
        ".xlsx": xlsx_pieces,
    }
)
