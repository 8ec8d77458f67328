"""A year of reports through filing, routing, moves and closing: the figures are those of the file.

`year_figures` says what is done with a case, and counts on its own. Input: the shared
reports_311.csv, all of it where TEST_WHOLE_YEAR is set, else every tenth row, which saves most of a
minute; and always 300 rows of the same form that are made here.
"""

from __future__ import annotations

import csv
import os
import random
import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from smartcity.core import clock
from smartcity.core.clock import LOCAL
from smartcity.core.db import transaction
from smartcity.demo.replay import reports_in
from smartcity.identity import citizens
from smartcity.identity.permissions import SYSTEM, Principal, Role
from smartcity.reports import service
from smartcity.reports.handling import ratings
from smartcity.reports.handling.told import Told
from tests.conftest import shared_data
from tests.helpers import Headers
from tests.journeys import year_figures
from tests.journeys.cases import KINDS, STREETS

CENTRE = Principal(Role.OPERATIONS_CENTRE, "year")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TOGETHER = 200  # cases in one transaction
VERDICTS = {4: "accepted", 5: "dissatisfied", 6: "dissatisfied"} | dict.fromkeys(
    range(4), "satisfied"
)
REFUSAL = Told(reason="unclear_content", public_text="Nội dung chưa rõ.")
RESULT = Told(public_text="Đã xử lý xong.")
Case = dict[str, str]


def test_made_cases_end_as_their_file_says(
    in_app: Flask, client: FlaskClient, lead: Headers, tmp_path: Path
) -> None:
    _assert_replayed(made_year(tmp_path / "made_311.csv", 300), client, lead)


@pytest.mark.timeout(280)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_year_of_real_cases_ends_as_its_file_says(
    in_app: Flask, client: FlaskClient, lead: Headers, tmp_path: Path
) -> None:
    shared = shared_data()
    if shared is None or not (shared / "reports_311.csv").is_file():
        pytest.skip("reports_311.csv is not at hand")
    file = shared / "reports_311.csv"
    if not os.environ.get("TEST_WHOLE_YEAR"):
        lines = file.read_text("utf-8").splitlines(keepends=True)
        file = tmp_path / file.name
        file.write_text("".join([lines[0], *lines[1::10]]), "utf-8")
    _assert_replayed(file, client, lead)


def _assert_replayed(file: Path, client: FlaskClient, lead: Headers) -> None:
    with file.open(newline="", encoding="utf-8") as lines:
        _replay(zip(csv.DictReader(lines), reports_in(file), strict=True))
    now = clock.now()
    for group, counted in year_figures.figures(file, now).items():
        told = _told(client, lead, group)
        assert told.keys() == counted.keys(), group
        for key, wanted in counted.items():
            hours = pytest.approx(wanted["median_hours"], abs=0.006)  # ours are rounded
            same = {name: told[key][name] for name in wanted}
            assert same == {**wanted, "median_hours": hours}, (group, key)


def _told(client: FlaskClient, lead: Headers, group: str) -> dict[str, Any]:
    path = f"/api/v1/officer/statistics?group={group}&since=2026-01-01&until=2026-12-31"
    answer = client.get(path, headers=lead)
    assert answer.status_code == 200, answer.json
    return {item["key"]: item for item in answer.json["items"]}


def _replay(cases: Iterator[tuple[Case, tuple[str, dict[str, Any]]]]) -> None:
    with transaction() as session:
        people = [citizens.enrol(session, f"+849870{n:05d}") for n in range(20)]
    while some := list(islice(cases, TOGETHER)):
        with transaction() as session:
            for case, (number, report) in some:
                reporter = Principal(Role.CITIZEN, str(people[int(number) % len(people)]))
                _live(session, case, report, reporter)


def _live(session: Session, case: Case, asked: dict[str, Any], reporter: Principal) -> None:
    """One case from its opening to its end."""
    n, opened = int(case["CASE_ENQUIRY_ID"]), _local(case["OPEN_DT"])
    told = {**asked, "urgent": n % 20 == 0, "anonymous": False, "media_ids": []}
    with clock.frozen(opened):
        report, _ = service.submit(session, reporter, told)
    # From now on its row is the database's; the statement that wrote it knows no objects.
    course = _Course(session, report.id, reporter)
    if case["CASE_STATUS"] == "Open":
        unit = Told(agency=report.suggested_agency)
        steps = [("accept", Told()), ("assign", unit), ("start", Told())]
        return course.go(opened + HOUR, steps[: (0, 2, 3)[n % 3]])
    closed = max(opened, _local(case["CLOSED_DT"]))
    course.go(min(opened + HOUR, opened + (closed - opened) / 2), [("accept", Told())])
    if "duplicate" in case["CLOSURE_REASON"].lower():
        return course.go(closed, [("mark_duplicate", RESULT)])
    if "invalid" in case["CLOSURE_REASON"].lower():
        return course.go(closed, [("reject", REFUSAL)])
    course.resolve(closed, report.suggested_agency)
    return course.be_rated(closed, n % 10, report.suggested_agency)


class _Course:
    """The steps of one report, each at its time."""

    def __init__(self, session: Session, report_id: uuid.UUID, reporter: Principal) -> None:
        self._session, self._id, self._reporter = session, report_id, reporter

    def go(
        self, at: datetime, steps: Iterable[tuple[str, Told]], actor: Principal = CENTRE
    ) -> None:
        with clock.frozen(at):
            for name, told in steps:
                service.move(self._session, actor, self._id, name, told=told)

    def resolve(self, at: datetime, agency: str | None) -> None:
        begun = [("assign", Told(agency=agency)), ("start", Told()), ("propose_result", RESULT)]
        self.go(at, [*begun, ("approve_result", Told()), ("resolve", Told())])

    def be_rated(self, resolved: datetime, digit: int, agency: str | None) -> None:
        """As the citizen of a case finds its result; nobody in particular finds the others'."""
        if digit not in VERDICTS:
            return self.go(resolved + 7 * DAY + HOUR, [("close", Told())], SYSTEM)
        self._rate(resolved + DAY, VERDICTS[digit], reopen=digit == 6)
        if digit == 6:
            self.resolve(resolved + 3 * DAY, agency)
            self._rate(resolved + 4 * DAY, "satisfied")
        return None

    def _rate(self, at: datetime, verdict: str, *, reopen: bool = False) -> None:
        asked = {"verdict": verdict, "reopen": reopen, "comment": "Chưa xong." if reopen else None}
        with clock.frozen(at):
            ratings.rate(self._session, self._reporter, self._id, asked)


def _local(written: str) -> datetime:
    at = datetime.strptime(written, "%m/%d/%Y %I:%M:%S %p")
    return at.replace(year=at.year + 11, tzinfo=LOCAL)


def made_year(file: Path, count: int) -> Path:
    """A file of a year's made cases, always the same ones."""
    dice = random.Random(1022)
    reasons = ("Case Resolved", "Case Resolved", "Duplicate of Existing Case", "Case Invalid")
    with file.open("w", newline="", encoding="utf-8") as made:
        rows = csv.DictWriter(made, _COLUMNS)
        rows.writeheader()
        for number in range(count):
            opened = datetime(2015, 1, 1) + timedelta(seconds=dice.randrange(364 * 86_400))
            closed = opened + timedelta(minutes=int(dice.expovariate(1 / 3000)))
            is_open = dice.random() < 0.2
            values = (
                101009000000 + number,
                f"{opened:%m/%d/%Y %I:%M:%S %p}",
                "" if is_open else f"{closed:%m/%d/%Y %I:%M:%S %p}",
                "Open" if is_open else "Closed",
                "" if is_open else dice.choice(reasons),
                *dice.choice((*KINDS, ("Generic Noise Disturbance", "Loud Parties/Music/People"))),
                f"{dice.randint(1, 400)} {dice.choice(STREETS)}  Boston  MA  02115",
                f"{dice.uniform(42.29, 42.35):.4f}",
                f"{dice.uniform(-71.11, -71.05):.4f}",
            )
            rows.writerow(dict(zip(_COLUMNS, values, strict=True)))
    return file


_COLUMNS = (
    *("CASE_ENQUIRY_ID", "OPEN_DT", "CLOSED_DT", "CASE_STATUS", "CLOSURE_REASON", "REASON"),
    *("TYPE", "Location", "LATITUDE", "LONGITUDE"),
)
