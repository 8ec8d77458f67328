"""The officers' list as a file."""

import csv
import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from smartcity.audit.models import AuditEntry
from smartcity.core import export
from smartcity.core.db import transaction
from smartcity.reports.models import Report
from tests.helpers import UNIT, Headers, file_report, rows

FILE = "/api/v1/officer/reports.csv"


def table(client: FlaskClient, who: Headers, query: str = "") -> list[dict[str, str]]:
    answer = client.get(f"{FILE}?{query}", headers={**who, "Accept-Language": "en"})
    assert answer.status_code == 200, answer.json
    assert answer.headers["Cache-Control"] == "no-store"
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def test_the_file_holds_the_list_and_no_reporter(
    app: Flask, client: FlaskClient, me: Headers, operator: Headers, unit: Headers
) -> None:
    first = file_report(client, me, description='=cmd|"/C calc"!A0', address="+84 x")
    second = file_report(client, me, category="noise")
    with app.app_context(), transaction() as session:
        session.execute(update(Report).where(Report.category == "noise").values(agency=UNIT))
    newest, oldest = table(client, operator)
    assert [newest["Code"], oldest["Code"]] == [second["code"], first["code"]]
    assert (oldest["Description"], oldest["Address"]) == ('\'=cmd|"/C calc"!A0', "'+84 x")
    assert oldest["Status"] == "Waiting to be accepted"
    assert [row["Code"] for row in table(client, unit)] == [second["code"]]
    assert [row["Code"] for row in table(client, operator, "category=noise")] == [second["code"]]
    assert "912345678" not in client.get(FILE, headers=operator).text


def test_the_file_goes_on_past_a_batch(
    app: Flask,
    client: FlaskClient,
    me: Headers,
    operator: Headers,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    filed = [file_report(client, me)["code"] for _ in range(5)]
    monkeypatch.setattr(export, "BATCH", 2)
    monkeypatch.setattr(export, "MOST", 4)
    assert [row["Mã" if "Mã" in row else "Code"] for row in table(client, operator)] == filed[:0:-1]


def test_each_file_is_written_down_with_its_filters(
    app: Flask, client: FlaskClient, operator: Headers
) -> None:
    table(client, operator, "status=resolved&q=so+0912345678")
    [entry] = [e for e in rows(app, AuditEntry) if e.action == "report.export"]
    assert entry.detail["filters"]["status"] == "['resolved']"
    assert "912345678" not in str(entry.detail)
