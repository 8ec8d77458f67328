"""Median and ninetieth percentile of the hours that reports took.

PostgreSQL computes them beside the counts; SQLite has no such aggregate: there they are picked from
the sorted hours by a statement of their own, and interpolated alike.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Double, Select, and_, cast, extract, func, or_, select

from smartcity.reports.models import Report
from smartcity.reports.workflow import Status

DONE = (Status.RESOLVED, Status.CLOSED)
QUANTILES = {"median_hours": 0.5, "p90_hours": 0.9}
_TAKEN = and_(Report.status.in_(DONE), Report.resolved_at.is_not(None))
_SECONDS = extract("epoch", Report.resolved_at - Report.submitted_at)


def aggregates() -> dict[str, ColumnElement[float]]:
    """The quantiles as columns of a grouped statement on PostgreSQL."""
    hours = cast(_SECONDS, Double) / 3600.0
    return {
        name: func.percentile_cont(share).within_group(hours).filter(_TAKEN)
        for name, share in QUANTILES.items()
    }


def ranked(query: Select[Report], key: ColumnElement[Any]) -> Select[Any]:
    """Of each key's reports in the order of their hours, those around a quantile, for SQLite."""
    hours = (func.julianday(Report.resolved_at) - func.julianday(Report.submitted_at)) * 24.0
    place = func.row_number().over(partition_by=key, order_by=hours) - 1
    last = func.count().over(partition_by=key) - 1
    columns = key.label("key"), place.label("place"), last.label("last"), hours.label("hours")
    found = query.where(_TAKEN).with_only_columns(*columns).subquery().c
    near = (func.abs(found.place - share * found.last) <= 1 for share in QUANTILES.values())
    return select(found.key, found.place, found.last, found.hours).where(or_(*near))


def picked(rows: Any) -> dict[Any, dict[str, float]]:
    """The quantiles by key, from the rows of `ranked`."""
    places: dict[Any, dict[int, float]] = defaultdict(dict)
    ends: dict[Any, int] = {}
    for key, place, last, hours in rows:
        places[key][place], ends[key] = hours, last
    return {
        key: {name: _between(hours, share * ends[key]) for name, share in QUANTILES.items()}
        for key, hours in places.items()
    }


def _between(hours: Mapping[int, float], position: float) -> float:
    """The value at a position between two places."""
    lower = int(position)
    upper = hours.get(lower + 1, hours[lower])
    return hours[lower] + (position - lower) * (upper - hours[lower])
