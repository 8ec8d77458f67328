"""The city that an integrator tries a centre on answers as the product does."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import urllib3
from flask.testing import FlaskClient

from smartcity.identity.permissions import Role
from smartcity.reports.workflow import MOVES
from smartcity.sandbox import city_reports, signing
from smartcity.sandbox.city import City
from tests.ioc.conftest import CALLBACKS, SECRET, post_signed

Answer = Callable[[str], tuple[int, dict[str, Any]]]
STEPS: list[dict[str, Any]] = [
    {"move": "start", "sequence": 1},
    {"move": "accept", "sequence": 2, "id": "accepted"},
    {"move": "accept", "sequence": 2, "id": "accepted"},
    {"move": "assign", "sequence": 2, "agency": "so-xay-dung"},
    {"move": "reject", "sequence": 3, "public_text": "Trùng."},
    {"move": "assign", "sequence": 3, "agency": "so-xay-dung"},
    {"move": "explode", "sequence": 4},
    {"move": "deny_appeal", "sequence": 4, "public_text": "Không."},
    {"move": "start", "sequence": "4"},
    {"move": "start", "sequence": 4, "colour": "red"},
    {"move": "start", "sequence": 4, "at": "hôm qua"},
    {"move": "start", "sequence": 4, "report": "HP-0"},
    {"move": "start", "sequence": 4},
]


def test_its_table_of_moves_is_ours() -> None:
    ours = {
        move.name: (set(move.sources), None if move.stays else move.target, set(move.needs))
        for move in MOVES.values()
        if Role.OPERATIONS_CENTRE in move.roles
    }
    theirs = {
        name: (set(move.sources), move.target, set(move.needs))
        for name, move in city_reports.MOVES.items()
    }
    assert theirs == ours


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_it_answers_as_we_do(client: FlaskClient, report: dict[str, Any]) -> None:
    def ours(body: str) -> tuple[int, dict[str, Any]]:
        answer = post_signed(client, body)
        return answer.status_code, answer.get_json()

    with City([SECRET]) as city:
        sample = urllib3.request("GET", f"{city.url}/reports").json()[0]

        def theirs(body: str) -> tuple[int, dict[str, Any]]:
            headers = signing.sign(signing.keys([SECRET]), "1", body)
            headers["Content-Type"] = "application/json"
            answer = urllib3.request("POST", city.url + CALLBACKS, body=body, headers=headers)
            return answer.status, answer.json()

        assert _answers(theirs, sample["code"]) == _answers(ours, report["code"])


def _answers(ask: Answer, code: str) -> list[tuple[int, Any, Any, Any]]:
    at = datetime.now(UTC).isoformat()
    found = []
    for step in STEPS:
        told = {"id": str(uuid.uuid4()), "report": code, "at": at, **step}
        status, body = ask(json.dumps(told))
        wrong = sorted(body["errors"]) if status == 422 else None
        same = body if status == 200 else {}
        found.append((status, wrong, same.get("outcome"), same.get("repeated")))
    return found
