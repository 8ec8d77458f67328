"""The one definition of the figures over reports, for the public and for officers alike.

Decision 0015 says which reports count where. A figure is about the reports submitted in a period,
as they stand now.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    cast,
    func,
    literal_column,
    null,
    select,
    true,
)
from sqlalchemy.orm import Session, aliased

from smartcity.core import clock
from smartcity.core.db import is_sqlite
from smartcity.reports.categories import CategoryRow, choices
from smartcity.reports.models import Report
from smartcity.reports.statistics.period import Period
from smartcity.reports.statistics.quantiles import DONE, QUANTILES, aggregates, picked, ranked
from smartcity.reports.workflow import Status

GROUPS = ("category", "area", "agency", "month")
ENDED = (*DONE, Status.REJECTED, Status.DUPLICATE, Status.WITHDRAWN)
# Written out, since PostgreSQL must see the same expression in SELECT and GROUP BY. SQLite knows no
# zones; Vietnam has had this offset since 1975.
_MONTH: ColumnElement[str] = literal_column(
    "to_char(reports.submitted_at AT TIME ZONE 'Asia/Ho_Chi_Minh', 'YYYY-MM')"
)
_MONTH_SQLITE: ColumnElement[str] = literal_column(
    "strftime('%Y-%m', reports.submitted_at, '+7 hours')"
)


@dataclass(frozen=True)
class Figures:
    """What became of some reports; hours run from submission to the last resolution.

    received = open + resolved + rejected + duplicates + withdrawn.
    """

    received: int = 0
    open: int = 0
    overdue: int = 0
    resolved: int = 0
    on_time: int = 0
    late: int = 0
    rejected: int = 0
    duplicates: int = 0
    withdrawn: int = 0
    reopened: int = 0
    rated_satisfied: int = 0
    rated_accepted: int = 0
    rated_dissatisfied: int = 0
    median_hours: float | None = None
    p90_hours: float | None = None

    @property
    def on_time_share(self) -> float | None:
        """Of the reports resolved or overdue, those resolved in time; None when there are none."""
        return _share(self.on_time, self.on_time + self.late + self.overdue)

    @property
    def satisfied_share(self) -> float | None:
        """Of the ratings, those that are `satisfied`; None when there are none."""
        rated = self.rated_satisfied + self.rated_accepted + self.rated_dissatisfied
        return _share(self.rated_satisfied, rated)

    def told(self) -> dict[str, Any]:
        """All of it by name."""
        shares = {"on_time_share": self.on_time_share, "satisfied_share": self.satisfied_share}
        return {**asdict(self), **shares}


def narrowed(query: Select[Report], period: Period, asked: Mapping[str, Any]) -> Select[Report]:
    """The reports of a query that were submitted in a period and fit the filters."""
    query = query.where(Report.submitted_at >= period.start, Report.submitted_at < period.end)
    if asked.get("category"):
        query = query.where(Report.category.in_(_family(asked["category"])))
    for name in ("area", "agency"):
        if asked.get(name):
            query = query.where(getattr(Report, name) == asked[name])
    return query


def counted_once(query: Select[Report], of_agencies: bool) -> Select[Report]:
    """A report that was split counts as one case, or by its parts.

    To the citizen it is one; `of_agencies` it is the work of each that has a part.
    """
    if not of_agencies:
        return query.where(Report.part_of.is_(None))
    part = aliased(Report)
    return query.where(~select(part.id).where(part.part_of == Report.id).exists())


def figures(session: Session, query: Select[Report], group: str | None) -> dict[Any, Figures]:
    """The figures of a query's reports by category, area, agency or month; None: of all, at None.

    The key of those that no agency was given yet is None. A subcategory counts for its category.
    """
    sqlite = is_sqlite(session)
    key = _key(group, sqlite)
    columns: dict[str, ColumnElement[Any]] = {
        name: func.count().filter(c) for name, c in _conditions().items()
    }
    if group == "category":
        query = query.outerjoin(CategoryRow, CategoryRow.code == Report.category)
    if not sqlite:
        columns |= aggregates()
    labelled = (column.label(name) for name, column in columns.items())
    counts = query.with_only_columns(key.label("key"), *labelled)
    found = session.execute(counts.group_by(key) if group else counts).mappings().all()
    hours = picked(session.execute(ranked(query, key))) if sqlite else {}
    return {row["key"]: _figures({**row, **hours.get(row["key"], {})}) for row in found}


def _figures(row: dict[str, Any]) -> Figures:
    hours = {name: row.get(name) for name in QUANTILES}
    rounded = {name: value if value is None else round(value, 2) for name, value in hours.items()}
    return Figures(**{**{name: row[name] for name in _conditions()}, **rounded})


def _conditions() -> dict[str, ColumnElement[bool]]:
    status, resolved = Report.status, Report.status.in_(DONE)
    return {
        "received": true(),
        "open": status.not_in(ENDED),
        "overdue": and_(status.not_in(ENDED), Report.due_at < clock.now()),
        "resolved": resolved,
        "on_time": and_(resolved, Report.resolved_at <= Report.resolve_due_at),
        "late": and_(resolved, Report.resolved_at > Report.resolve_due_at),
        "rejected": status == Status.REJECTED,
        "duplicates": status == Status.DUPLICATE,
        "withdrawn": status == Status.WITHDRAWN,
        "reopened": Report.reopenings > 0,
        "rated_satisfied": Report.verdict == "satisfied",
        "rated_accepted": Report.verdict == "accepted",
        "rated_dissatisfied": Report.verdict == "dissatisfied",
    }


def _key(group: str | None, sqlite: bool) -> ColumnElement[Any]:
    match group:
        case None:
            return cast(null(), String)
        case "category":
            return func.coalesce(CategoryRow.parent, Report.category)
        case "month":
            return _MONTH_SQLITE if sqlite else _MONTH
    column: ColumnElement[Any] = getattr(Report, group)
    return column


def _family(category: str) -> Iterable[str]:
    """A category with its subcategories, inactive ones too."""
    children = (c.code for c in choices().categories.values() if c.parent == category)
    return [category, *children]


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
