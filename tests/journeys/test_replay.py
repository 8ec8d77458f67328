"""A day of reports while the operations centre fails and the worker is killed: nothing is lost.

Input: the first rows of the shared reports_311.csv: 120, and on SQLite, which the same code serves
with one writer at a time, half of them; TEST_REPLAY=1000 asks for that many, whatever they cost.
Where that file is not at hand, rows of the same form that `cases` makes.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest
from flask import Flask

from smartcity.areas import service as areas
from smartcity.demo.client import wait_for
from smartcity.demo.replay import reports_in
from smartcity.reports.categories import category
from tests.journeys.cases import cases, made_cases
from tests.journeys.demonstration import (
    COMMAND,
    Demonstration,
    clean_env,
    left_running,
    running_demo,
)
from tests.journeys.records import Records

MANY = int(os.environ.get("TEST_REPLAY", "120"))
REPORTS = {"postgresql": MANY, "sqlite": MANY // 2}
EVERY = 5  # each such report is accepted and assigned by an officer
KILLS = (0.15, 0.4, 0.65)  # of the reports are accepted when the worker dies
RATE = 50  # reports a second
# Every second request: an error, an acceptance after the time-out, an acceptance nobody hears of.
FAULT = {"mode": "flaky", "rate": 0.5, "seconds": 20, "delay": 1.5}
PACE = {"JOB_LEASE": "3", "BREAKER_PROBE_EVERY": "1"}


@pytest.mark.timeout(240)
@pytest.mark.parametrize(("database_url", "reports"), REPORTS.items(), indirect=["database_url"])
def test_the_centre_holds_each_accepted_report_once_and_in_order(
    database_url: str, reports: int, tmp_path: Path
) -> None:
    rows, journal = cases(tmp_path, reports), tmp_path / "journal.jsonl"
    with (
        running_demo(tmp_path / "var", "--database-url", database_url, **PACE) as demo,
        closing(Records(database_url)) as records,
    ):
        of_the_story = len(demo.ioc.ask("GET", "/events"))
        abandoned = _file_move_and_kill(demo, records, rows, journal, reports)
        wait_for(records.is_quiet, seconds=90)

        accepted = {report["code"] for report in _accepted(journal)}
        events = demo.ioc.ask("GET", "/events")
        assert len(accepted) == reports
        assert {event["subject"] for event in events[of_the_story:]} == accepted
        assert len(events) == of_the_story + reports + 2 * (reports // EVERY)
        _assert_in_order(events)
        assert sorted(map(_identity, events)) == records.events_for_the_centre()
        assert records.delivered() == sorted(event["id"] for event in events)
        assert records.untold() == []
        assert records.dead_letters() == 0
        _assert_it_was_hard(abandoned, demo.ioc.ask("GET", "/stats"))
    assert demo.process.returncode == 0
    assert left_running(tmp_path) == []


def test_the_made_cases_are_reports_that_the_province_takes(in_app: Flask, tmp_path: Path) -> None:
    reports = [report for _, report in reports_in(made_cases(tmp_path / "made.csv", 1000))]
    assert len(reports) == 1000
    for report in reports:
        assert category(report["category"])
        assert areas.locate(report["latitude"], report["longitude"])


def _file_move_and_kill(
    demo: Demonstration, records: Records, rows: Path, journal: Path, reports: int
) -> list[int]:
    """How many deliveries each killed worker had in its hands."""
    with ThreadPoolExecutor(1) as pool, _replaying(rows, reports, journal, demo) as filing:
        wait_for(lambda: _accepted(journal))
        demo.ioc.ask("PUT", "/faults", FAULT)
        moving = pool.submit(_move_every_fifth, demo, journal, filing)
        wait_for(lambda: demo.ioc.ask("GET", "/stats")["failed_on_purpose"] > 1)
        abandoned = [_kill_worker(demo, records, journal, share * reports) for share in KILLS]
        assert filing.wait(120) == 0
        moving.result(60)
    return abandoned


@contextmanager
def _replaying(
    rows: Path, reports: int, journal: Path, demo: Demonstration
) -> Iterator[subprocess.Popen[bytes]]:
    options = {"--rate": RATE, "--limit": reports, "--journal": journal, "--site": demo.site_file}
    words = [str(word) for option in options.items() for word in option]
    filing = subprocess.Popen([*COMMAND, "replay", str(rows), *words], env=clean_env())
    try:
        yield filing
    finally:
        filing.kill()
        filing.wait()


def _accepted(journal: Path) -> list[dict[str, str]]:
    """The reports that the API has told a citizen to have."""
    whole, _, _ = journal.read_text("utf-8").rpartition("\n") if journal.exists() else ("", "", "")
    return [json.loads(line) for line in whole.splitlines()]


def _move_every_fifth(demo: Demonstration, journal: Path, filing: subprocess.Popen[bytes]) -> None:
    """Accept and assign reports as they come, until the last."""
    desk, seen = demo.desk("ioc_operator"), 0
    while filing.poll() is None or seen < len(_accepted(journal)):
        for number, report in enumerate(_accepted(journal)[seen:], start=seen):
            if number % EVERY == 0:
                desk.move(report["id"], "acceptance")
                desk.move(report["id"], "assignment", agency="so-xay-dung")
            seen = number + 1
        time.sleep(0.05)


def _kill_worker(demo: Demonstration, records: Records, journal: Path, after: float) -> int:
    """Kill it with -9 once so many reports are accepted, with deliveries in its hands."""
    wait_for(lambda: len(_accepted(journal)) >= after, seconds=90)
    return wait_for(lambda: _killed_at_work(demo, records), seconds=60)


def _killed_at_work(demo: Demonstration, records: Records) -> int:
    """The deliveries that it held; 0 when it held none and lives on."""
    worker = demo.child("smartcity.cli", "worker")
    if worker is None:
        return 0
    try:
        worker.suspend()
        time.sleep(0.05)  # PostgreSQL ends what it was asked before
        held = records.held_by(worker.pid)
        if held:
            worker.kill()
        else:
            worker.resume()
    except psutil.NoSuchProcess:  # the one that was killed before, whose end was not yet seen
        return 0
    return held


def _assert_in_order(events: list[dict[str, Any]]) -> None:
    sequences = defaultdict(list)
    for event in events:
        sequences[event["subject"]].append(int(event["sequence"]))
    for subject, came in sequences.items():
        assert came == list(range(1, len(came) + 1)), subject


def _identity(event: dict[str, Any]) -> tuple[str, str, int]:
    return event["id"], event["subject"], int(event["sequence"])


def _assert_it_was_hard(abandoned: list[int], stats: dict[str, int]) -> None:
    """Faults and kills met work, and cost the centre repeats only."""
    print(f"deliveries held by the killed workers: {abandoned}; the centre: {stats}")
    assert len(abandoned) == len(KILLS)
    assert all(abandoned)
    assert stats["failed_on_purpose"] > 0
    assert stats["duplicates"] > 0
    assert (stats["stale"], stats["refused"], stats["bad_signature"]) == (0, 0, 0)
