"""While he is restricted nobody sees who reported; his cases go on."""

from flask import Flask
from flask.testing import FlaskClient

from smartcity.audit.models import AuditEntry
from smartcity.identity.permissions import Role
from smartcity.privacy.models import DataRequest
from tests.helpers import UNIT, Headers, bearer, file_report, moved, officer, rows

ME, RESTRICTION = "/api/v1/me", "/api/v1/me/restriction"


def looks(app: Flask) -> int:
    return sum(entry.action == "report.see_reporter" for entry in rows(app, AuditEntry))


def test_nobody_sees_who_reported(
    app: Flask, client: FlaskClient, me: Headers, operator: Headers
) -> None:
    report = file_report(client, me)
    path = f"/api/v1/officer/reports/{report['id']}"
    assert client.get(path, headers=operator).json["reporter"]
    seen = looks(app)
    assert client.put(RESTRICTION, headers=me).json["restricted_at"]
    hidden = client.get(path, headers=operator).json
    assert (hidden["reporter"], hidden["reporter_restricted"]) == (None, True)
    assert looks(app) == seen, "nobody looked"
    assert client.delete(RESTRICTION, headers=me).status_code == 204
    shown = client.get(path, headers=operator).json
    assert (bool(shown["reporter"]), shown["reporter_restricted"]) == (True, False)


def test_whoever_may_not_see_him_anyway_learns_nothing(
    app: Flask, client: FlaskClient, me: Headers, operator: Headers
) -> None:
    client.put(RESTRICTION, headers=me)
    report = moved(client, operator, file_report(client, me), "acceptance")
    moved(client, operator, report, "assignment", agency=UNIT)
    unit = bearer(officer(app, Role.UNIT_OFFICER, UNIT))
    seen = client.get(f"/api/v1/officer/reports/{report['id']}", headers=unit).json
    assert (seen["reporter"], seen["reporter_restricted"]) == (None, False)


def test_his_cases_go_on(client: FlaskClient, me: Headers, operator: Headers) -> None:
    report = file_report(client, me)
    client.put(RESTRICTION, headers=me)
    assert moved(client, operator, report, "acceptance")["status"] == "accepted"
    assert client.get(f"/api/v1/reports/{report['id']}", headers=me).json["status"] == "accepted"


def test_asked_twice_it_is_one_request(app: Flask, client: FlaskClient, me: Headers) -> None:
    first = client.put(RESTRICTION, headers=me).json
    assert client.put(RESTRICTION, headers=me).json == first
    assert client.get(ME, headers=me).json["restricted_at"] == first["restricted_at"]
    assert [(r.kind, r.outcome) for r in rows(app, DataRequest)] == [("restriction", "done")]
    assert client.delete(RESTRICTION, headers=me).status_code == 204
    assert client.delete(RESTRICTION, headers=me).status_code == 409
    deeds = [e.action for e in rows(app, AuditEntry) if e.action.startswith("account")]
    assert deeds == ["account.restrict", "account.lift_restriction"]
