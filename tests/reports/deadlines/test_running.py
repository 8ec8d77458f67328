"""Which limit runs in each state."""

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.core import clock
from smartcity.core.clock import LOCAL
from smartcity.identity.permissions import Role
from smartcity.reports.models import Report
from tests.helpers import Headers, file_report, report_body, statements
from tests.reports.deadlines.house import DAY, HOUR, MONDAY, THURSDAY, House

OPERATOR, CITIZEN = Role.IOC_OPERATOR, Role.CITIZEN


def stopped(report: Report) -> bool:
    return report.due_at is None and report.watch_at is None


def test_acceptance_then_the_result(house: House) -> None:
    report = house.report(house.file())
    assert (report.due_at, report.accept_due_at) == (MONDAY + 4 * HOUR, MONDAY + 4 * HOUR)
    assert report.watch_at == MONDAY + 3 * HOUR
    accepted = house.move(report.id, "accept", OPERATOR, MONDAY + 5 * HOUR)
    assert (accepted.due_at, accepted.resolve_due_at) == (THURSDAY, THURSDAY)
    assert (accepted.accept_due_at, accepted.accepted_at) == (MONDAY + 4 * HOUR, MONDAY + 5 * HOUR)
    house.move(report.id, "assign", OPERATOR, MONDAY + DAY, agency="so-y-te")
    assert house.report(report.id).due_at == THURSDAY


def test_an_urgent_report_has_less_time(house: House) -> None:
    report = house.file(category="traffic_infra", urgent=True)
    assert house.move(report, "accept", OPERATOR, MONDAY).due_at == MONDAY + 24 * HOUR


def test_the_clock_stands_still_while_the_citizen_is_asked(house: House) -> None:
    report = house.file()
    asked = house.move(report, "request_info", OPERATOR, MONDAY + HOUR)
    assert stopped(asked)
    assert asked.accept_due_at == MONDAY + 4 * HOUR
    answered = house.move(report, "answer_info", CITIZEN, MONDAY + 30 * HOUR)
    assert answered.due_at == answered.accept_due_at == MONDAY + 33 * HOUR
    house.move(report, "accept", OPERATOR, MONDAY + 31 * HOUR)
    limit = house.report(report).due_at
    assert limit is not None
    house.move(report, "request_info", OPERATOR, MONDAY + 40 * HOUR)
    again = house.move(report, "answer_info", CITIZEN, MONDAY + 42 * HOUR)
    assert again.due_at == again.resolve_due_at == limit + 2 * HOUR


def test_a_clock_set_back_gives_no_time_away(house: House) -> None:
    report = house.file()
    house.move(report, "request_info", OPERATOR, MONDAY + 3 * HOUR)
    assert house.move(report, "answer_info", CITIZEN, MONDAY + HOUR).due_at == MONDAY + 4 * HOUR


@pytest.mark.parametrize(("move", "role"), [("reject", OPERATOR), ("withdraw", CITIZEN)])
def test_what_has_ended_has_no_limit(house: House, move: str, role: Role) -> None:
    report = house.file()
    told = {"reason": "spam"} if move == "reject" else {}
    assert stopped(house.move(report, move, role, MONDAY, **told))
    assert house.report(report).accept_due_at == MONDAY + 4 * HOUR  # for the figures


def test_an_appeal_and_a_reopening_begin_anew(house: House) -> None:
    report = house.file()
    house.move(report, "reject", OPERATOR, MONDAY, reason="spam")
    house.move(report, "lodge_appeal", CITIZEN, MONDAY + DAY)
    back = house.move(report, "grant_appeal", Role.IOC_LEAD, MONDAY + 2 * DAY)
    assert back.due_at == back.accept_due_at == MONDAY + 2 * DAY + 4 * HOUR

    second = house.assigned()
    result = house.resolved(second, MONDAY + DAY)
    assert stopped(result)
    assert (result.resolve_due_at, result.resolved_at) == (THURSDAY, MONDAY + DAY)
    reopened = house.move(second, "reopen", CITIZEN, THURSDAY)
    assert reopened.due_at == reopened.resolve_due_at == datetime(2026, 11, 25, 17, tzinfo=LOCAL)
    assert reopened.watch_step == 0


def test_parts_have_limits_of_their_own(house: House) -> None:
    report = house.file()
    house.move(report, "accept", OPERATOR, MONDAY)
    parts = ({"agency": "so-xay-dung"}, {"agency": "so-y-te"})
    whole = house.move(report, "split", OPERATOR, MONDAY + DAY, parts=parts)
    assert whole.due_at == THURSDAY


def test_everybody_sees_it(client: FlaskClient, me: Headers, operator: Headers) -> None:
    report = file_report(client, me)
    assert datetime.fromisoformat(report["due_at"]) > clock.now()
    path = f"/api/v1/officer/reports/{report['id']}"
    for headers, where in (
        (me, f"/api/v1/reports/{report['id']}"),
        (me, "/api/v1/me/reports"),
        (operator, path),
        (operator, "/api/v1/officer/reports"),
    ):
        body = client.get(where, headers=headers).json
        seen = body["items"][0] if "items" in body else body
        assert (seen["due_at"], seen["overdue"], seen["extended"]) == (
            report["due_at"],
            False,
            False,
        )


def test_overdue_is_past(app: Flask, client: FlaskClient, house: House, operator: Headers) -> None:
    house.file(clock.now() - 5 * HOUR)
    [seen] = client.get("/api/v1/officer/reports", headers=operator).json["items"]
    assert seen["overdue"] is True


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_filing_costs_no_further_statement(app: Flask, client: FlaskClient, me: Headers) -> None:
    file_report(client, me)
    with statements(app) as seen:
        client.post("/api/v1/reports", json=report_body(), headers=me)
    assert not [s for s in seen if "officers" in s or "notices" in s or s.startswith("UPDATE")]
