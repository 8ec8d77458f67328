"""The archive: one JSON file a kind of data, the photos, and a page that explains them.

Written as it is read, so that its size is bounded by the disk and not by memory.
"""

import json
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from smartcity.core import clock
from smartcity.core.clock import LOCAL
from smartcity.core.db import reading
from smartcity.core.texts import LANGUAGES, text
from smartcity.media import service as media
from smartcity.privacy.holdings import HOLDINGS, Holding, key_of

_PHOTOS_BETWEEN = 10  # signs of life


def write(file: IO[bytes], citizen_id: uuid.UUID, tell: Callable[[int], None]) -> None:
    """Write a citizen's archive; `tell` hears the percentage done, often enough for a lease."""
    told = [holding for holding in HOLDINGS if holding.told]
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", _readme(told))
        for done, holding in enumerate(told):
            tell(80 * done // len(told))
            with archive.open(f"{holding.name}.json", "w", force_zip64=True) as entry:
                _write_rows(entry, holding, citizen_id)
        for done, photo in enumerate(_photos(citizen_id)):
            if done % _PHOTOS_BETWEEN == 0:
                tell(90)
            found = media.content_of(photo)
            if found:
                archive.writestr(f"photos/{found[0]}", found[1], ZIP_STORED)


def _write_rows(entry: IO[bytes], holding: Holding, citizen_id: uuid.UUID) -> None:
    assert holding.told
    between = b"["
    with reading() as session:
        for row in holding.told(session, citizen_id):
            entry.write(between + b"\n" + _encoded(row))
            between = b","
    entry.write(b"\n]\n" if between == b"," else b"[]\n")


def _photos(citizen_id: uuid.UUID) -> Iterator[dict[str, Any]]:
    """His photos, known before the first is fetched: fetching takes long."""
    with reading() as session:
        return iter(list(media.held_photos(session, key_of(citizen_id))))


def _encoded(row: dict[str, Any]) -> bytes:
    return json.dumps(row, ensure_ascii=False, indent=1, default=_plain).encode()


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(LOCAL).isoformat(timespec="seconds")
    return str(value)


def _readme(told: list[Holding]) -> str:
    made = clock.now().astimezone(LOCAL).strftime("%d/%m/%Y %H:%M")
    pages = []
    for language in LANGUAGES:
        lines = [f"{h.name}.json – {text(f'holding.{h.name}', language)}" for h in told]
        lines.append(f"photos/ – {text('export.photos', language)}")
        pages.append(text("export.readme", language, made=made, files="\n".join(lines)))
    return "\n\n".join(pages) + "\n"
