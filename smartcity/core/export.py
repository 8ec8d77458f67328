"""Officers' lists as files: read a page at a time, so they take the same memory at any length."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from flask import Response, stream_with_context
from sqlalchemy.orm import Session

from smartcity.core.db import reading
from smartcity.core.paging import Page
from smartcity.core.spreadsheet import BOM, csv_text

BATCH, MOST = 1_000, 100_000  # rows
Listed = Callable[[Session, Mapping[str, Any]], Page[Any]]
Cells = Callable[[Any], Sequence[object]]


def list_lines(
    headings: Sequence[str], listed: Listed, asked: Mapping[str, Any], cells: Cells
) -> Iterator[str]:
    """A list as CSV, piece by piece, 100,000 rows at most; `listed` gives a page of it."""
    yield BOM + csv_text([headings])
    cursor: str | None = None
    for _ in range(MOST // BATCH):
        with reading() as session:
            page = listed(session, {**asked, "limit": BATCH, "cursor": cursor})
        yield csv_text(map(cells, page.items))
        cursor = page.next_cursor
        if cursor is None:
            return


def csv_file(name: str, lines: Iterable[str]) -> Response:
    """An answer that is saved as the file `name`, sent as its lines are made."""
    named = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    content = stream_with_context(iter(lines))
    return Response(content, headers=named, content_type="text/csv; charset=utf-8")
