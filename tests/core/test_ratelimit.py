"""Limits counted in a real Redis-protocol server, and what holds when it is away."""

import os
import random
from collections.abc import Iterator

import pytest
from flask import Flask

from tests.conftest import MakeApp
from tests.servers import start_redis

LIMIT = "3 per hour"


@pytest.fixture
def somewhere() -> dict[str, str]:
    """A network address that no other test asks from."""
    return {"REMOTE_ADDR": ".".join(["10", *(str(random.randrange(256)) for _ in range(3))])}


@pytest.fixture
def numbers() -> Iterator[str]:
    return (f"+8497{n:07d}" for n in range(10_000))


def ask(app: Flask, phone: str, somewhere: dict[str, str]):
    body = {"phone": phone}
    return app.test_client().post("/api/v1/auth/otp", json=body, environ_overrides=somewhere)


def test_processes_count_together_in_redis(make_app: MakeApp, somewhere, numbers) -> None:
    redis = os.environ["TEST_REDIS_URL"]
    statuses = []
    for _ in range(2):  # an application of its own for each: nothing is shared but Redis
        app = make_app(redis_url=redis, otp_limit_address=LIMIT)
        statuses += [ask(app, next(numbers), somewhere).status_code for _ in range(2)]
    assert statuses == [202, 202, 202, 429]


def test_a_caller_is_told_his_limit(make_app: MakeApp, somewhere, numbers) -> None:
    app = make_app(redis_url=os.environ["TEST_REDIS_URL"], otp_limit_address=LIMIT)
    answers = [ask(app, next(numbers), somewhere) for _ in range(4)]
    assert [a.headers["RateLimit"] for a in answers[:3]] == [f'"default";r={r}' for r in (2, 1, 0)]
    refused = answers[3]
    assert refused.status_code == 429
    assert refused.headers["RateLimit-Policy"] == '"default";q=3;w=3600'
    assert 3500 < int(refused.headers["Retry-After"]) <= 3601
    assert refused.json["type"] == "urn:problem:request.too_many"


def test_with_redis_away_each_process_goes_on_counting(
    make_app: MakeApp, somewhere, numbers
) -> None:
    with start_redis() as redis:
        app = make_app(redis_url=redis, otp_limit_address=LIMIT)
        assert ask(app, next(numbers), somewhere).status_code == 202
    statuses = [ask(app, next(numbers), somewhere).status_code for _ in range(4)]
    # The request that notices may be counted twice.
    assert statuses in ([202, 202, 202, 429], [202, 202, 429, 429])


def test_with_redis_away_the_limit_of_a_number_holds_across_processes(
    make_app: MakeApp, somewhere
) -> None:
    statuses = []
    for _ in range(2):
        app = make_app(redis_url="redis://127.0.0.1:1/0", otp_gap=3600)
        statuses.append(ask(app, "+84970000001", somewhere).status_code)
    assert statuses == [202, 429]
