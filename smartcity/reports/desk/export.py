"""The officers' list as a file: read a batch at a time, so it takes the same memory at any length.

Nobody's number or name is in it.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy.orm import Session

from smartcity.areas import service as areas
from smartcity.audit import service as audit
from smartcity.core import clock
from smartcity.core.db import reading
from smartcity.core.spreadsheet import BOM, csv_text
from smartcity.core.texts import text
from smartcity.identity.permissions import Principal
from smartcity.reports.desk.listing import listed
from smartcity.reports.models import Report

BATCH, MOST = 1_000, 100_000  # rows
_PLAIN = ("code", "category", "description", "address", "latitude", "longitude", "agency")
_COURSE = ("channel", "urgent", "extended", "returns", "reopenings", "verdict")
_TIMES = ("submitted_at", "accepted_at", "resolved_at", "due_at")
COLUMNS = (*_PLAIN, "area", "status", "overdue", *_COURSE, *_TIMES)


def begin(session: Session, officer: Principal, filters: Mapping[str, Any]) -> None:
    """Record that an officer takes the list, and what narrows it."""
    shown = {name: str(value) for name, value in filters.items() if name not in ("q", "code")}
    audit.record(session, officer.key, "report.export", ("report", None), filters=shown)


def lines(officer: Principal, asked: Mapping[str, Any]) -> Iterator[str]:
    """The file piece by piece, 100,000 reports at most."""
    yield BOM + csv_text([[text(f"report.column.{name}") for name in COLUMNS]])
    cursor: str | None = None
    for _ in range(MOST // BATCH):
        with reading() as session:
            page = listed(session, officer, {**asked, "limit": BATCH, "cursor": cursor})
        yield csv_text(map(_cells, page.items))
        cursor = page.next_cursor
        if cursor is None:
            return


def _cells(report: Report) -> list[object]:
    ward = areas.reference().areas.get(report.area)
    overdue = report.due_at is not None and report.due_at < clock.now()
    plain, course, times = (
        [getattr(report, name) for name in names] for names in (_PLAIN, _COURSE, _TIMES)
    )
    status = text(f"report.status.{report.status}")
    when = [at and at.astimezone(clock.LOCAL).isoformat(timespec="seconds") for at in times]
    return [*plain, ward.name_vi if ward else report.area, status, overdue, *course, *when]
