"""What narrows the officers' list: each filter as a condition."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String, cast, or_
from sqlalchemy.orm import InstrumentedAttribute, Session

from smartcity.core import clock
from smartcity.identity.permissions import Principal
from smartcity.reports.categories import choices
from smartcity.reports.desk.polygon import within
from smartcity.reports.desk.reporters import filed_from
from smartcity.reports.models import Report, coded

Condition = ColumnElement[bool]


def _overdue(wanted: bool) -> Condition:
    now = clock.now()
    return Report.due_at < now if wanted else or_(Report.due_at.is_(None), Report.due_at >= now)


def _category(wanted: Sequence[str]) -> Condition:
    """Categories with their subcategories."""
    below = (c.code for c in choices().categories.values() if c.parent in wanted)
    return Report.category.in_([*wanted, *below])


def _hint(wanted: str) -> Condition:
    return cast(Report.hints, String).contains(f'"{wanted}"', autoescape=True)


def _reopened(wanted: bool) -> Condition:
    return Report.reopenings > 0 if wanted else Report.reopenings == 0


def _waiting(column: InstrumentedAttribute[Any]) -> Callable[[bool], Condition]:
    """Whether something waits in a column for the centre."""
    return lambda wanted: column.is_not(None) if wanted else column.is_(None)


def _since(at: datetime) -> Condition:
    return Report.submitted_at >= at


def _until(at: datetime) -> Condition:
    return Report.submitted_at < at


FILTERS: dict[str, Callable[[Any], Condition]] = {
    "code": coded,
    "status": Report.status.in_,
    "category": _category,
    "area": Report.area.in_,
    "agency": Report.agency.in_,
    "urgent": Report.urgent.is_,
    "overdue": _overdue,
    "due_after": lambda at: Report.due_at >= at,
    "due_before": lambda at: Report.due_at < at,
    "extended": Report.extended.is_,
    "reopened": _reopened,
    "appealed": _waiting(Report.appealed_at),
    "extension_requested": _waiting(Report.extension_until),
    "question_proposed": _waiting(Report.proposed_question),
    "lane": lambda lane: Report.lane == lane,
    "channel": lambda channel: Report.channel == channel,
    "hint": _hint,
    "since": _since,
    "until": _until,
}


def narrowed(session: Session, officer: Principal, asked: Mapping[str, Any]) -> list[Condition]:
    """The conditions of what was asked; Forbidden for a number that is not his to search by."""
    given = {name: value for name, value in asked.items() if value is not None}
    conditions = [FILTERS[name](value) for name, value in given.items() if name in FILTERS]
    if "polygon" in given:
        conditions.append(within(session, given["polygon"], given.get("status", [])))
    if "phone" in given:
        conditions.append(filed_from(session, officer, given["phone"]))
    return conditions
