"""A question on its way: who may take which step, and what each undoes."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.core import clock
from smartcity.identity.permissions import Role
from smartcity.notices.models import Notice
from smartcity.participation.models import Question, QuestionStep
from smartcity.participation.questions.reminding import remind
from smartcity.participation.questions.states import STEPS, State
from smartcity.push.models import InboxMessage
from tests.helpers import OTHER_UNIT, UNIT, Headers, bearer, citizen, key, officer, rows, work
from tests.participation.questions.people import (
    ANSWER,
    WORDS,
    ask,
    forwarded,
    published,
    step,
    stepped,
)

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MONDAY = datetime(2026, 11, 23, 9, tzinfo=clock.LOCAL)


@SQLITE
def test_a_question_is_numbered_and_due_in_working_days(app: Flask, client: FlaskClient) -> None:
    with clock.frozen(MONDAY):
        me = bearer(citizen(app))
        first, second = ask(client, me), ask(client, me, field="digital")
    assert (first["number"], second["number"]) == ("HD-2026-000001", "HD-2026-000002")
    assert (first["state"], first["agency"]) == ("received", None)
    due = [
        datetime.fromisoformat(each["due_at"]).astimezone(clock.LOCAL) for each in (first, second)
    ]
    # 24 November is a holiday: ten working days and five end a day later than weekends alone tell.
    assert [f"{at:%d/%m %H:%M}" for at in due] == ["08/12 17:00", "01/12 17:00"]


@SQLITE
def test_the_same_request_asks_once(client: FlaskClient, me: Headers, app: Flask) -> None:
    again = {**me, **key()}
    assert ask(client, again)["id"] == ask(client, again)["id"]
    assert len(rows(app, Question)) == 1


@SQLITE
@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"text": "Ngắn quá", "field": "other"}, "text"),
        ({"text": WORDS, "field": "pigeons"}, "field"),
        ({"text": WORDS}, "field"),
        ({"text": "a" * 4_001, "field": "other"}, "text"),
    ],
)
def test_what_is_no_question(
    client: FlaskClient, me: Headers, body: dict[str, Any], field: str
) -> None:
    answer = client.post("/api/v1/questions", json=body, headers=me)
    assert (answer.status_code, list(answer.json["errors"])) == (422, [field])


@SQLITE
def test_a_citizen_asks_so_often_a_day(make_app: Any, me: Headers) -> None:
    client = make_app(question_limit="1 per day").test_client()
    ask(client, me)
    body = {"field": "other", "text": WORDS}
    assert client.post("/api/v1/questions", json=body, headers=me).status_code == 429


def test_every_step_and_what_undoes_it(
    app: Flask, client: FlaskClient, me: Headers, operator: Headers, unit: Headers
) -> None:
    asked, why = ask(client, me), {"reason": "Nhầm."}
    refused = stepped(client, operator, asked, "refusal", **why)
    assert (refused["state"], refused["reason"]) == ("refused", "Nhầm.")
    reopened = stepped(client, operator, refused, "refusal", "DELETE", **why)
    given = forwarded(client, operator, reopened)
    assert (given["agency"], given["reason"]) == (UNIT, None)
    recalled = stepped(client, operator, given, "forwarding", "DELETE", **why)
    assert (recalled["state"], recalled["agency"]) == ("received", None)
    returned = stepped(client, unit, forwarded(client, operator, recalled), "return", **why)
    assert (returned["state"], returned["agency"]) == ("received", None)
    answered = stepped(
        client, unit, forwarded(client, operator, returned), "answer", answer="Không."
    )
    retracted = stepped(client, unit, answered, "answer", "DELETE", **why)
    assert (retracted["answer"], retracted["answered_at"]) == (None, None)
    answered = stepped(client, unit, retracted, "answer", answer=ANSWER)
    public = stepped(client, operator, answered, "publication")
    gone = stepped(client, operator, public, "publication", "DELETE", **why)
    assert client.get(f"/api/v1/questions/{asked['number']}").status_code == 404
    stepped(client, operator, gone, "publication")
    kept = [each.step for each in rows(app, QuestionStep)]
    assert kept == [
        *("ask", "refuse", "reopen", "forward", "recall", "forward", "return", "forward"),
        *("answer", "retract", "answer", "publish", "unpublish", "publish"),
    ]
    told = client.get(f"/api/v1/me/questions/{asked['id']}", headers=me).json["timeline"]
    assert [each["reason"] for each in told if each["reason"]] == ["Nhầm."] * 3  # not the inner


@SQLITE
def test_steps_wait_for_their_state_and_version(
    client: FlaskClient, me: Headers, operator: Headers, unit: Headers
) -> None:
    asked = ask(client, me)
    assert step(client, operator, asked, "publication").status_code == 409
    given = forwarded(client, operator, asked)
    assert step(client, unit, asked, "answer", answer=ANSWER).status_code == 412
    path = f"/api/v1/officer/questions/{asked['id']}/answer"
    assert client.put(path, json={"answer": ANSWER}, headers=unit).status_code == 428
    assert given["allowed"] == ["recall", "return", "answer"]  # the operator's


@SQLITE
def test_an_agency_sees_and_answers_its_own_alone(
    app: Flask, client: FlaskClient, me: Headers, operator: Headers, unit: Headers
) -> None:
    given = forwarded(client, operator, ask(client, me))
    other = bearer(officer(app, Role.UNIT_OFFICER, OTHER_UNIT))
    assert step(client, other, given, "answer", answer=ANSWER).status_code == 404
    assert client.get("/api/v1/officer/questions", headers=other).json["items"] == []
    (item,) = client.get("/api/v1/officer/questions", headers=unit).json["items"]
    assert (item["id"], item["allowed"]) == (given["id"], ["return", "answer"])
    assert "citizen_id" not in item
    assert step(client, unit, given, "publication").status_code == 403


@SQLITE
def test_one_may_take_his_question_back_before_the_answer(
    client: FlaskClient, me: Headers, stranger: Headers, operator: Headers, unit: Headers
) -> None:
    asked = ask(client, me)
    path, tag = f"/api/v1/me/questions/{asked['id']}/withdrawal", {"If-Match": '"1"'}
    assert client.put(path, headers={**stranger, **tag}).status_code == 404
    answer = client.put(path, headers={**me, **tag})
    assert (answer.status_code, answer.json["state"]) == (200, "withdrawn")
    late = published(client, operator, unit, ask(client, me))
    path = f"/api/v1/me/questions/{late['id']}/withdrawal"
    answer = client.put(path, headers={**me, "If-Match": f'"{late["version"]}"'})
    assert answer.status_code == 409


@SQLITE
@pytest.mark.parametrize(
    "shown",
    [
        "Nhà tôi gọi 0912 345 678 mà không ai trả lời là sao?",
        "Căn cước 031 085 123 456 của tôi hết hạn thì làm ở đâu?",
        "Sao lũ khốn ở phường không giải quyết cho tôi?",
    ],
)
def test_nothing_hateful_or_personal_goes_on(
    client: FlaskClient, me: Headers, operator: Headers, shown: str
) -> None:
    asked = ask(client, me, text=shown)
    answer = step(client, operator, asked, "forwarding", agency=UNIT, shown=shown)
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["shown"])
    whole = client.get(f"/api/v1/officer/questions/{asked['id']}", headers=operator).json
    (mark,) = [m for m in whole["marks"] if m["kind"] in ("phone", "id_number", "abusive")]
    assert shown[mark["start"] : mark["end"]] not in whole["suggested"]
    given = {"agency": UNIT, "shown": whole["suggested"]}
    assert step(client, operator, asked, "forwarding", **given).status_code == 200


@SQLITE
def test_a_private_answer_is_not_published(
    client: FlaskClient, me: Headers, operator: Headers, unit: Headers
) -> None:
    given = forwarded(client, operator, ask(client, me, private=True))
    answered = stepped(client, unit, given, "answer", answer=ANSWER)
    assert step(client, operator, answered, "publication").status_code == 409
    told = client.get(f"/api/v1/me/questions/{given['id']}", headers=me).json
    assert (told["answer"], told["state"]) == (ANSWER, "answered")


@SQLITE
def test_a_correction_tells_that_there_was_another_answer(
    client: FlaskClient, me: Headers, operator: Headers, unit: Headers, app: Flask
) -> None:
    public = published(client, operator, unit, ask(client, me))
    note = "Theo quy định mới."
    stepped(client, unit, public, "correction", answer="Không cần nữa.", note=note)
    told = client.get(f"/api/v1/questions/{public['number']}").json
    assert (told["answer"], told["corrections"][0]["note"]) == ("Không cần nữa.", note)
    answers = [each.answer for each in rows(app, QuestionStep) if each.answer]
    assert answers == [ANSWER, "Không cần nữa."]
    assert client.get("/api/v1/search?q=khong can nua").json["items"][0]["kind"] == "question"


@SQLITE
def test_the_citizen_is_told_of_what_matters(
    app: Flask, client: FlaskClient, me: Headers, operator: Headers, unit: Headers
) -> None:
    published(client, operator, unit, ask(client, me))
    work(app, "inbox")
    told = [each.text for each in rows(app, InboxMessage)]
    assert sorted(told) == [f"push.question.{each}" for each in ("answer", "forward", "publish")]
    inbox = client.get("/api/v1/me/inbox", headers=me).json["items"]
    assert all("HD-2026-" in each["title"] for each in inbox)


@SQLITE
def test_officers_are_reminded_a_day_before_and_when_it_is_due(
    app: Flask, client: FlaskClient
) -> None:
    with clock.frozen(MONDAY):
        centre = bearer(officer(app, Role.IOC_OPERATOR, "ioc"))
        bearer(officer(app, Role.UNIT_OFFICER, UNIT))
        asked = forwarded(client, centre, ask(client, bearer(citizen(app))))
    due = datetime.fromisoformat(asked["due_at"])
    seen = []
    for at in (due - timedelta(hours=25), due - timedelta(hours=23), due, due):
        with app.app_context(), clock.frozen(at):
            remind()
        seen.append([each.text for each in rows(app, Notice)][1:])  # the first: it was forwarded
    soon, late = "notice.question.due_soon", "notice.question.overdue"
    assert seen == [[], [soon], [soon, late], [soon, late]]
    with clock.frozen(due + timedelta(minutes=1)):
        unit = bearer(officer(app, Role.UNIT_LEADER, UNIT))
        metrics = client.get("/metrics").get_data(as_text=True)
        (item,) = client.get("/api/v1/officer/questions?overdue=true", headers=unit).json["items"]
    assert item["number"] == asked["number"]
    assert "questions_overdue 1.0" in metrics
    assert 'questions_open{state="forwarded"} 1.0' in metrics


def test_the_queue_is_narrowed_and_taken_away(
    client: FlaskClient, me: Headers, operator: Headers, unit: Headers
) -> None:
    first, second = ask(client, me), ask(client, me, field="digital")
    forwarded(client, operator, first)
    path = "/api/v1/officer/questions"

    def found(query: str) -> list[str]:
        items = client.get(f"{path}?{query}", headers=operator).json["items"]
        return [each["number"] for each in items]

    assert found("") == [second["number"], first["number"]]  # due first
    assert found(f"agency={UNIT}") == [first["number"]]
    assert found("state=received&state=answered") == [second["number"]]
    assert found("field=digital&q=dang ky tam tru") == [second["number"]]
    assert found("overdue=true") == found("q=khong co chu nay") == []
    page = client.get(f"{path}?limit=1", headers=operator).json
    after = client.get(f"{path}?limit=1&cursor={page['next_cursor']}", headers=operator).json
    assert after["items"][0]["number"] == first["number"]
    csv = client.get(f"{path}.csv", headers=operator).get_data(as_text=True)
    assert csv.count("HD-2026-") == 2


def test_every_state_has_a_way_and_every_step_an_undoing() -> None:
    undone = {"forward": "recall", "refuse": "reopen", "answer": "retract", "publish": "unpublish"}
    for done, undoing in undone.items():
        target = STEPS[done].target
        assert target in STEPS[undoing].sources
        assert STEPS[undoing].target in STEPS[done].sources
    reached = {row.target for row in STEPS.values()} - {None}
    assert reached == set(State)
