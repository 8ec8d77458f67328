"""The officers' list as a file: read a batch at a time, so it takes the same memory at any length.

Nobody's number or name is in it.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy.orm import Session

from smartcity.areas import service as areas
from smartcity.audit import service as audit
from smartcity.core import clock
from smartcity.core.export import list_lines
from smartcity.core.texts import text
from smartcity.identity.permissions import Principal
from smartcity.reports.desk.listing import listed
from smartcity.reports.models import Report

_PLAIN = ("code", "category", "description", "address", "latitude", "longitude", "agency")
_COURSE = ("channel", "urgent", "extended", "returns", "reopenings", "verdict")
_TIMES = ("submitted_at", "accepted_at", "resolved_at", "due_at")
COLUMNS = (*_PLAIN, "area", "status", "overdue", *_COURSE, *_TIMES)


def begin(session: Session, officer: Principal, filters: Mapping[str, Any]) -> None:
    """Record that an officer takes the list, and what narrows it."""
    told = {name: value for name, value in filters.items() if name not in ("q", "code")}
    audit.record_export(session, officer.key, "report", told)


def lines(officer: Principal, asked: Mapping[str, Any]) -> Iterator[str]:
    """The file piece by piece, 100,000 reports at most."""
    headings = [text(f"report.column.{name}") for name in COLUMNS]
    return list_lines(headings, lambda session, page: listed(session, officer, page), asked, _cells)


def _cells(report: Report) -> list[object]:
    ward = areas.reference().areas.get(report.area)
    overdue = report.due_at is not None and report.due_at < clock.now()
    plain, course, times = (
        [getattr(report, name) for name in names] for names in (_PLAIN, _COURSE, _TIMES)
    )
    status = text(f"report.status.{report.status}")
    when = [at and at.astimezone(clock.LOCAL).isoformat(timespec="seconds") for at in times]
    return [*plain, ward.name_vi if ward else report.area, status, overdue, *course, *when]
