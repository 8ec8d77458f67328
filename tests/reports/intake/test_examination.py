"""What the worker notices of a report that came in: photos, likes, senders."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import update

from smartcity.core import clock
from smartcity.core.db import reading, transaction
from smartcity.jobs.models import JobRow
from smartcity.jobs.service import enqueue
from smartcity.reports.intake.models import BlockedDevice, ReportDevice
from smartcity.reports.intake.senders import watched
from smartcity.reports.models import Report, ReportEvent
from tests.conftest import MakeApp
from tests.helpers import Headers, bearer, citizen, count, file_report, moved, rows, work
from tests.media.conftest import send
from tests.media.pictures import saved
from tests.media.scenes import scene

Look = Callable[[], list[Report]]
BLOCKS = "/api/v1/admin/blocked-devices"
FAR = {"latitude": 20.80, "longitude": 106.60}  # from the place of other reports
REFUSALS = ("spam", "abusive_language", "bad_evidence")


def codes(report: Report) -> list[str]:
    return [hint["code"] for hint in report.hints]


def photo(client: FlaskClient, me: Headers, image: Image.Image, **options: Any) -> str:
    return str(send(client, me, saved(image, "JPEG", **options)).json["id"])


def with_photo(client: FlaskClient, me: Headers, image: Image.Image, **body: Any) -> dict:
    quality = body.pop("quality", 90)
    return file_report(client, me, media_ids=[photo(client, me, image, quality=quality)], **body)


def test_the_same_photo_in_two_reports(
    app: Flask,
    client: FlaskClient,
    me: Headers,
    stranger: Headers,
    operator: Headers,
    unit: Headers,
    looked_at: Look,
) -> None:
    taken = scene(1)
    first = with_photo(client, me, taken)
    looked_at()
    smaller = taken.resize((900, 675))
    second = with_photo(client, stranger, smaller, quality=55, description="Khác hẳn", **FAR)
    elsewhere = {"latitude": 20.70, "longitude": 106.40}
    third = with_photo(client, stranger, scene(2), description="Chuyện khác", **elsewhere)
    one, two, three = looked_at()
    assert (codes(one), codes(three)) == ([], [])
    assert two.hints == [{"code": "bad_evidence.same_photo", "reports": [first["code"]]}]
    assert (two.lane, two.sequence) == (None, 1)
    path = f"/api/v1/officer/reports/{second['id']}"
    (hint,) = client.get(path, headers=operator).json["intake"]["hints"]
    assert hint["label"].startswith("Ảnh (gần như) giống hệt")
    assert "hints" not in client.get(f"/api/v1/reports/{second['id']}", headers=stranger).json
    assert third["version"] == 1


def test_a_shared_photo_does_not_tell_who_is_anonymous(
    client: FlaskClient, me: Headers, looked_at: Look
) -> None:
    for anonymous in (False, True, False):
        with_photo(client, me, scene(3), category="security", anonymous=anonymous)
    looked_at()
    with_photo(client, me, scene(3), category="security", anonymous=True)
    *_, open_one, hidden = looked_at()
    shared = "bad_evidence.same_photo"
    told = {report.number: dict(_named(report)) for report in (open_one, hidden)}
    assert told[hidden.number] == {shared: []}
    assert shared in told[open_one.number]
    hidden_codes = {r.code for r in looked_at() if r.anonymous}
    assert not hidden_codes & {*told[open_one.number][shared]}


def _named(report: Report) -> list[tuple[str, list[str]]]:
    return [(h["code"], h["reports"]) for h in report.hints if h["code"] != "possible_duplicate"]


def test_a_photo_that_comes_later_is_looked_at_later(
    app: Flask, client: FlaskClient, me: Headers
) -> None:
    with_photo(client, me, scene(4))
    work(app, "media", "reports")
    with_photo(client, me, scene(4), description="Khác hẳn", **FAR)
    assert work(app, "reports") == 1  # before its photo is ready
    assert rows(app, Report)[1].hints == []
    (again,) = [job for job in rows(app, JobRow) if job.name == "reports.examine"]
    assert again.payload["looks"] == 1
    work(app, "media")
    with app.app_context(), transaction() as session:
        session.execute(update(JobRow).values(run_at=again.enqueued_at))
    assert work(app, "reports") == 1
    assert codes(rows(app, Report)[1]) == ["bad_evidence.same_photo"]


def test_a_screenshot_is_a_hint_and_no_more(
    client: FlaskClient, me: Headers, looked_at: Look
) -> None:
    shot = saved(scene(5).resize((540, 1200)), "PNG")
    file_report(client, me, media_ids=[send(client, me, shot).json["id"]])
    (report,) = looked_at()
    assert (codes(report), report.lane, report.status) == (
        ["bad_evidence.screen"],
        None,
        "submitted",
    )


def test_what_may_be_a_duplicate_is_named(
    client: FlaskClient, me: Headers, stranger: Headers, looked_at: Look
) -> None:
    first = file_report(client, me)
    file_report(client, stranger, description="O ga lon truoc so 12 Tran Phu", longitude=106.3301)
    *_, second = looked_at()
    assert {"code": "possible_duplicate", "reports": [first["code"]]} in second.hints


def test_very_many_are_taken_in_and_looked_at_twice(make_app: MakeApp) -> None:
    app = make_app(report_soft_limit=2)
    client, me = app.test_client(), bearer(citizen(app))
    other = bearer(citizen(app, "+84987654321"))
    device = {"X-Installation-Id": str(uuid.uuid4())}
    for who in (me, me, me, other):
        file_report(client, {**who, **device})
    work(app, "reports")
    lanes = [(r.lane, "watched_sender" in codes(r)) for r in rows(app, Report)]
    assert lanes == [(None, False), (None, False), ("review", True), ("review", True)]


def test_one_refused_often_for_abuse_is_looked_at_twice(
    app: Flask, client: FlaskClient, me: Headers, stranger: Headers, operator: Headers
) -> None:
    words = {"public_text": "Không tiếp nhận."}
    for reason in ("unclear_content", *REFUSALS):
        report = file_report(client, me)
        work(app, "reports")
        moved(client, operator, report, "rejection", reason=reason, **words)
    assert not any(r.lane for r in rows(app, Report))
    file_report(client, me)
    file_report(client, stranger)
    work(app, "reports")
    mine, theirs = sorted(rows(app, Report), key=lambda report: report.number)[-2:]
    assert (mine.lane, mine.status, theirs.lane) == ("review", "submitted", None)
    long_ago = clock.now() - timedelta(days=91)
    with app.app_context(), transaction() as session:
        session.execute(update(ReportEvent).values(at=long_ago))
        session.execute(update(Report).values(submitted_at=long_ago))
    file_report(client, me)
    work(app, "reports")
    assert max(rows(app, Report), key=lambda report: report.number).lane is None


def block(client: FlaskClient, lead: Headers, report: dict, days: float = 7) -> Any:
    until = (clock.now() + timedelta(days=days)).isoformat()
    body = {"report": report["id"], "reason": "Tin rác.", "until": until}
    return client.post(BLOCKS, json=body, headers=lead)


def test_a_blocked_device_is_accepted_and_looked_at_twice(
    app: Flask, client: FlaskClient, me: Headers, stranger: Headers, lead: Headers
) -> None:
    device = {"X-Installation-Id": str(uuid.uuid4())}
    first = file_report(client, {**me, **device})
    assert block(client, lead, first).json["errors"].keys() == {"report"}  # not looked at yet
    work(app, "reports")
    made = block(client, lead, first)
    assert (made.status_code, made.json["report"]) == (201, first["id"])
    (kept,) = rows(app, ReportDevice)
    assert device["X-Installation-Id"].replace("-", "") not in kept.device_index
    assert kept.device_index not in made.text
    second = file_report(client, {**stranger, **device})
    assert second["status"] == "submitted"
    file_report(client, stranger)
    work(app, "reports")
    lanes = [r.lane for r in sorted(rows(app, Report), key=lambda report: report.number)]
    assert lanes == [None, "review", None]
    (item,) = client.get(BLOCKS, headers=lead).json["items"]
    assert client.delete(f"{BLOCKS}/{item['id']}", headers=lead).status_code == 204
    assert client.delete(f"{BLOCKS}/{item['id']}", headers=lead).status_code == 404
    assert client.get(BLOCKS, headers=lead).json["items"] == []
    file_report(client, {**stranger, **device})
    work(app, "reports")
    assert max(rows(app, Report), key=lambda report: report.number).lane is None


@pytest.mark.parametrize(("days", "good"), [(-1, False), (0.01, True), (366, True), (367, False)])
def test_a_block_ends(
    app: Flask, client: FlaskClient, me: Headers, lead: Headers, days: float, good: bool
) -> None:
    report = file_report(client, {**me, "X-Installation-Id": str(uuid.uuid4())})
    work(app, "reports")
    answer = block(client, lead, report, days)
    assert (answer.status_code, count(app, BlockedDevice)) == ((201, 1) if good else (422, 0))
    if good:
        with clock.frozen(clock.now() + timedelta(days=days, minutes=1)):
            assert not _watched_now(app, report)


def _watched_now(app: Flask, report: dict) -> bool:
    with app.app_context(), reading() as session:
        row = session.get_one(Report, uuid.UUID(report["id"]))
        return watched(session, row, rows(app, ReportDevice)[0].device_index)


@pytest.mark.parametrize("header", ["", "x", "0" * 4000, "0198c0de-4a6e-7c3f-9d0f-6f1b2a3c4d5"])
def test_a_device_that_is_none_is_none(
    app: Flask, client: FlaskClient, me: Headers, header: str
) -> None:
    file_report(client, {**me, "X-Installation-Id": header})
    work(app, "reports")
    assert count(app, ReportDevice) == 0


def test_a_look_that_is_repeated_changes_nothing(
    app: Flask, client: FlaskClient, me: Headers, looked_at: Look
) -> None:
    for _ in range(2):
        with_photo(client, me, scene(6))
    looked_at()
    before = [(r.hints, r.sequence) for r in looked_at()]
    with app.app_context(), transaction() as session:
        for report in rows(app, Report):
            enqueue(session, "reports.examine", {"report": str(report.id), "device": None})
    after = {str(r.hints): r.sequence for r in looked_at()}
    assert after.keys() >= {str(before[1][0])}
    assert {*after.values()} == {1}
