"""Canned replies: kept, offered for a report and a move, filled in."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, update

from smartcity.audit.models import AuditEntry
from smartcity.core.datafile import BadFile
from smartcity.core.db import transaction
from smartcity.reports.desk.models import Reply
from smartcity.reports.desk.reply_files import load_replies
from smartcity.reports.models import Report
from smartcity.settings import ROOT
from tests.helpers import UNIT, Headers, file_report, moved, rows

REPLIES = "/api/v1/admin/replies"
WORDS = {
    "title_vi": "Đã chuyển",
    "title_en": "Given",
    "text_vi": "{code}: {agency}, {ward}, {category}, {due_at}. {{ghi chú}}",
    "text_en": "{code}: {agency}, {ward}, {category}, {due_at}.",
}


@pytest.fixture(autouse=True)
def no_replies(app: Flask) -> None:
    """Without the province's own."""
    with app.app_context(), transaction() as session:
        session.execute(delete(Reply))


def create(client: FlaskClient, who: Headers, code: str, **other: Any):
    return client.post(REPLIES, json={**WORDS, "code": code, **other}, headers=who)


def put(client: FlaskClient, who: Headers, code: str, version: int, **other: Any):
    headers = {**who, "If-Match": f'"{version}"'}
    return client.put(f"{REPLIES}/{code}", json={**WORDS, **other}, headers=headers)


def offered(client: FlaskClient, who: Headers, report: dict, query: str = "") -> list[dict]:
    path = f"/api/v1/officer/reports/{report['id']}/replies?{query}"
    answer = client.get(path, headers=who)
    assert answer.status_code == 200, answer.json
    return answer.json["items"]


def codes(items: list[dict]) -> list[str]:
    return [item["code"] for item in items]


def test_a_reply_is_filled_in_for_a_report(
    app: Flask, client: FlaskClient, me: Headers, operator: Headers, lead: Headers
) -> None:
    assert create(client, lead, "given").headers["ETag"] == '"1"'
    report = file_report(client, me, category="traffic_infra.pothole")
    with app.app_context(), transaction() as session:
        session.execute(update(Report).values(due_at=None))
    [reply] = offered(client, operator, report)
    assert reply["text_en"].startswith(f"{report['code']}: the unit in charge, ")
    assert reply["text_en"].endswith("Pothole, damaged road, the set time limit.")
    report = moved(
        client, operator, moved(client, operator, report, "acceptance"), "assignment", agency=UNIT
    )
    due = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    with app.app_context(), transaction() as session:
        session.execute(update(Report).values(due_at=due))
    [reply] = offered(client, operator, report)
    assert "Sở Xây dựng" in reply["text_vi"]
    assert reply["text_vi"].endswith("Ổ gà, mặt đường hư hỏng, 06:30 ngày 23/11/2026. {ghi chú}")
    assert reply["text_en"].endswith("06:30 on 2026-11-23.")


def test_what_suits_is_offered_the_most_particular_first(
    client: FlaskClient, me: Headers, operator: Headers, unit: Headers, lead: Headers
) -> None:
    create(client, lead, "any")
    create(client, lead, "for_refusals", move="reject")
    create(client, lead, "for_roads", category="traffic_infra")
    create(client, lead, "for_potholes", category="traffic_infra.pothole", move="reject")
    create(client, lead, "for_noise", category="noise")
    report = file_report(client, me, category="traffic_infra.pothole")
    particular = ["for_potholes", "for_roads", "for_refusals", "any"]
    assert codes(offered(client, operator, report, "move=reject")) == particular
    assert codes(offered(client, operator, report, "move=assign")) == ["for_roads", "any"]
    path = f"/api/v1/officer/reports/{report['id']}/replies"
    assert client.get(path, headers=unit).status_code == 404
    assert client.get(f"{path}?move=dragons", headers=operator).status_code == 422


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "text",
    [
        "{phone}",
        "{code.__class__}",
        "{code!r}",
        "{code:>9}",
        "{}",
        "{0}",
        "{",
        "a } b",
        "{code[0]}",
    ],
)
def test_a_template_knows_its_variables_only(client: FlaskClient, lead: Headers, text: str) -> None:
    for field in ("text_vi", "text_en"):
        answer = create(client, lead, "x", **{field: text})
        assert (answer.status_code, list(answer.json["errors"])) == (422, [field]), answer.json


def test_a_reply_is_changed_on_the_version_that_was_seen_and_brought_back(
    app: Flask, client: FlaskClient, me: Headers, operator: Headers, lead: Headers, admin: Headers
) -> None:
    create(client, lead, "given")
    report = file_report(client, me)
    assert create(client, admin, "given").status_code == 409
    assert put(client, lead, "given", 1, title_vi="Mới").json["title_vi"] == "Mới"
    assert put(client, admin, "given", 1, title_vi="Khác").status_code == 412
    assert client.put(f"{REPLIES}/given", json=WORDS, headers=lead).status_code == 428
    gone = client.delete(f"{REPLIES}/given", headers={**lead, "If-Match": '"2"'})
    assert (gone.status_code, gone.json["active"]) == (200, False)
    assert offered(client, operator, report) == []
    listed = client.get(f"{REPLIES}?active=false", headers=lead).json["items"]
    assert [(r["code"], r["version"]) for r in listed] == [("given", 3)]
    assert put(client, lead, "given", 3).json["active"] is True
    assert codes(offered(client, operator, report)) == ["given"]
    assert put(client, lead, "absent", 1).status_code == 404
    deeds = [e for e in rows(app, AuditEntry) if e.subject_kind == "reply"]
    assert [e.action for e in deeds] == [
        "reply.create",
        "reply.change",
        "reply.take_away",
        "reply.change",
    ]
    assert (deeds[1].before["title_vi"], deeds[1].after["title_vi"]) == ("Đã chuyển", "Mới")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_reply_names_what_there_is(client: FlaskClient, lead: Headers) -> None:
    for field, value in {"category": "dragons", "move": "fly", "code": "A b"}.items():
        answer = (
            create(client, lead, "x", **{field: value})
            if field != "code"
            else create(client, lead, value)
        )
        assert (answer.status_code, list(answer.json["errors"])) == (422, [field])


def test_the_provinces_file_adds_and_never_undoes(app: Flask, tmp_path: Path) -> None:
    with app.app_context(), transaction() as session:
        load_replies(session, ROOT / "config" / "province")
    loaded = rows(app, Reply)
    assert len(loaded) > 3
    with app.app_context(), transaction() as session:
        session.execute(update(Reply).values(title_vi="Đã sửa", active=False))
        load_replies(session, ROOT / "config" / "province")
    assert {(r.title_vi, r.active) for r in rows(app, Reply)} == {("Đã sửa", False)}
    for wrong in ("category: dragons", "text_en: '{phone}'"):
        text = f"replies: [{{code: x, title_vi: a, title_en: a, text_vi: a, text_en: a, {wrong}}}]"
        (tmp_path / "replies.yaml").write_text(text, "utf-8")
        with app.app_context(), transaction() as session, pytest.raises(BadFile, match="replies"):
            load_replies(session, tmp_path)
