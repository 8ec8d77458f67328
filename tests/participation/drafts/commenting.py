"""A small draft that people comment on."""

from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from smartcity.core import clock
from smartcity.participation.drafts.draft import DRAFT
from smartcity.registers.service import Entry
from tests.helpers import UNIT, Headers
from tests.registers.records_made import published

CLAUSES = [
    {"id": "d1", "heading": "Điều 1. Phạm vi", "text": "Quy định này áp dụng cho hộ gia đình."},
    {"id": "d2", "heading": "Điều 2. Giờ thu gom", "text": "Từ 18 giờ đến 22 giờ."},
]
WORDS = "Nên thu gom vào buổi sáng."
MINE, QUEUE = "/api/v1/me/draft-comments", "/api/v1/officer/draft-comments"


def open_draft(app: Flask, **fields: Any) -> Entry:
    """A draft of the unit's agency with two clauses, open for a day."""
    now = clock.now()
    window = {
        "opens": (now - timedelta(hours=1)).isoformat(),
        "closes": (now + timedelta(days=1)).isoformat(),
    }
    told = {"agency": UNIT, "drafting": "Sở Xây dựng", "clauses": CLAUSES, **window}
    return published(app, DRAFT, **{**told, **fields})


def path(draft: Entry, noun: str = "comments") -> str:
    return f"/api/v1/drafts/{draft.id}/{noun}"


def comment(
    client: FlaskClient, draft: Entry, who: Headers, text: str = WORDS, clause: str | None = "d2"
) -> dict[str, Any]:
    """A comment, as an officer finds it: of version 1."""
    made = client.post(path(draft), json={"text": text, "clause": clause}, headers=who)
    assert made.status_code == 201, made.json
    return {**made.json, "version": 1}


def decide(
    client: FlaskClient, who: Headers, one: dict[str, Any], noun: str, **body: Any
) -> TestResponse:
    """What an officer does to the comment that he sees."""
    headers = {**who, "If-Match": f'"{one["version"]}"'}
    method = client.put if noun == "reply" else client.post
    return method(f"{QUEUE}/{one['id']}/{noun}", json=body or None, headers=headers)


def decided(
    client: FlaskClient, who: Headers, one: dict[str, Any], noun: str, **body: Any
) -> dict[str, Any]:
    answer = decide(client, who, one, noun, **body)
    assert answer.status_code == 200, answer.json
    return answer.json


def shown(client: FlaskClient, draft: Entry, query: str = "") -> list[dict[str, Any]]:
    """What the public reads."""
    answer = client.get(f"{path(draft)}{query}")
    assert answer.status_code == 200, answer.json
    return answer.json["items"]
