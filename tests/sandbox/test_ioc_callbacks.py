"""The centre calls back a product: here a second server that checks with the public library."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import request
from standardwebhooks import Webhook

from smartcity.sandbox.ioc import Ioc
from smartcity.sandbox.server import Server


class Product(Server):
    def __init__(self, secret: str) -> None:
        super().__init__(0)
        self.secret = secret
        self.received: list[dict[str, Any]] = []
        self.app.post("/callbacks")(self.receive)

    def receive(self) -> Any:
        self.received.append(Webhook(self.secret).verify(request.get_data(), dict(request.headers)))
        return {"status": "in_progress"}, 200


@pytest.fixture
def product(secret) -> Iterator[Product]:
    with Product(secret) as server:
        yield server


def call(http, ioc, **wish):
    return http.request("POST", f"{ioc.url}/callbacks", json=wish)


def test_a_callback_is_signed_and_its_answer_handed_back(http, ioc, product):
    ioc.callback_url = f"{product.url}/callbacks"
    wish = {
        "report": "HP-2026-000001",
        "move": "reject",
        "reason": "spam",
        "public_text": "Từ chối",
    }
    answer = call(http, ioc, **wish)
    assert answer.status == 200
    assert answer.json()["status"] == 200
    assert answer.json()["body"] == {"status": "in_progress"}
    [received] = product.received
    assert received == answer.json()["sent"]
    assert received.items() >= wish.items()
    assert received["at"].endswith("+07:00")


def test_callbacks_of_a_report_are_numbered_unless_the_caller_numbers_them(http, ioc, product):
    ioc.callback_url = f"{product.url}/callbacks"
    for wish in [{}, {"sequence": 7}, {}, {"sequence": 3, "id": "again"}, {}]:
        call(http, ioc, report="A", move="start", **wish)
    call(http, ioc, report="B", move="start")
    assert [body["sequence"] for body in product.received] == [1, 7, 8, 3, 9, 1]
    assert product.received[3]["id"] == "again"
    assert len({body["id"] for body in product.received}) == 6


@pytest.mark.parametrize(
    "wrong",
    [
        {"report": "A"},
        {"report": "A", "move": 1},
        {"report": "A", "move": "start", "sequence": "1"},
        {"report": "A", "move": "start", "sequence": True},
        {"report": "A", "move": "start", "colour": "red"},
    ],
)
def test_a_callback_that_makes_no_sense_is_400(http, ioc, product, wrong):
    ioc.callback_url = f"{product.url}/callbacks"
    assert call(http, ioc, **wrong).status == 400
    assert product.received == []


def test_no_address_is_409_and_nobody_there_is_502(http, secret):
    with Ioc([secret]) as ioc:
        assert call(http, ioc, report="A", move="start").status == 409
        ioc.callback_url = "http://127.0.0.1:1/callbacks"
        assert call(http, ioc, report="A", move="start").status == 502
