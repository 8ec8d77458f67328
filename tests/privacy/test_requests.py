"""The register of requests: that they are answered in two working days, and not by whom asked."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.core import clock
from smartcity.core.calendar import calendar
from smartcity.core.clock import LOCAL
from smartcity.identity.permissions import Role
from tests.helpers import Headers, bearer, citizen, key, officer, work

PATH = "/api/v1/admin/data-requests"


def ask_all(client: FlaskClient, headers: Headers) -> None:
    client.patch("/api/v1/me", json={"display_name": "An"}, headers=headers)
    client.put("/api/v1/me/restriction", headers=headers)
    for granted in (True, False):
        body = {"granted": granted, "policy_version": 1}
        client.put("/api/v1/me/consents/nearby", json=body, headers=headers)
    client.post("/api/v1/me/export", headers={**headers, **key()})
    client.delete("/api/v1/me", headers=headers)


def test_each_request_is_a_line_without_the_person(
    app: Flask, client: FlaskClient, me: Headers, auditor: Headers
) -> None:
    ident = client.get("/api/v1/me", headers=me).json["id"]
    ask_all(client, me)
    answer = client.get(PATH, headers=auditor)
    found = answer.json["items"]
    assert [line["kind"] for line in found] == [
        "erasure",
        "export",
        "withdrawal",
        "restriction",
        "correction",
    ]
    assert [line["outcome"] for line in found] == [None, None, "done", "done", "done"]
    assert [bool(line["answered_at"]) for line in found] == [True, False, True, True, True]
    assert ident not in answer.get_data(as_text=True)
    assert "912345678" not in answer.get_data(as_text=True)


def test_what_is_open_and_what_is_late(
    app: Flask, client: FlaskClient, me: Headers, admin: Headers
) -> None:
    ask_all(client, me)

    def kinds(query: str) -> list[str]:
        return [line["kind"] for line in client.get(f"{PATH}?{query}", headers=admin).json["items"]]

    assert kinds("open=true") == ["erasure", "export"]
    assert kinds("kind=export") == ["export"]
    assert kinds("late=true") == []
    assert client.get(f"{PATH}?kind=gossip", headers=admin).status_code == 422
    with clock.frozen(clock.now() + timedelta(days=12)):
        admin.update(bearer(officer(app, Role.ADMIN, "ioc")))
        assert kinds("late=true") == ["export"], "nobody made it"
        work(app, "exports")
        assert kinds("late=true") == ["export"], "it was answered too late"


def test_the_register_is_for_admins_and_auditors(app: Flask, client: FlaskClient) -> None:
    for role in (Role.IOC_LEAD, Role.UNIT_LEADER, Role.CONTENT_EDITOR):
        assert client.get(PATH, headers=bearer(officer(app, role, "ioc"))).status_code == 403
    assert client.get(PATH, headers=bearer(citizen(app))).status_code == 403


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        ("2026-11-16T09:00", "2026-11-18T09:00"),  # Monday: Wednesday
        ("2026-11-19T09:00", "2026-11-23T09:00"),  # Thursday: over the week-end
        ("2026-11-21T09:00", "2026-11-25T09:00"),  # Saturday; Tuesday is a day off
        ("2026-08-21T23:30", "2026-08-24T23:30"),  # Friday; that Saturday is worked in exchange
        ("2026-08-28T09:00", "2026-09-04T09:00"),  # Friday; Monday exchanged, then National Day
        ("2026-02-13T09:00", "2026-02-24T09:00"),  # Friday before Tết
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_two_working_days_of_the_provinces_calendar(in_app: Flask, asked: str, due: str) -> None:
    start = datetime.fromisoformat(asked).replace(tzinfo=LOCAL)
    assert calendar().after(start, 2) == datetime.fromisoformat(due).replace(tzinfo=LOCAL)
