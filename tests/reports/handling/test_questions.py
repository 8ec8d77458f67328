"""Questions: a unit proposes, the centre asks, the citizen answers in time or is refused."""

from flask import Flask
from flask.testing import FlaskClient

from smartcity.reports.handling import jobs
from smartcity.reports.models import ReportEvent
from tests.helpers import Headers, file_report, move, moved, rows, upload
from tests.reports.handling.ways import in_progress, later, moves, put, seen

QUESTION = {"public_text": "Ở cột số mấy?"}
OFFICERS = "/api/v1/officer/reports"


def test_a_unit_asks_through_the_centre(
    client: FlaskClient, me: Headers, operator: Headers, unit: Headers
) -> None:
    report = in_progress(client, me, operator, unit)
    assert move(client, unit, report, "question", **QUESTION).status_code == 403
    assert move(client, operator, report, "question-proposal", **QUESTION).status_code == 403
    report = moved(client, unit, report, "question-proposal", **QUESTION)
    assert (report["status"], report["proposed_question"]) == ("in_progress", "Ở cột số mấy?")
    waiting = client.get(f"{OFFICERS}?question_proposed=true", headers=operator).json["items"]
    assert [r["id"] for r in waiting] == [report["id"]]
    # The citizen hears of it when it is asked, not before.
    assert [m["move"] for m in moves(client, me, report)] == ["submit", "accept", "assign", "start"]
    report = moved(client, operator, report, "question", public_text="Xin cho biết cột số mấy?")
    assert (report["status"], report["proposed_question"]) == ("need_info", None)
    back = put(client, me, report, "answer", public_text="Cột số 14.")
    assert (back.status_code, back.json["status"]) == (200, "in_progress")
    assert client.get(f"{OFFICERS}?question_proposed=true", headers=operator).json["items"] == []


def test_a_proposed_question_that_is_not_asked_lapses_with_the_state(
    client: FlaskClient, me: Headers, operator: Headers, unit: Headers
) -> None:
    report = in_progress(client, me, operator, unit)
    report = moved(client, unit, report, "question-proposal", **QUESTION)
    report = moved(client, unit, report, "result", public_text="Tự tìm được.")
    assert report["proposed_question"] is None


def test_an_answer_brings_words_photos_or_both(
    client: FlaskClient, me: Headers, stranger: Headers, operator: Headers
) -> None:
    report = file_report(client, me)
    photo, anothers = upload(client, me), upload(client, stranger)
    bodies = [{"media_ids": [photo]}, {"public_text": "Đầu ngõ."}]
    for body in bodies:
        report = moved(client, operator, report, "question", **QUESTION)
        assert put(client, stranger, report, "answer", **body).status_code == 404
        empty = put(client, me, report, "answer")
        assert (empty.status_code, empty.json["errors"].keys()) == (422, {"public_text"})
        foreign = put(client, me, report, "answer", media_ids=[anothers])
        assert (foreign.status_code, foreign.json["errors"].keys()) == (422, {"media_ids"})
        report = put(client, me, report, "answer", **body).json
        assert report["status"] == "submitted"
        assert [p["id"] for p in report["media"]] == [photo]
    again = put(client, me, report, "answer", **bodies[1])
    assert (again.status_code, again.json["type"]) == (409, "urn:problem:report.move_not_allowed")


def test_a_question_waits_as_long_as_its_asker_says(
    client: FlaskClient, me: Headers, operator: Headers
) -> None:
    report = file_report(client, me)
    for days in (0, 15, "3", 2.5, None):
        answer = move(client, operator, report, "question", **QUESTION, days=days)
        assert (answer.status_code, answer.json["errors"].keys()) == (422, {"days"})
    report = moved(client, operator, report, "question", **QUESTION, days=14)
    asked = moves(client, me, report)[-1]
    assert asked["details"]["answer_due_at"] == report["answer_due_at"]
    assert report["answer_due_at"] > report["updated_at"]


def test_silence_ends_in_a_refusal_once(
    app: Flask, client: FlaskClient, me: Headers, operator: Headers
) -> None:
    silent, slow = (file_report(client, me) for _ in range(2))
    silent = moved(client, operator, silent, "question", **QUESTION)
    slow = moved(client, operator, slow, "question", **QUESTION, days=5)
    with app.app_context():
        jobs.refuse_unanswered()
    assert seen(client, operator, silent)["status"] == "need_info"
    with later(app, days=3, seconds=1) as me_then:
        late = put(client, me_then, silent, "answer", public_text="Xin lỗi, cột 14.")
        assert (late.status_code, late.json["type"]) == (409, "urn:problem:report.answer_late")
        with app.app_context():
            jobs.refuse_unanswered()
            jobs.refuse_unanswered()
        last = moves(client, me_then, silent)[-1]
        assert (last["move"], last["by"], last["reason"]) == ("reject", "system", "unclear_content")
        assert "trong thời hạn" in last["public_text"]
        assert put(client, me_then, slow, "answer", public_text="Cột 14.").status_code == 200
    refusals = rows(app, ReportEvent, ReportEvent.move == "reject")
    assert [str(e.report_id) for e in refusals] == [silent["id"]]
