"""Nothing private in any public answer, whatever happened to the report."""

import json
import uuid
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.core.db import transaction
from smartcity.identity.permissions import Role
from smartcity.reports import service as reports
from smartcity.reports.models import ReportEvent
from tests.helpers import UNIT, bearer, citizen, file_report, moved, officer, rows
from tests.media.conftest import do_media_jobs, send
from tests.media.pictures import jpeg
from tests.reports.publication.moderating import PUBLIC, published

PHONE = "+84903334455"
PLACE = {"latitude": 20.9437651, "longitude": 106.3337659}
PRIVATE = {
    "phone of the account": "903334455",
    "phone in the words": "0987 111 222",
    "identity number": "031095001234",
    "mail": "nguyen.van.an@example.vn",
    "name": "Nguyễn Thị Bí Mật",
    "house": "137A",
    "house in the words": "nhà số 137",
    "latitude": "20.94376",
    "longitude": "106.33376",
    "question": "MAT-CAU-HOI",
    "answer": "MAT-TRA-LOI",
    "proposal": "MAT-DE-XUAT",
    "back": "MAT-TRA-VE",
}
WORDS = (
    f"Đốt rác ở nhà số 137, bà {PRIVATE['name']} số {PRIVATE['phone in the words']}, CCCD "
    f"{PRIVATE['identity number']}, thư {PRIVATE['mail']}"
)


@pytest.fixture
def course(app: Flask, client: FlaskClient) -> dict[str, Any]:
    """A sensitive report with all that may happen, public, its result not yet published."""
    reporter = bearer(citizen(app, PHONE))
    centre = bearer(officer(app, Role.IOC_LEAD, "ioc"))
    unit, leader = (bearer(officer(app, r, UNIT)) for r in (Role.UNIT_OFFICER, Role.UNIT_LEADER))
    photo = send(client, reporter, jpeg(64, 48)).json["id"]
    told = {"category": "security", "description": WORDS, "address": "137A Lê Lợi", **PLACE}
    report = file_report(client, reporter, **told, media_ids=[photo])
    do_media_jobs(app)
    report = moved(client, centre, report, "acceptance")
    report = moved(client, centre, report, "question", public_text=PRIVATE["question"])
    answer = {"public_text": PRIVATE["answer"]}
    path = f"/api/v1/reports/{report['id']}/answer"
    report = client.put(path, json=answer, headers=reporter).json
    report = moved(client, centre, report, "assignment", agency=UNIT)
    report = moved(client, unit, report, "progress")
    report = moved(client, unit, report, "result", public_text=PRIVATE["proposal"])
    report = moved(client, leader, report, "correction", public_text=PRIVATE["back"])
    published(client, centre, report)
    return {"report": report, "photo": photo, "centre": centre, "unit": unit, "leader": leader}


def answers(client: FlaskClient, report: dict[str, Any]) -> dict[str, str]:
    """All that anybody can ask about public reports."""
    west_south = f"{PLACE['longitude'] - 0.02},{PLACE['latitude'] - 0.02}"
    box = f"{west_south},{PLACE['longitude'] + 0.02},{PLACE['latitude'] + 0.02}"
    paths = [
        PUBLIC,
        f"{PUBLIC}?q=dot rac",
        f"{PUBLIC}/{report['id']}",
        f"{PUBLIC}/counts",
        *(f"{PUBLIC}.geojson?bbox={box}&zoom={zoom}" for zoom in (5, 12, 15, 20)),
    ]
    found = {path: client.get(path) for path in paths}
    assert {a.status_code for a in found.values()} == {200}
    return {path: json.dumps(a.json, ensure_ascii=False) for path, a in found.items()}


def leaks(app: Flask, found: dict[str, str], *allowed: str) -> list[tuple[str, str]]:
    actors = {e.actor.partition(":")[2] for e in rows(app, ReportEvent)}
    marks = {**PRIVATE, **{f"actor {a}": a for a in actors if a}}
    named = {name: mark for name, mark in marks.items() if name not in allowed}
    return [
        (name, path) for path, body in found.items() for name, mark in named.items() if mark in body
    ]


def test_no_public_answer_holds_anything_private(
    app: Flask, client: FlaskClient, course: dict[str, Any]
) -> None:
    found = answers(client, course["report"])
    assert leaks(app, found) == []
    assert course["photo"] not in str(found)
    for private in ("photo", "reporter", "filed_by", "anonymous", "hints", '"by"', "actor"):
        assert private not in found[f"{PUBLIC}/{course['report']['id']}"].replace('"photos"', "")
    # The marks can be found at all: the officer's own answer holds them.
    path = f"/api/v1/officer/reports/{course['report']['id']}"
    own = json.dumps(client.get(path, headers=course["centre"]).json, ensure_ascii=False)
    there = {name for name, _ in leaks(app, {"own": own})}
    assert there >= {"phone of the account", "house", "latitude", "name"}


def test_words_that_were_private_do_not_find_the_report(
    client: FlaskClient, course: dict[str, Any]
) -> None:
    for word in ("0987", "Bí Mật", "137", "Lê Lợi", "031095001234"):
        assert client.get(f"{PUBLIC}?q={word}").json["items"] == [], word


def test_the_result_is_public_once_it_is_resolved(
    app: Flask, client: FlaskClient, course: dict[str, Any]
) -> None:
    words = "Đã nhắc nhở, liên hệ 0987 111 222."
    proof = send(client, course["unit"], jpeg(80, 60)).json["id"]
    do_media_jobs(app)
    told = {"public_text": words, "media_ids": [proof]}
    report = moved(client, course["unit"], course["report"], "result", **told)
    report = moved(client, course["leader"], report, "approval")
    whole = f"{PUBLIC}/{report['id']}"
    assert client.get(whole).json["result"] is None
    moved(client, course["centre"], report, "resolution")
    result = client.get(whole).json["result"]
    assert result == {"public_text": "Đã nhắc nhở, liên hệ [đã che].", "photos": []}
    side = published(client, course["centre"], report, photos=[proof])
    assert [p["id"] for p in client.get(whole).json["result"]["photos"]] == [proof]
    assert {p["id"]: p["shown"] for p in side["photos"]} == {proof: True, course["photo"]: False}
    assert leaks(app, answers(client, report)) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_report_stays_public_without_its_person(
    app: Flask, client: FlaskClient, course: dict[str, Any]
) -> None:
    reporter = {e.actor for e in rows(app, ReportEvent) if e.actor.startswith("citizen:")}.pop()
    before = client.get(f"{PUBLIC}/{course['report']['id']}").json
    with app.app_context(), transaction() as session:
        reports.erase_reporter(session, uuid.UUID(reporter.partition(":")[2]))
    assert client.get(f"{PUBLIC}/{course['report']['id']}").json == before
