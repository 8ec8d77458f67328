"""What the public reads: found, offered to who asks alike, counted; and what nobody may read."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from smartcity.changes import service as changes
from smartcity.core import clock
from smartcity.core.context import settings
from smartcity.core.db import reading, transaction
from smartcity.participation.models import Question, QuestionStep
from smartcity.participation.questions.personal import (
    erase_questions,
    forget_askers,
    held_questions,
    questions_over,
)
from smartcity.participation.questions.publication import questions_for_phones
from smartcity.participation.questions.seeding import load_questions
from tests.helpers import UNIT, Headers, rows
from tests.participation.questions.people import (
    ANSWER,
    WORDS,
    ask,
    forwarded,
    published,
    stepped,
)

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def _loaded(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        load_questions(session, settings().province_dir)


def test_the_demonstrations_questions_are_loaded_once_and_offered(
    app: Flask, client: FlaskClient
) -> None:
    _loaded(app)
    _loaded(app)
    items = client.get("/api/v1/questions?limit=100").json["items"]
    assert len(items) == 12
    assert all(each["demo"] and each["answered_at"] <= each["due_at"] for each in items)
    assert all(not each.due_at < each.answered_at for each in rows(app, Question))
    found = client.get("/api/v1/questions?field=residence&q=tam tru").json["items"]
    assert [each["agency"] for each in found] == ["cong-an"]
    query = {"q": "Em thuê trọ gần khu công nghiệp thì đăng ký tạm trú ở đâu ạ?"}
    alike = client.get("/api/v1/questions/similar", query_string=query).json["items"]
    assert alike[0]["number"] == found[0]["number"]
    query = {"q": "Bao giờ thì có cầu mới, phải đi qua ở đâu?"}
    assert client.get("/api/v1/questions/similar", query_string=query).json["items"] == []


@SQLITE
def test_an_answer_stays_the_same_to_who_holds_it(
    client: FlaskClient, me: Headers, operator: Headers, unit: Headers
) -> None:
    public = published(client, operator, unit, ask(client, me))
    path = f"/api/v1/questions/{public['number']}"
    first = client.get(path)
    assert (first.json["text"], first.json["answer"]) == (WORDS, ANSWER)
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert {"text", "answer"} < first.json.keys()
    assert not {"citizen_id", "state", "private", "shown", "changed_by"} & first.json.keys()


@SQLITE
def test_what_was_covered_is_not_found_in_public(
    client: FlaskClient, me: Headers, operator: Headers, unit: Headers, app: Flask
) -> None:
    text = f"Tôi là Nguyễn Thị Bưởi. {WORDS}"
    asked = ask(client, me, text=text)
    given = stepped(client, operator, asked, "forwarding", agency=UNIT, shown=WORDS)
    answered = stepped(client, unit, given, "answer", answer=ANSWER)
    stepped(client, operator, answered, "publication")
    for path in ("/api/v1/questions?q=buoi", "/api/v1/search?q=nguyen thi buoi"):
        assert client.get(path).json["items"] == []
    with app.app_context(), reading() as session:
        told = questions_for_phones(session, [asked["id"]])
        assert changes.is_public(session, "question", asked["id"])
    assert "Bưởi" not in told[asked["id"]]


@SQLITE
def test_agencies_are_measured(
    app: Flask, client: FlaskClient, me: Headers, operator: Headers, unit: Headers
) -> None:
    for days in (2, 4, 30):
        answered = stepped(
            client, unit, forwarded(client, operator, ask(client, me)), "answer", answer=ANSWER
        )
        asked_at = clock.now() - timedelta(days=days)
        with app.app_context(), transaction() as session:
            moved = {"asked_at": asked_at, "due_at": asked_at + timedelta(days=14)}
            of = update(Question).where(Question.number == answered["number"])
            session.execute(of.values(**moved))
    forwarded(client, operator, ask(client, me))
    (item,) = client.get("/api/v1/questions/figures").json["items"]
    wanted = {"answered": 3, "in_time": 0.667, "median_days": 4.0, "waiting": 1, "overdue": 0}
    assert item == {"agency": UNIT, **wanted}


@SQLITE
def test_who_is_erased_leaves_the_public_words_alone(
    app: Flask, client: FlaskClient, me: Headers, operator: Headers, unit: Headers
) -> None:
    public = published(client, operator, unit, ask(client, me))
    secret = forwarded(client, operator, ask(client, me, private=True))
    stepped(client, unit, secret, "answer", answer="Chỉ cho riêng bạn.")
    waiting = ask(client, me)
    citizen = rows(app, Question)[0].citizen_id
    with app.app_context(), transaction() as session:
        held = list(held_questions(session, citizen))
        assert [each["number"] for each in held] == [q["number"] for q in (public, secret, waiting)]
        erase_questions(session, citizen)
    left = {each.number: each for each in rows(app, Question)}
    assert {each.citizen_id for each in left.values()} == {None}
    assert (left[public["number"]].state, left[public["number"]].answer) == ("published", ANSWER)
    gone = left[secret["number"]]
    assert (gone.text, gone.shown, gone.answer) == ("", None, None)
    assert left[waiting["number"]].state == "withdrawn"
    assert left[waiting["number"]].text == ""
    actors = {each.actor for each in rows(app, QuestionStep)}
    assert str(citizen) not in " ".join(actors)


@SQLITE
def test_after_five_years_nobody_knows_who_asked(
    app: Flask, client: FlaskClient, me: Headers, operator: Headers, unit: Headers
) -> None:
    published(client, operator, unit, ask(client, me))
    waiting = ask(client, me)
    with app.app_context():
        forget_askers(questions_over(clock.now() + timedelta(seconds=1)))
    known = [each.number for each in rows(app, Question) if each.citizen_id]
    assert known == [waiting["number"]]
