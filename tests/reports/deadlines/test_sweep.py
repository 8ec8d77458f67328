"""Reminders and escalations: the right people, once, also when two sweep or one is killed."""

import threading
import uuid
from collections import Counter
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from smartcity.audit.models import AuditEntry
from smartcity.core.clock import frozen
from smartcity.core.db import reading, transaction
from smartcity.identity.models import Officer
from smartcity.identity.permissions import Role
from smartcity.notices.models import Notice
from smartcity.reports.deadlines.metrics import DeadlineMetrics
from smartcity.reports.deadlines.sweep import sweep, take
from smartcity.reports.models import Report
from tests.helpers import OTHER_UNIT, UNIT, at_once, officer, rows, statements
from tests.reports.deadlines.house import DAY, HOUR, MONDAY, THURSDAY, House

Told = list[tuple[str, str]]


def swept(app: Flask, at: datetime) -> int:
    with frozen(at), app.app_context():
        return sweep()


def told(app: Flask) -> Told:
    """Who was told what, role by role."""
    with app.app_context(), reading() as session:
        query = select(Notice.text, Officer.role).join(Officer, Officer.id == Notice.officer_id)
        return sorted((text.removeprefix("notice."), role) for text, role in session.execute(query))


def deeds(app: Flask) -> Counter[str]:
    ours = AuditEntry.action.in_(("report.remind", "report.escalate"))
    return Counter(entry.action for entry in rows(app, AuditEntry, ours))


@pytest.fixture
def staff(app: Flask) -> None:
    """One of each role, and one of another unit."""
    for role, agency in (
        (Role.IOC_OPERATOR, "ioc"),
        (Role.IOC_LEAD, "ioc"),
        (Role.UNIT_OFFICER, UNIT),
        (Role.UNIT_LEADER, UNIT),
        (Role.UNIT_OFFICER, OTHER_UNIT),
        (Role.AUDITOR, None),
    ):
        officer(app, role, agency)


@pytest.fixture
def filed(house: House) -> uuid.UUID:
    return house.file()


def test_a_report_that_nobody_picks_up(app: Flask, staff: None, filed: uuid.UUID) -> None:
    assert swept(app, MONDAY + 2 * HOUR) == 0
    assert swept(app, MONDAY + 3 * HOUR) == 1
    assert told(app) == [("accept.reminder", "ioc_operator")]
    assert swept(app, MONDAY + 3 * HOUR) == 0
    swept(app, MONDAY + 4 * HOUR)
    overdue = [("accept.overdue", "ioc_lead"), ("accept.overdue", "ioc_operator")]
    assert told(app) == sorted([*overdue, ("accept.reminder", "ioc_operator")])
    swept(app, MONDAY + 8 * HOUR)
    assert swept(app, MONDAY + 99 * DAY) == 0
    assert told(app) == sorted([*overdue, *overdue, ("accept.reminder", "ioc_operator")])
    assert deeds(app) == {"report.remind": 1, "report.escalate": 2}
    assert [report.sequence for report in rows(app, Report)] == [1]  # nobody's If-Match is broken


def test_a_unit_that_is_late(app: Flask, staff: None, house: House) -> None:
    house.assigned()
    swept(app, THURSDAY - HOUR)
    assert told(app) == [("resolve.reminder", "unit_officer")]  # not the other unit's
    for hours in (0, 24, 72):
        swept(app, THURSDAY + hours * HOUR)
    assert Counter(told(app)) == {
        ("resolve.reminder", "unit_officer"): 1,
        ("resolve.overdue", "unit_officer"): 1,
        ("resolve.overdue", "unit_leader"): 2,
        ("resolve.overdue", "ioc_lead"): 2,
    }
    assert {notice.values["due"] for notice in rows(app, Notice)} == {"17:00 19/11/2026"}


def test_a_result_that_the_centre_has_to_publish_is_the_centres(
    app: Flask, staff: None, house: House
) -> None:
    report = house.assigned()
    house.move(report, "start", Role.UNIT_OFFICER, MONDAY)
    house.move(report, "propose_result", Role.UNIT_OFFICER, MONDAY)
    house.move(report, "approve_result", Role.UNIT_LEADER, MONDAY)
    swept(app, THURSDAY - HOUR)
    assert told(app) == [("resolve.reminder", "ioc_operator")]


def test_a_unit_without_people_is_answered_for_above(app: Flask, house: House) -> None:
    officer(app, Role.IOC_LEAD, "ioc")
    house.assigned()
    swept(app, THURSDAY - HOUR)
    assert told(app) == [("resolve.reminder", "ioc_lead")]


def test_what_has_moved_on_is_not_reminded_of(app: Flask, staff: None, house: House) -> None:
    report = house.assigned()
    house.move(report, "request_info", Role.IOC_OPERATOR, MONDAY + HOUR)
    second = house.assigned()
    house.resolved(second, MONDAY + HOUR)
    assert swept(app, THURSDAY + 99 * DAY) == 0
    house.move(report, "answer_info", Role.CITIZEN, MONDAY + 2 * HOUR)
    assert swept(app, THURSDAY) == 1
    assert told(app) == [("resolve.reminder", "unit_officer")]


def test_a_server_that_was_off_sends_no_burst(app: Flask, staff: None, filed: uuid.UUID) -> None:
    assert swept(app, MONDAY + 5 * DAY) == 1
    assert told(app) == [("accept.overdue", "ioc_lead"), ("accept.overdue", "ioc_operator")]
    assert deeds(app) == {"report.escalate": 1}


def test_a_clock_set_back_repeats_nothing(app: Flask, staff: None, filed: uuid.UUID) -> None:
    for hours in (3, 1, 3, 2):
        swept(app, MONDAY + hours * HOUR)
    assert told(app) == [("accept.reminder", "ioc_operator")]


def test_two_sweeps_at_once_take_each_step_once(app: Flask, staff: None, house: House) -> None:
    reports = {house.report(house.file()).code for _ in range(20)}

    def look() -> int:
        with app.app_context():
            return sweep(at_once=3)  # many batches, to be fought over

    with frozen(MONDAY + 3 * HOUR):
        at_once(*[look] * 4)
        look()  # what each left to the others
    assert Counter(n.values["code"] for n in rows(app, Notice)) == dict.fromkeys(reports, 1)
    assert deeds(app) == {"report.remind": 20}


def interrupted() -> None:
    with transaction() as session:
        assert take(session, 10) == 1
        session.flush()
        raise KeyboardInterrupt


def test_what_is_cut_short_leaves_nothing_and_is_taken_up(
    app: Flask, staff: None, filed: uuid.UUID
) -> None:
    with frozen(MONDAY + 3 * HOUR), app.app_context():
        with pytest.raises(KeyboardInterrupt):
            interrupted()
        assert told(app) == []
        assert sweep() == 1
    assert told(app) == [("accept.reminder", "ioc_operator")]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_report_in_an_officers_hands_is_left_for_the_next_sweep(
    app: Flask, staff: None, filed: uuid.UUID
) -> None:
    holding, done = threading.Event(), threading.Event()

    def hold() -> None:
        mine = select(Report).where(Report.id == filed).with_for_update()
        with app.app_context(), transaction() as session:
            session.scalars(mine).one()
            holding.set()
            assert done.wait(30)

    other = threading.Thread(target=hold)
    other.start()
    assert holding.wait(30)
    assert swept(app, MONDAY + 3 * HOUR) == 0
    done.set()
    other.join(30)
    assert swept(app, MONDAY + 3 * HOUR) == 1


def test_fifty_officers_cost_few_statements(app: Flask, house: House) -> None:
    for _ in range(10):
        house.assigned()
    for _ in range(50):
        officer(app, Role.UNIT_OFFICER, UNIT)
    with statements(app) as seen:
        swept(app, THURSDAY - HOUR)
    assert len(rows(app, Notice)) == 500
    assert len(seen) <= 6


def test_who_left_is_not_told(app: Flask, staff: None, filed: uuid.UUID) -> None:
    with app.app_context(), transaction() as session:
        gone = Officer.role == Role.IOC_OPERATOR
        session.execute(update(Officer).where(gone).values(active=False))
    swept(app, MONDAY + 3 * HOUR)
    assert told(app) == [("accept.reminder", "ioc_lead")]


def test_what_is_measured(app: Flask, client: FlaskClient, filed: uuid.UUID) -> None:
    def figures(at: datetime) -> dict[str, float]:
        with frozen(at), app.app_context():
            families = DeadlineMetrics().collect()
            return {f.name: f.samples[0].value for f in families}

    assert figures(MONDAY) == {"reports_overdue": 0, "deadlines_unswept_seconds": 0}
    late = MONDAY + 5 * HOUR
    assert figures(late) == {"reports_overdue": 1, "deadlines_unswept_seconds": 7200}
    swept(app, late)
    assert figures(late) == {"reports_overdue": 1, "deadlines_unswept_seconds": 0}
    assert "deadlines_unswept_seconds" in client.get("/metrics").get_data(as_text=True)
