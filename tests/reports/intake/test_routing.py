"""Which unit a report is suggested to; a bad rule steps aside and says so."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.audit.models import AuditEntry
from smartcity.core.datafile import BadFile
from smartcity.core.db import transaction
from smartcity.reports.intake import jobs, routing
from smartcity.reports.intake.models import RoutingRuleRow
from smartcity.reports.intake.routing_files import load_routing
from smartcity.reports.models import Report
from smartcity.settings import Settings
from tests.helpers import Headers, count, file_report, moved, report_body, rows, statements

RULES = "/api/v1/admin/routing-rules"
REASON = {"reason": "Đang rà soát."}
_FILE = """
rules:
  - {code: night, agency: cong-an, if: {categories: [noise], hours: "22:00-06:00"}}
  - {code: weekend, agency: pccc, if: {categories: [noise], weekdays: [sat, sun]}}
  - {code: bar, agency: so-van-hoa-the-thao-du-lich, if: {categories: [noise], words: [karaoke]}}
  - {code: here, agency: so-y-te, if: {areas: ["10507"], words: ["rác thải y tế"]}}
  - {code: later, agency: so-cong-thuong, if: {areas: ["10507"]}}
"""
HERE = {"latitude": 20.95957, "longitude": 106.32514}  # of 10507
NOON = "2026-11-18T12:00:00+07:00"  # a Wednesday


@pytest.fixture(autouse=True)
def restored(app: Flask) -> Iterator[None]:
    """Whatever rules a test loads or disables, the next one finds those of the demo province."""
    yield
    with app.app_context(), transaction() as session:
        for row in session.query(RoutingRuleRow):
            session.delete(row)
        session.flush()
        load_routing(session, Settings().province_dir)


@pytest.fixture
def load(app: Flask, tmp_path: Path) -> Any:
    def load(content: str) -> None:
        (tmp_path / "routing.yaml").write_text(content, "utf-8")
        with app.app_context(), transaction() as session:
            load_routing(session, tmp_path)
        forget(app)

    return load


def forget(app: Flask) -> None:
    with app.app_context():
        routing.known().forget()


def spoil(app: Flask, code: str, **values: Any) -> None:
    """Change a rule behind the program's back."""
    with app.app_context(), transaction() as session:
        row = session.get_one(RoutingRuleRow, code)
        for name, value in values.items():
            setattr(row, name, value)
    forget(app)


def tried(client: FlaskClient, lead: Headers, **asked: Any) -> dict[str, Any]:
    body = {"category": "noise", "description": "Ồn ào quá", **HERE, "at": NOON, **asked}
    answer = client.post(f"{RULES}/trial", json=body, headers=lead)
    assert answer.status_code == 200, answer.json
    return answer.json


@pytest.mark.parametrize(
    ("asked", "rule"),
    [
        ({"at": "2026-11-18T22:00:00+07:00"}, "night"),
        ({"at": "2026-11-18T05:59:59+07:00"}, "night"),
        ({"at": "2026-11-18T06:00:00+07:00"}, "later"),
        ({"at": "2026-11-17T22:59:00+00:00"}, "night"),  # 5:59 here
        ({"at": "2026-11-21T23:00:00+07:00"}, "night"),  # Saturday night: the first wins
        ({"at": "2026-11-21T12:00:00+07:00"}, "weekend"),
        ({"at": "2026-11-20T17:00:00+00:00"}, "night"),  # Saturday's first minute here
        ({"description": "Hát KARAÔKÊ to"}, "bar"),
        ({"description": "karaokee"}, "later"),
        ({"category": "noise.karaoke"}, "later"),
        ({"category": "noise.karaoke", "at": "2026-11-18T23:00:00+07:00"}, "night"),
        ({"category": "environment", "description": "Rac  thai,\ny te do day duong"}, "here"),
        ({"category": "environment", "description": "rác thải của trạm y tế"}, "later"),
        ({"latitude": 20.94, "longitude": 106.33}, None),
    ],
)
def test_the_first_rule_that_fits_wins(
    load: Any, client: FlaskClient, lead: Headers, asked: dict[str, Any], rule: str | None
) -> None:
    load(_FILE)
    assert tried(client, lead, **asked)["rule"] == rule


def test_the_trial_says_why(load: Any, client: FlaskClient, lead: Headers) -> None:
    load(_FILE)
    told = tried(client, lead)
    assert [r["outcome"] for r in told["rules"]] == ["hours", "weekdays", "words", "words", "fits"]
    assert (told["agency"], told["by"], told["area"]) == ("so-cong-thuong", "rule", "10507")
    elsewhere = {"latitude": 20.94, "longitude": 106.33}
    by_ward = tried(client, lead, **elsewhere)
    assert (by_ward["agency"], by_ward["by"]) == (f"ubnd-{by_ward['area']}", "ward")
    by_kind = tried(client, lead, category="power", **elsewhere)
    assert (by_kind["agency"], by_kind["by"]) == ("dien-luc", "category")


def test_a_report_is_suggested_to_a_unit_and_costs_no_statement_more(
    app: Flask, client: FlaskClient, me: Headers, operator: Headers
) -> None:
    body = {"category": "trees", "description": "Cây đổ, đứt dây điện ngoài đường"}
    file_report(client, me)
    with statements(app) as seen:
        report = file_report(client, me, **body)
    assert not [s for s in seen if "routing" in s]
    assert [r.suggested_agency for r in rows(app, Report)] == ["so-xay-dung", "dien-luc"]
    path = f"/api/v1/officer/reports/{report['id']}"
    assert client.get(path, headers=operator).json["intake"]["suggested_agency"] == "dien-luc"
    report = moved(client, operator, report, "acceptance")
    assert moved(client, operator, report, "assignment")["agency"] == "dien-luc"


@pytest.mark.parametrize(
    ("values", "why"),
    [
        (
            {"agency": "no-such-unit", "conditions": {"categories": ["noise"]}},
            "agency no-such-unit",
        ),
        ({"conditions": {"categories": ["gone"]}}, "category gone"),
        ({"conditions": {"areas": ["00001"]}}, "area 00001"),
        ({"conditions": {"words": ["?!"]}}, "words"),
        ({"conditions": {"hours": "25:00-26:00"}}, "hours"),
        ({"conditions": {"pattern": "(a+)+$"}}, "pattern"),
        ({"conditions": {"categories": "noise"}}, "categories"),
        ({"conditions": {}}, "_schema"),
        ({"conditions": []}, "_schema"),
    ],
)
def test_a_bad_rule_disables_itself_and_no_filing_fails(
    app: Flask,
    client: FlaskClient,
    me: Headers,
    lead: Headers,
    values: dict[str, Any],
    why: str,
) -> None:
    spoil(app, "noise-at-night", **values)
    file_report(client, me, category="noise")
    assert rows(app, Report)[0].suggested_agency.startswith("ubnd-")
    with app.app_context():
        for _ in range(2):
            jobs.check_rules()
    [rule] = [r for r in listed(client, lead) if r["code"] == "noise-at-night"]
    assert rule["disabled_by"] == "system"
    assert why in rule["disabled_why"]
    assert [r for r in listed(client, lead) if r["disabled_at"]] == [rule]
    deeds = [e for e in rows(app, AuditEntry) if e.action == "routing_rule.disable"]
    assert [e.detail["rule"] for e in deeds] == ["noise-at-night"]
    assert "routing_rules_unusable 1.0" in client.get("/metrics").text
    refused = client.delete(f"{RULES}/noise-at-night/disabling", headers=lead)
    assert (refused.status_code, refused.json["type"]) == (409, "urn:problem:routing.still_bad")


def test_a_mended_rule_is_in_force_again(app: Flask, client: FlaskClient, lead: Headers) -> None:
    spoil(app, "noise-at-night", agency="no-such-unit")
    with app.app_context():
        jobs.check_rules()
        with transaction() as session:
            load_routing(session, Settings().province_dir)
    assert not [r for r in listed(client, lead) if r["disabled_at"] or r["fault"]]
    assert "routing_rules_unusable 0.0" in client.get("/metrics").text


def test_a_lead_takes_a_rule_out_and_back(app: Flask, client: FlaskClient, lead: Headers) -> None:
    night = {"at": "2026-11-18T23:00:00+07:00"}
    assert tried(client, lead, **night)["agency"] == "cong-an"
    path = f"{RULES}/noise-at-night/disabling"
    assert client.put(path, json={}, headers=lead).status_code == 422
    for _ in range(2):
        out = client.put(path, json=REASON, headers=lead).json
    assert (out["disabled_by"], out["disabled_why"]) == ("officer", "Đang rà soát.")
    told = tried(client, lead, **night)
    assert (told["by"], told["rules"][0]["outcome"]) == ("ward", "disabled")
    assert "routing_rules_unusable 0.0" in client.get("/metrics").text  # it is meant so
    assert client.delete(path, headers=lead).json["disabled_at"] is None
    assert tried(client, lead, **night)["agency"] == "cong-an"
    done = [e.action for e in rows(app, AuditEntry) if e.subject_kind == "routing_rule"]
    assert done == ["routing_rule.disable", "routing_rule.enable"]
    for method in (client.put, client.delete):
        assert method(f"{RULES}/nothing/disabling", json=REASON, headers=lead).status_code == 404


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        ("{code: a, agency: nobody, if: {categories: [noise]}}", "no agency nobody"),
        ("{code: a, agency: cong-an, if: {categories: [x]}}", "no category x"),
        ("{code: a, agency: cong-an, if: {areas: ['1']}}", "no area 1"),
        ("{code: a, agency: cong-an, if: {words: ['!']}}", "rules[0].if.words"),
        ("{code: a, agency: cong-an, if: {hours: '7-8'}}", "rules[0].if.hours"),
        ("{code: a, agency: cong-an, if: {weekdays: [funday]}}", "rules[0].if.weekdays"),
        ("{code: a, agency: cong-an, if: {}}", "rules[0].if"),
        ("{code: a, agency: cong-an}", "rules[0].if"),
    ],
)
def test_a_file_with_a_bad_rule_is_refused_whole(
    app: Flask, load: Any, rule: str, fault: str
) -> None:
    before = count(app, RoutingRuleRow)
    with pytest.raises(BadFile) as refused:
        load(f"rules: [{rule}]")
    assert fault in str(refused.value)
    assert count(app, RoutingRuleRow) == before


def test_thousands_of_words_cost_little(load: Any, client: FlaskClient, me: Headers) -> None:
    words = ", ".join(f"từ số {n}" for n in range(200))
    load(f"rules: [{{code: many, agency: cong-an, if: {{words: [{words}]}}}}]")
    long = "đường hỏng " * 450 + "TU SO 199"
    assert client.post("/api/v1/reports", json=report_body(description=long), headers=me)


def listed(client: FlaskClient, lead: Headers) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = client.get(RULES, headers=lead).json["items"]
    return items
