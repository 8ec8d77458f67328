"""Bringing a report over HTTP to where a test begins."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from smartcity.core import clock
from smartcity.identity.permissions import Role
from tests.helpers import UNIT, Headers, bearer, citizen, file_report, moved, officer

Report = dict[str, Any]
NO_PROOF = "power"  # a category whose results need no photo


def put(client: FlaskClient, headers: Headers, report: Report, noun: str, **body: Any):
    """A citizen's own deed on his report."""
    path = f"/api/v1/reports/{report['id']}/{noun}"
    answer: TestResponse = client.put(path, json=body, headers=headers)
    return answer


def seen(client: FlaskClient, officer_: Headers, report: Report) -> Report:
    answer = client.get(f"/api/v1/officer/reports/{report['id']}", headers=officer_)
    assert answer.status_code == 200, answer.json
    return answer.json


def moves(client: FlaskClient, headers: Headers, report: Report) -> list[dict[str, Any]]:
    path = f"/api/v1/reports/{report['id']}/timeline"
    return client.get(path, headers=headers).json["items"]


def in_progress(client: FlaskClient, me: Headers, operator: Headers, unit: Headers) -> Report:
    report = file_report(client, me, category=NO_PROOF)
    report = moved(client, operator, report, "acceptance")
    report = moved(client, operator, report, "assignment", agency=UNIT)
    return moved(client, unit, report, "progress")


def resolved(
    client: FlaskClient, me: Headers, operator: Headers, unit: Headers, leader: Headers
) -> Report:
    report = in_progress(client, me, operator, unit)
    return to_result(client, operator, unit, leader, report)


def to_result(
    client: FlaskClient, operator: Headers, unit: Headers, leader: Headers, report: Report
) -> Report:
    report = moved(client, unit, report, "result", public_text="Đã nối lại dây.")
    report = moved(client, leader, report, "approval")
    return moved(client, operator, report, "resolution")


@contextmanager
def later(app: Flask, **passed: float) -> Iterator[Headers]:
    """Some time later; the citizen, signed in anew."""
    with clock.frozen(clock.now() + timedelta(**passed)):
        yield bearer(citizen(app))


def lead_now(app: Flask) -> Headers:
    """A lead of the centre, signed in at the present clock."""
    return bearer(officer(app, Role.IOC_LEAD, "ioc"))
