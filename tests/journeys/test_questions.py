"""A question from a phone to everybody's screen, and one whose agency let its day pass."""

from datetime import datetime, timedelta

from flask import Flask
from flask.testing import FlaskClient

from smartcity.core import clock
from smartcity.identity.permissions import Role
from smartcity.notices.models import Notice
from smartcity.participation.questions.jobs import remind_of_questions
from tests.helpers import UNIT, Headers, bearer, citizen, officer, rows, work
from tests.participation.questions.people import ANSWER, WORDS, ask, stepped

MONDAY = datetime(2026, 11, 30, 9, tzinfo=clock.LOCAL)
ROAD = "Bao giờ đoạn đường trước chợ Sắt được trải nhựa lại để bà con đi làm?"
HATEFUL = f"Lũ khốn lười biếng! {ROAD} Gọi tôi 0912 345 678."


def test_a_question_answered_in_time_is_public_and_a_late_one_is_chased(
    app: Flask, client: FlaskClient
) -> None:
    with clock.frozen(MONDAY):
        me, moderator = bearer(citizen(app)), bearer(officer(app, Role.IOC_OPERATOR, "ioc"))
        first, late = (
            ask(client, me, field="residence"),
            ask(client, me, text=HATEFUL, field="land"),
        )
        assert _public(client, "thue tro") == _public(client, "lu khon") == []
        queue = client.get("/api/v1/officer/questions", headers=moderator).json["items"]
        assert [each["number"] for each in queue] == [first["number"], late["number"]]
        given = stepped(client, moderator, first, "forwarding", agency=UNIT, shown=WORDS)
        chased = stepped(client, moderator, late, "forwarding", agency=UNIT, shown=ROAD)
    with clock.frozen(MONDAY + timedelta(days=3)):
        unit = bearer(officer(app, Role.UNIT_OFFICER, UNIT))
        moderator = bearer(officer(app, Role.CONTENT_EDITOR))
        answered = stepped(client, unit, given, "answer", answer=ANSWER)
        assert _public(client, "thue tro") == []  # answered, and not published yet
        stepped(client, moderator, answered, "publication")
        assert _public(client, "thue tro") == [f"/questions/{first['number']}"]
        alike = {"q": "Em mới thuê trọ, có phải đăng ký tạm trú không ạ?"}
        (offered,) = client.get("/api/v1/questions/similar", query_string=alike).json["items"]
        assert (offered["number"], offered["answer"]) == (first["number"], ANSWER)
        _told(app, client, bearer(citizen(app)), first["number"], steps=3)
    _let_pass(app, client, chased)
    with clock.frozen(MONDAY + timedelta(days=40)):
        unit = bearer(officer(app, Role.UNIT_LEADER, UNIT))
        answered = stepped(client, unit, chased, "answer", answer="Đang chọn nhà thầu.")
        figures = client.get("/api/v1/questions/figures").json["items"]
    wanted = {"answered": 2, "in_time": 0.5, "median_days": 21.5, "waiting": 0, "overdue": 0}
    assert figures == [{"agency": UNIT, **wanted}]


def _public(client: FlaskClient, words: str) -> list[str]:
    found = client.get("/api/v1/search", query_string={"q": words, "kind": "question"})
    return [each["link"] for each in found.json["items"]]


def _told(app: Flask, client: FlaskClient, me: Headers, number: str, steps: int) -> None:
    """The citizen has so many messages about his question."""
    work(app, "inbox")
    inbox = client.get("/api/v1/me/inbox", headers=me).json["items"]
    assert sum(number in each["title"] for each in inbox) == steps


def _let_pass(app: Flask, client: FlaskClient, chased: dict[str, str]) -> None:
    """The day passes; the unit was reminded before, and is when it is over."""
    due = datetime.fromisoformat(chased["due_at"])
    for at in (due - timedelta(hours=20), due + timedelta(minutes=1)):
        with clock.frozen(at), app.app_context():
            remind_of_questions()
    told = [each.text for each in rows(app, Notice) if each.values["number"] == chased["number"]]
    assert [text.rpartition(".")[2] for text in told][-2:] == ["due_soon", "overdue"]
    with clock.frozen(due + timedelta(minutes=2)):
        unit = bearer(officer(app, Role.UNIT_OFFICER, UNIT))
        (item,) = client.get("/api/v1/officer/questions?overdue=true", headers=unit).json["items"]
        assert item["number"] == chased["number"]
        assert "questions_overdue 1.0" in client.get("/metrics").get_data(as_text=True)
