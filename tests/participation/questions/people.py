"""Questions as people ask, moderate and answer them over HTTP."""

from typing import Any

from flask.testing import FlaskClient

from tests.helpers import UNIT, Headers

WORDS = "Tôi mới thuê trọ ở phường khác, có phải đăng ký tạm trú lại không?"
ANSWER = "Có. Bạn nộp trên Cổng Dịch vụ công quốc gia hoặc tại công an phường."
_QUEUE = "/api/v1/officer/questions"


def ask(client: FlaskClient, me: Headers, **other: Any) -> dict[str, Any]:
    body = {"field": "residence", "text": WORDS, **other}
    answer = client.post("/api/v1/questions", json=body, headers=me)
    assert answer.status_code == 201, answer.json
    return answer.json


def step(
    client: FlaskClient,
    who: Headers,
    question: dict[str, Any],
    noun: str,
    method: str = "PUT",
    **body: Any,
) -> Any:
    """One step of an officer on the version that he holds; the answer."""
    headers = {**who, "If-Match": f'"{question["version"]}"'}
    sent = {"json": body} if method == "PUT" else {"query_string": body}
    path = f"{_QUEUE}/{question['id']}/{noun}"
    return client.open(path, method=method, headers=headers, **sent)


def stepped(*asked: Any, **body: Any) -> dict[str, Any]:
    answer = step(*asked, **body)
    assert answer.status_code == 200, answer.json
    return answer.json


def forwarded(client: FlaskClient, operator: Headers, question: dict[str, Any]) -> dict[str, Any]:
    shown = question["text"]
    return stepped(client, operator, question, "forwarding", agency=UNIT, shown=shown)


def published(
    client: FlaskClient, operator: Headers, unit: Headers, question: dict[str, Any]
) -> dict[str, Any]:
    """The question brought all the way to the public."""
    given = forwarded(client, operator, question)
    answered = stepped(client, unit, given, "answer", answer=ANSWER)
    return stepped(client, operator, answered, "publication")
