"""The sandbox operations centre, a citizen's report, and callbacks as the centre signs them."""

import json
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from smartcity.core import clock
from smartcity.core.db import transaction
from smartcity.ioc.administration import create
from smartcity.ioc.destinations import queue
from smartcity.sandbox import signing
from smartcity.sandbox.ioc import Ioc
from tests.conftest import MakeApp
from tests.helpers import Headers, file_report, work

SECRET = "whsec_c2FuZGJveC1zZWNyZXQtb2YtdGhlLXRlc3Rz"
OTHER_SECRET = "whsec_YW5vdGhlci1zZWNyZXQtb2YtdGhlLXRlc3Rz"
CALLBACKS = "/api/v1/ioc/callbacks"
CallBack = Callable[..., TestResponse]


@pytest.fixture
def ioc() -> Iterator[Ioc]:
    with Ioc([SECRET]) as server:
        yield server


def add_destination(
    app: Flask, url: str, name: str = "ioc", secret: str = SECRET, **asked: Any
) -> None:
    """Let a destination hear of reports, soon out of patience."""
    with app.app_context(), transaction() as session:
        create(session, "operator:test", name, secret, **{"url": url, "timeout": 0.5, **asked})


def forward(app: Flask, *names: str) -> int:
    """Write the due steps out and deliver what is due; how many deliveries were tried."""
    work(app, "events")
    return work(app, *(queue(name) for name in names or ("ioc",)))


@pytest.fixture
def app(make_app: MakeApp, ioc: Ioc) -> Flask:
    app = make_app()
    add_destination(app, f"{ioc.url}/events")
    return app


@pytest.fixture
def report(client: FlaskClient, me: Headers) -> dict[str, Any]:
    return file_report(client, me)


@pytest.fixture
def call_back(client: FlaskClient, report: dict[str, Any]) -> CallBack:
    """Send a callback about the report, by its code; keyword arguments replace parts of it."""

    def send(
        move: str = "accept", sequence: int = 1, secret: str = SECRET, **other: Any
    ) -> TestResponse:
        body = {
            "id": str(uuid.uuid4()),
            "report": report["code"],
            "sequence": sequence,
            "move": move,
            "at": clock.now().isoformat(),
            **other,
        }
        return post_signed(client, json.dumps(body, ensure_ascii=False), secret)

    return send


def post_signed(
    client: FlaskClient, body: str, secret: str = SECRET, **headers: str
) -> TestResponse:
    signed = {**signing.sign(signing.keys([secret]), "message-1", body), **headers}
    return client.post(
        CALLBACKS, data=body.encode(), headers=signed, content_type="application/json"
    )
