from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import urllib3
from flask import Flask
from flask.testing import FlaskClient

from smartcity.core.db import transaction
from smartcity.jobs.claim import claim
from smartcity.jobs.registry import handler_of
from smartcity.sandbox.oidc import Oidc
from smartcity.sandbox.sms import Sms
from tests.conftest import MakeApp
from tests.identity.provider import CLIENTS

PHONE = "+84912345678"
UNLIMITED = {"otp_gap": 0, "otp_hourly": 10_000, "otp_limit_address": "100000 per hour"}
Challenge = Callable[..., str]


def send_messages(app: Flask) -> None:
    """Do the jobs of the queue `sms` that are due."""
    with app.app_context():
        while leases := _claimed():
            for lease in leases:
                handler_of(lease.name).run(lease)
                with transaction() as session:
                    lease.finish(session)


def _claimed():
    with transaction() as session:
        return claim(session, "sms", 50, "test")


@pytest.fixture
def gateway() -> Iterator[Sms]:
    with Sms("the-key") as server:
        yield server


@pytest.fixture
def app(make_app: MakeApp, gateway: Sms) -> Flask:
    return make_app(sms_url=gateway.url, sms_key="the-key", **UNLIMITED)


@pytest.fixture
def received(gateway: Sms) -> Callable[[], list[dict[str, str]]]:
    """What the gateway was given to send."""
    return lambda: urllib3.request("GET", f"{gateway.url}/messages").json()


@pytest.fixture
def challenged(client: FlaskClient) -> Challenge:
    """Ask for a code; the challenge's id."""

    def ask(phone: str = PHONE) -> str:
        answer = client.post("/api/v1/auth/otp", json={"phone": phone})
        assert answer.status_code == 202, answer.json
        return answer.json["challenge_id"]

    return ask


@pytest.fixture
def code(app: Flask, received: Callable[[], list[dict[str, str]]]) -> Callable[[], str]:
    """The code that came last by SMS."""

    def read() -> str:
        send_messages(app)
        return received()[-1]["code"]

    return read


@pytest.fixture
def signed_in(
    client: FlaskClient, challenged: Challenge, code: Callable[[], str]
) -> Callable[..., dict[str, str]]:
    """Sign a citizen in the way he does; his tokens."""

    def sign_in(phone: str = PHONE) -> dict[str, str]:
        asked = {"challenge_id": challenged(phone), "code": code()}
        answer = client.post("/api/v1/auth/tokens", json=asked)
        assert answer.status_code == 200, answer.json
        return answer.json

    return sign_in


@pytest.fixture(scope="session")
def providing() -> Iterator[Oidc]:
    """One OpenID provider for all, since its keys take their time."""
    with Oidc(CLIENTS) as server:
        yield server


@pytest.fixture
def provider(providing: Oidc) -> Iterator[Oidc]:
    yield providing
    providing.faults.clear()
