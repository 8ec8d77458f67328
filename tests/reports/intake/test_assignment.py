"""Units that hand a report round: after three returns a lead decides."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.notices.models import Notice
from smartcity.reports.models import Report
from tests.helpers import UNIT, Headers, file_report, move, moved, rows

BACK = {"reason": "outside_authority", "public_text": "Không thuộc đơn vị chúng tôi."}


@pytest.fixture
def handed_round(client: FlaskClient, me: Headers, operator: Headers, unit: Headers) -> dict:
    """A report that came back three times."""
    report = moved(client, operator, file_report(client, me), "acceptance")
    for _ in range(3):
        report = moved(client, operator, report, "assignment", agency=UNIT)
        report = moved(client, unit, report, "return", **BACK)
    return report


def test_an_operator_may_assign_it_no_more(
    app: Flask, client: FlaskClient, operator: Headers, lead: Headers, handed_round: dict
) -> None:
    (row,) = rows(app, Report)
    assert row.returns == 3
    for noun, body in (
        ("assignment", {"agency": UNIT}),
        ("assignment", {}),
        ("parts", {"parts": [_part(UNIT), _part("so-y-te")]}),
    ):
        refused = move(client, {**operator, "Accept-Language": "en"}, handed_round, noun, **body)
        assert (refused.status_code, refused.json["type"]) == (
            403,
            "urn:problem:report.lead_assigns",
        )
        assert "lead" in refused.json["detail"]
    path = f"/api/v1/officer/reports/{handed_round['id']}"
    assert not {"assign", "split"} & {*client.get(path, headers=operator).json["allowed_moves"]}
    assert "assign" in client.get(path, headers=lead).json["allowed_moves"]
    assert moved(client, lead, handed_round, "assignment")["agency"] == row.suggested_agency


def test_leads_are_told_once(app: Flask, lead: Headers, handed_round: dict) -> None:
    told = [n for n in rows(app, Notice) if n.text == "notice.handed_round"]
    assert [n.values["code"] for n in told] == [handed_round["code"]]


def test_twice_is_not_yet_too_often(
    client: FlaskClient, me: Headers, operator: Headers, unit: Headers
) -> None:
    report = moved(client, operator, file_report(client, me), "acceptance")
    for _ in range(2):
        report = moved(client, operator, report, "assignment", agency=UNIT)
        report = moved(client, unit, report, "return", **BACK)
    assert moved(client, operator, report, "assignment", agency=UNIT)["agency"] == UNIT


def _part(agency: str) -> dict[str, str]:
    return {"agency": agency, "description": "Phần việc của đơn vị."}
