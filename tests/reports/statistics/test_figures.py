"""The figures by SQL are those that a plain count gives, on both databases."""

from __future__ import annotations

import statistics
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from smartcity.core import clock
from smartcity.core.db import reading
from smartcity.reports.models import Report
from smartcity.reports.statistics.figures import Figures, counted_once, figures, narrowed
from smartcity.reports.statistics.period import Period
from tests.reports.statistics.given import HOUR, NOW, STATUSES, many, put, report

YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
KEYS = {
    None: lambda _: None,
    "category": lambda r: r["category"].partition(".")[0],
    "area": lambda r: r["area"],
    "agency": lambda r: r["agency"],
    "month": lambda r: (r["submitted_at"] + timedelta(hours=7)).strftime("%Y-%m"),
}


def found(
    app: Flask,
    group: str | None,
    *,
    period: Period = YEAR,
    of_agencies: bool = False,
    **asked: str,
) -> dict[Any, Figures]:
    with clock.frozen(NOW), app.app_context(), reading() as session:
        query = counted_once(narrowed(select(Report), period, asked), of_agencies)
        return figures(session, query, group)


def plainly(reports: list[dict[str, Any]]) -> dict[str, Any]:
    """The figures by the words of decision 0015, one report at a time."""
    is_open = [r for r in reports if r["status"] in STATUSES[:9]]
    resolved = [r for r in reports if r["status"] in ("resolved", "closed")]
    limited = [r for r in resolved if r["resolve_due_at"]]
    hours = sorted((r["resolved_at"] - r["submitted_at"]) / HOUR for r in resolved)
    counts = {
        "received": len(reports),
        "open": len(is_open),
        "overdue": sum(r["due_at"] < NOW for r in is_open if r["due_at"]),
        "resolved": len(resolved),
        "on_time": sum(r["resolved_at"] <= r["resolve_due_at"] for r in limited),
        "late": sum(r["resolved_at"] > r["resolve_due_at"] for r in limited),
        "reopened": sum(r["reopenings"] > 0 for r in reports),
        "median_hours": pytest.approx(statistics.median(hours), abs=0.006) if hours else None,
        "p90_hours": pytest.approx(_p90(hours), abs=0.006) if hours else None,
    }
    named = {"rejected": "rejected", "duplicates": "duplicate", "withdrawn": "withdrawn"}
    counts |= {n: sum(r["status"] == s for r in reports) for n, s in named.items()}
    verdicts = ("satisfied", "accepted", "dissatisfied")
    return counts | {f"rated_{v}": sum(r["verdict"] == v for r in reports) for v in verdicts}


def _p90(hours: list[float]) -> float:
    if len(hours) == 1:
        return hours[0]
    return statistics.quantiles(hours, n=10, method="inclusive")[8]


@pytest.mark.parametrize("group", KEYS)
def test_they_are_those_of_a_plain_count(app: Flask, group: str | None) -> None:
    reports = many(400)
    put(app, *reports)
    groups = defaultdict(list)
    for r in reports:
        groups[KEYS[group](r)].append(r)
    told = found(app, group)
    assert told.keys() == groups.keys()
    for key, of_group in groups.items():
        assert vars(told[key]) == plainly(of_group), key
        assert _ends(told[key]) == told[key].received


def _ends(f: Figures) -> int:
    return f.open + f.resolved + f.rejected + f.duplicates + f.withdrawn


def test_a_period_is_of_local_days(app: Flask) -> None:
    last_of_may = datetime(2026, 5, 31, 16, 59, 59, tzinfo=UTC)
    put(
        app,
        report(submitted_at=last_of_may),
        report(submitted_at=last_of_may + timedelta(seconds=1)),
    )
    may = Period(date(2026, 5, 1), date(2026, 5, 31))
    june = Period(date(2026, 6, 1), date(2026, 6, 1))
    assert {k: f.received for k, f in found(app, "month").items()} == {"2026-05": 1, "2026-06": 1}
    assert found(app, None, period=may)[None].received == 1
    assert found(app, None, period=june)[None].received == 1


def test_a_limit_counts_to_its_last_moment(app: Flask) -> None:
    at = NOW - 100 * HOUR
    second = timedelta(seconds=1)
    put(
        app,
        report(submitted_at=at, resolve_due_at=at + HOUR, resolved_at=at + HOUR),
        report(submitted_at=at, resolve_due_at=at + HOUR, resolved_at=at + HOUR + second),
        report(status="assigned", due_at=NOW),
        report(status="assigned", due_at=NOW - second),
        report(status="rejected", due_at=NOW - second),
    )
    told = found(app, None)[None]
    assert (told.on_time, told.late, told.open, told.overdue) == (1, 1, 2, 1)
    assert told.on_time_share == pytest.approx(1 / 3, abs=1e-4)


def test_a_split_report_is_one_case_and_the_work_of_each_part(app: Flask) -> None:
    whole = report(status="in_progress", agency="ioc")
    put(app, whole)
    put(
        app,
        report(part_of=whole["id"], agency="so-xay-dung"),
        report(part_of=whole["id"], agency="chieu-sang"),
        report(agency="chieu-sang"),
    )
    assert found(app, None)[None].received == 2
    work = found(app, "agency", of_agencies=True)
    assert {k: f.received for k, f in work.items()} == {"so-xay-dung": 1, "chieu-sang": 2}


def test_filters_narrow_the_figures(app: Flask) -> None:
    put(
        app,
        report(category="traffic_infra.pothole"),
        report(category="noise", area="10532"),
        report(agency="chieu-sang"),
    )
    received = {
        ("category", "traffic_infra"): 2,
        ("category", "traffic_infra.pothole"): 1,
        ("category", "unheard"): None,
        ("area", "10532"): 1,
        ("agency", "chieu-sang"): 1,
    }
    for (name, value), count in received.items():
        told = found(app, None, **{name: value})[None]
        assert told.received == (count or 0), name
    assert told.median_hours == 10.0
