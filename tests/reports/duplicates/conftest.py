"""What the tests of duplicates file and look at."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from smartcity.core.db import transaction
from smartcity.reports.models import Report
from tests.helpers import Headers, bearer, citizen, file_report, move, rows

WORDS = {"public_text": "Đã có người báo trước."}
Look = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def looked(client: FlaskClient, stranger: Headers) -> Look:
    """What somebody is shown before he sends; a stranger, of a pothole at the usual place."""

    def look(who: Headers = stranger, **other: Any) -> list[dict[str, Any]]:
        asked = {"category": "traffic_infra", "latitude": 20.94, "longitude": 106.33, **other}
        answer = client.get("/api/v1/reports/similar", query_string=asked, headers=who)
        assert answer.status_code == 200, answer.json
        items: list[dict[str, Any]] = answer.json["items"]
        return items

    return look


def neighbours(app: Flask, client: FlaskClient, count: int, **other: Any) -> list[dict[str, Any]]:
    """A report each of some citizens; with the headers of its reporter under `who`."""
    made = []
    for number in range(count):
        who = bearer(citizen(app, f"+8490400{number:04d}"))
        made.append({**file_report(client, who, **other), "who": who})
    return made


def joined(
    client: FlaskClient, officer: Headers, report: dict[str, Any], parent: dict[str, Any]
) -> dict[str, Any]:
    """An officer joins a report to another."""
    answer = move(client, officer, report, "duplicate", **WORDS, parent=parent["code"])
    assert answer.status_code == 200, answer.json
    body: dict[str, Any] = answer.json
    return body


def found(app: Flask, report: dict[str, Any]) -> Report:
    """The row of a report."""
    by_code = {row.code: row for row in rows(app, Report)}
    row: Report = by_code[report["code"]]
    return row


def change(app: Flask, report: dict[str, Any], **columns: Any) -> None:
    """Change a report's row by the back door."""
    with app.app_context(), transaction() as session:
        session.execute(
            update(Report).where(Report.number == found(app, report).number).values(**columns)
        )
