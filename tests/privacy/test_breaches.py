"""The register of breaches: 72 hours to tell the authority, and nobody overwrites another."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.audit.models import AuditEntry
from smartcity.core import clock
from smartcity.identity.permissions import Role
from smartcity.privacy import jobs
from smartcity.privacy.models import Breach
from tests.helpers import Headers, bearer, citizen, count, key, officer, rows

PATH = "/api/v1/admin/breaches"
HOUR = timedelta(hours=1)


def ago(hours: float) -> str:
    return (clock.now() - hours * HOUR).isoformat(timespec="milliseconds")


def told(**other: Any) -> dict[str, Any]:
    return {
        "description": "Một thùng hồ sơ bị gửi nhầm địa chỉ.",
        "data_kinds": ["số điện thoại"],
        "discovered_at": ago(1),
        "people": 12,
        **other,
    }


def entered(client: FlaskClient, admin: Headers, **other: Any) -> dict[str, Any]:
    answer = client.post(PATH, json=told(**other), headers={**admin, **key()})
    assert answer.status_code == 201, answer.json
    return answer.json


def change(client: FlaskClient, admin: Headers, breach: dict[str, Any], **told: Any) -> Any:
    headers = {**admin, "If-Match": f'"{breach["version"]}"'}
    return client.patch(f"{PATH}/{breach['id']}", json=told, headers=headers)


def metric(client: FlaskClient) -> str:
    lines = client.get("/metrics").get_data(as_text=True).splitlines()
    (line,) = [line for line in lines if line.startswith("breaches_past_notice ")]
    return line.split()[1]


def test_a_breach_is_recorded_and_worked_on(
    app: Flask, client: FlaskClient, admin: Headers, auditor: Headers
) -> None:
    breach = entered(client, admin, discovered_at="2026-11-20T08:00:00+07:00")
    assert breach["notify_by"] == "2026-11-23T01:00:00.000+00:00"
    found = client.get(f"{PATH}/{breach['id']}", headers=auditor)
    assert found.headers["ETag"] == f'"{breach["version"]}"'
    answer = change(client, admin, breach, measures="Đã thu hồi.", authority_notified_at=ago(0))
    assert answer.status_code == 200, answer.json
    assert answer.json["version"] == breach["version"] + 1
    closed = change(client, admin, answer.json, people_notified_at=ago(0), closed_at=ago(0))
    assert closed.status_code == 200
    items = client.get(f"{PATH}?open=true", headers=auditor).json["items"]
    assert items == []
    assert len(client.get(PATH, headers=auditor).json["items"]) == 1
    deeds = [e for e in rows(app, AuditEntry) if e.action.startswith("breach")]
    assert [e.action for e in deeds] == ["breach.record", "breach.change", "breach.change"]
    assert deeds[1].before["authority_notified_at"] is None
    assert deeds[1].after["authority_notified_at"]
    assert "thùng" not in str([(e.before, e.after, e.detail) for e in deeds])


def test_nobody_overwrites_another(client: FlaskClient, admin: Headers) -> None:
    breach = entered(client, admin)
    assert change(client, admin, breach, people=13).status_code == 200
    assert change(client, admin, breach, people=14).status_code == 412
    path = f"{PATH}/{breach['id']}"
    assert client.patch(path, json={"people": 1}, headers=admin).status_code == 428
    assert client.get(path, headers=admin).json["people"] == 13


@pytest.mark.parametrize(
    ("field", "hours"),
    [
        ("discovered_at", -1),
        ("authority_notified_at", -1),
        ("closed_at", -1),
        ("authority_notified_at", 2),
        ("people_notified_at", 2),
    ],
)
def test_a_time_that_cannot_be_is_refused(
    app: Flask, client: FlaskClient, admin: Headers, field: str, hours: float
) -> None:
    refused = client.post(PATH, json=told(**{field: ago(hours)}), headers=admin)
    assert refused.status_code == 422
    assert refused.json["errors"].keys() == {field}
    breach = entered(client, admin)
    assert change(client, admin, breach, **{field: ago(hours)}).status_code == 422
    assert client.get(f"{PATH}/{breach['id']}", headers=admin).json == breach


@pytest.mark.parametrize(
    "body",
    [
        {"description": None},
        {"data_kinds": []},
        {"data_kinds": ["x" * 101]},
        {"people": -1},
        {"people": 10**12},
        {"discovered_at": None},
    ],
)
def test_what_does_not_fit_is_refused(client: FlaskClient, admin: Headers, body: Any) -> None:
    assert client.post(PATH, json=told(**body), headers=admin).status_code == 422


def test_the_alarm_rings_after_72_hours_and_until_the_authority_is_told(
    app: Flask, client: FlaskClient, admin: Headers, caplog: pytest.LogCaptureFixture
) -> None:
    breach = entered(client, admin, discovered_at=ago(71))
    assert metric(client) == "0.0"
    watch(app)
    assert "past_notice" not in caplog.text
    with clock.frozen(clock.now() + 2 * HOUR):
        assert metric(client) == "1.0"
        watch(app)
    assert breach["id"] in caplog.text
    assert "breach.past_notice" in caplog.text
    assert "thùng" not in caplog.text
    caplog.clear()
    change(client, admin, breach, authority_notified_at=ago(0))
    with clock.frozen(clock.now() + 2 * HOUR):
        assert metric(client) == "0.0"
        watch(app)
    assert "past_notice" not in caplog.text


def watch(app: Flask) -> None:
    with app.app_context():
        jobs.watch_breaches()


def test_the_register_is_a_file_that_calculates_nothing(
    client: FlaskClient, admin: Headers, auditor: Headers
) -> None:
    entered(client, admin, description='=HYPERLINK("http://evil.example")', data_kinds=["a", "b"])
    answer = client.get(f"{PATH}.csv", headers=auditor)
    assert answer.content_type == "text/csv; charset=utf-8"
    titles, line = csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff")))
    row = dict(zip(titles, line, strict=True))
    assert row["description"].startswith("'=")
    assert (row["data_kinds"], row["people"]) == ("a, b", "12")
    assert row["notify_by"]


def test_the_register_is_for_admins_and_auditors(app: Flask, client: FlaskClient) -> None:
    for role in (Role.IOC_LEAD, Role.UNIT_LEADER, Role.CONTENT_EDITOR):
        other = bearer(officer(app, role, "ioc"))
        assert client.get(PATH, headers=other).status_code == 403
    assert client.get(PATH, headers=bearer(citizen(app))).status_code == 403
    auditor = bearer(officer(app, Role.AUDITOR, "ioc"))
    assert client.post(PATH, json=told(), headers=auditor).status_code == 403
    assert count(app, Breach) == 0


def test_a_breach_sent_twice_is_one(app: Flask, client: FlaskClient, admin: Headers) -> None:
    headers = {**admin, **key()}
    body = told()
    first, second = (client.post(PATH, json=body, headers=headers) for _ in range(2))
    assert first.json["id"] == second.json["id"]
    assert count(app, Breach) == 1
