"""Records put aside on the disk while a file is compared: by the thousand they fill the memory."""

import tempfile
from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any

import orjson

Record = Mapping[str, Any]


class Packed(MutableMapping[str, Record]):
    """Records by key, in the order in which they came; gone when nobody holds them."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 – closed with this object
        self._places: dict[str, tuple[int, int]] = {}

    def __setitem__(self, key: str, record: Record) -> None:
        written = orjson.dumps(record)
        self._places[key] = self._file.seek(0, 2), len(written)
        self._file.write(written)

    def __getitem__(self, key: str) -> Record:
        place, length = self._places[key]
        self._file.seek(place)
        found: Record = orjson.loads(self._file.read(length))
        return found

    def __delitem__(self, key: str) -> None:
        del self._places[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)
