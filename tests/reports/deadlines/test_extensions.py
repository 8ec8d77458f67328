"""More time: asked for once, with a date, and decided by the lead."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smartcity.core import clock
from smartcity.core.clock import frozen
from smartcity.core.errors import Conflict, Invalid
from smartcity.identity.permissions import Role
from smartcity.notices.models import Notice
from smartcity.push.models import InboxMessage
from smartcity.reports.deadlines.models import Extension
from smartcity.reports.deadlines.sweep import sweep
from smartcity.reports.models import ReportEvent
from tests.helpers import UNIT, Headers, file_report, move, moved, officer, rows, work
from tests.reports.deadlines.house import DAY, HOUR, MONDAY, THURSDAY, House

WHY = {"public_text": "Chờ vật tư đến hết tuần."}
ASK, GRANT, DENY = "request_extension", "grant_extension", "deny_extension"
UNITS, LEAD = Role.UNIT_OFFICER, Role.IOC_LEAD


def later(report: dict[str, Any], days: int = 2) -> str:
    return (datetime.fromisoformat(report["due_at"]) + timedelta(days=days)).isoformat()


def waiting(client: FlaskClient, lead: Headers) -> list[str]:
    """The reports whose unit asks for more time."""
    found = client.get("/api/v1/officer/reports?extension_requested=true", headers=lead)
    return [one["id"] for one in found.json["items"]]


@pytest.fixture
def report(client: FlaskClient, me: Headers, operator: Headers) -> dict[str, Any]:
    """A report that the unit has."""
    accepted = moved(client, operator, file_report(client, me), "acceptance")
    return moved(client, operator, accepted, "assignment", agency=UNIT)


def test_asked_for_and_granted(
    app: Flask,
    client: FlaskClient,
    me: Headers,
    report: dict[str, Any],
    unit: Headers,
    lead: Headers,
    leader: Headers,
) -> None:
    until = later(report)
    asked = moved(client, unit, report, "extension-request", until=until, **WHY)
    assert asked["due_at"] == report["due_at"]
    assert asked["extension"]["verdict"] is None
    assert asked["extension"]["reason"] == WHY["public_text"]
    assert ASK not in asked["allowed_moves"]
    assert move(client, unit, asked, "extension-request", until=until, **WHY).status_code == 409
    assert move(client, leader, asked, "extension", **WHY).status_code == 403
    assert waiting(client, lead) == [report["id"]]
    granted = moved(client, lead, asked, "extension", public_text="Sẽ xong trước hạn mới.")
    same = datetime.fromisoformat(granted["due_at"]) == datetime.fromisoformat(until)
    assert (same, granted["extended"], granted["overdue"]) == (True, True, False)
    assert granted["extension"]["verdict"] == "granted"
    assert waiting(client, lead) == []
    assert move(client, lead, granted, "extension", **WHY).status_code == 409
    [extension] = rows(app, Extension)
    assert extension.decided_by.startswith("officer:")
    steps = client.get(f"/api/v1/reports/{report['id']}/timeline", headers=me).json["items"]
    assert [step["move"] for step in steps][-1] == GRANT  # the request is the officers' own
    assert datetime.fromisoformat(steps[-1]["details"]["until"]) == extension.until


def test_who_is_told(
    app: Flask,
    client: FlaskClient,
    report: dict[str, Any],
    unit: Headers,
    leader: Headers,
    lead: Headers,
) -> None:
    asked = moved(client, unit, report, "extension-request", until=later(report), **WHY)
    moved(client, lead, asked, "extension", public_text="Đã đồng ý.")
    told = [(notice.text, notice.values["code"]) for notice in rows(app, Notice)]
    assert told == [
        ("notice.extension.requested", report["code"]),
        ("notice.extension.granted", report["code"]),
        ("notice.extension.granted", report["code"]),
    ]
    work(app, "inbox")
    messages = [m for m in rows(app, InboxMessage) if m.text.endswith(GRANT)]
    [committed] = {m.values["due"] for m in messages}
    assert committed == clock.written(datetime.fromisoformat(later(report)))


def test_denied_and_asked_again(
    client: FlaskClient, report: dict[str, Any], unit: Headers, lead: Headers
) -> None:
    asked = moved(client, unit, report, "extension-request", until=later(report), **WHY)
    assert move(client, lead, asked, "extension-refusal").json["errors"].keys() == {"public_text"}
    denied = moved(client, lead, asked, "extension-refusal", **WHY)
    assert (denied["due_at"], denied["extended"]) == (report["due_at"], False)
    moved(client, unit, denied, "extension-request", until=later(report, 1), **WHY)


@pytest.mark.parametrize("until", ["2020-01-01T00:00:00Z", "soon", None, "2026-12-01T00:00:00"])
def test_a_date_that_may_not_be(
    client: FlaskClient, report: dict[str, Any], unit: Headers, until: str | None
) -> None:
    answer = move(client, unit, report, "extension-request", until=until, **WHY)
    assert (answer.status_code, answer.json["errors"].keys()) == (422, {"until"})


def test_it_ends_with_the_units_work(app: Flask, house: House) -> None:
    report = house.assigned()
    house.move(report, ASK, UNITS, MONDAY, until=THURSDAY + DAY)
    house.move(report, "request_info", Role.IOC_OPERATOR, MONDAY)
    house.move(report, "answer_info", Role.CITIZEN, MONDAY + HOUR)
    assert house.report(report).extension_until is not None
    house.move(report, "return_to_ioc", UNITS, MONDAY + HOUR, reason="outside_authority")
    assert [extension.verdict for extension in rows(app, Extension)] == ["lapsed"]
    house.move(report, "assign", Role.IOC_OPERATOR, MONDAY + HOUR, agency=UNIT)
    with pytest.raises(Conflict, match=r"extension\.not_asked"):
        house.move(report, GRANT, LEAD, MONDAY + HOUR)
    house.move(report, ASK, UNITS, MONDAY + HOUR, until=THURSDAY + DAY)


def test_a_date_that_has_come_too_close(house: House) -> None:
    report = house.assigned()
    house.move(report, ASK, UNITS, MONDAY, until=THURSDAY + DAY)
    with pytest.raises(Conflict, match=r"extension\.over"):
        house.move(report, GRANT, LEAD, THURSDAY + DAY)
    house.move(report, DENY, LEAD, THURSDAY + DAY)


def test_the_steps_begin_anew_for_the_new_limit(app: Flask, house: House) -> None:
    report = house.assigned()
    officer(app, UNITS, UNIT)
    with frozen(THURSDAY), app.app_context():
        assert sweep() == 1
    house.move(report, ASK, UNITS, THURSDAY + HOUR, until=THURSDAY + 5 * DAY)
    house.move(report, GRANT, LEAD, THURSDAY + HOUR)
    reminded = house.report(report)
    assert reminded.watch_step == 0
    assert reminded.watch_at is not None
    assert THURSDAY + 3 * DAY < reminded.watch_at < THURSDAY + 5 * DAY


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    at=st.timedeltas(timedelta(0), timedelta(days=6)),
    more=st.timedeltas(timedelta(days=-3), timedelta(days=40)),
    decided=st.timedeltas(timedelta(0), timedelta(days=12)),
)
def test_an_extension_never_shortens_a_limit_nor_ends_in_the_past(
    app: Flask, at: timedelta, more: timedelta, decided: timedelta
) -> None:
    house = House(app)
    report, asked_at = house.assigned(), MONDAY + at
    until = (THURSDAY + more).astimezone(UTC)
    try:
        house.move(report, ASK, UNITS, asked_at, until=until)
    except Invalid:
        assert until <= max(asked_at, THURSDAY) or until > THURSDAY + 20 * DAY
        return
    decided_at = asked_at + decided
    try:
        house.move(report, GRANT, LEAD, decided_at)
    except Conflict:
        assert until <= decided_at
        assert house.report(report).due_at == THURSDAY
        return
    after = house.report(report)
    assert after.due_at == after.resolve_due_at == until > decided_at
    assert until > THURSDAY
    sequences = [event.sequence for event in rows(app, ReportEvent) if event.report_id == report]
    assert sorted(sequences) == [1, 2, 3, 4, 5]
