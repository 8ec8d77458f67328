"""The route by which officers bring a file of records; every kind has it."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from flask import request

from smartcity.core.context import settings
from smartcity.core.db import reading, transaction
from smartcity.core.errors import Invalid, TooLarge
from smartcity.core.tables.unreadable import Unreadable
from smartcity.core.texts import filled
from smartcity.core.web import Blueprint
from smartcity.identity.permissions import permit, principal
from smartcity.registers.exchange.applying import Import, apply, import_of
from smartcity.registers.exchange.columns import FILE, read_columns
from smartcity.registers.exchange.comparing import Difference, compared
from smartcity.registers.exchange.drafts import Piece
from smartcity.registers.exchange.reading import pieces
from smartcity.registers.exchange.schemas import RegisterComparisonOut, RegisterFileIn
from smartcity.registers.exchange.telling import changes_of
from smartcity.registers.kind import Kind

LARGEST = 5 * 1024 * 1024  # bytes
MOST = 5_000  # records: what a request has time for
_SHOWN = 200


def importing(blp: Blueprint, kind: Kind) -> None:
    """Give a kind's desk the route that takes a file."""

    @blp.before_request
    def take_files() -> None:
        if request.endpoint == f"{blp.name}.brought":
            request.max_content_length = LARGEST + 64 * 1024

    def brought(asked: dict[str, Any]) -> dict[str, Any]:
        """Nhập từ tệp: what a file would change; with `apply` it does, whole or not at all."""
        with _kept(asked["file"]) as file:
            named = import_of(file, asked["file"].filename, asked["reason"])
            found = _compared(kind, file)
        applied = asked["apply"] and not found.refused
        if applied:
            with transaction() as session:
                apply(session, kind, principal(), found, named)
        return {"applied": applied, **_told(found, named)}

    brought.__name__ = f"import_{kind.many}"
    view = blp.response(200, RegisterComparisonOut)(brought)
    view = blp.arguments(RegisterFileIn, location="files")(view)
    view = permit(kind.manage)(blp.problems(400, 401, 403, 409, 413, 422)(view))
    blp.route(f"/{kind.path}/import", methods=["POST"], endpoint="brought")(view)


@contextmanager
def _kept(upload: Any) -> Iterator[Path]:
    """The upload as a file of the same ending, while it is read."""
    ending = Path(upload.filename or "").suffix.lower()[:10]
    with tempfile.NamedTemporaryFile(suffix=ending) as kept:
        upload.save(kept)
        if kept.tell() > LARGEST:
            raise TooLarge("register.import.too_large")
        kept.flush()
        yield Path(kept.name)


def _compared(kind: Kind, file: Path) -> Difference:
    columns = read_columns(settings().province_dir / FILE, kind)
    try:
        with reading() as session:
            return compared(session, kind, _limited(pieces(file, columns)), columns)
    except Unreadable as fault:
        raise Invalid(file=fault.fault) from None


def _limited(found: Iterator[Piece]) -> Iterator[Piece]:
    yield from islice(found, MOST)
    if next(found, None) is not None:
        raise Invalid(file=filled("register.import.too_many", most=MOST))


def _told(found: Difference, named: Import) -> dict[str, Any]:
    return {
        "sha256": named.digest,
        **found.counts,
        "coming": [_coming(found, key) for key in islice(found.coming, _SHOWN)],
        "refusals": found.refused[:_SHOWN],
        "remarks": [*found.twins, *found.remarks][:_SHOWN],
    }


def _coming(found: Difference, key: str) -> dict[str, Any]:
    told = {"line": found.lines[key], "key": key, "title": found.coming[key]["title"]}
    return {**told, "new": key not in found.changes, "changes": changes_of(found, key)}
