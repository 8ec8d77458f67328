"""The sandbox FCM, reached by the real SDK, and a citizen with a phone."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from smartcity.sandbox.fcm import Fcm
from tests.conftest import MakeApp
from tests.helpers import Headers

Register = Callable[..., str]


@pytest.fixture
def app(make_app: MakeApp, fcm: Fcm) -> Flask:
    return make_app(fcm_credentials=fcm.credentials_file, fcm_url=fcm.url, fcm_ca=fcm.ca_file)


@pytest.fixture
def register(client: FlaskClient, me: Headers) -> Register:
    """Register a phone of the citizen, or another's; its installation id.

    It has no quiet hours, so that the tests run at night, too, unless it is told `quiet`.
    """

    def put(value: str, headers: Headers | None = None, **other: Any) -> str:
        installation = other.pop("installation", None) or str(uuid.uuid4())
        hours = None if other.pop("quiet", False) else {"from": "00:00", "to": "00:00"}
        body = {"kind": "token", "value": value, "platform": "android", "app_version": "1.0"}
        path = f"/api/v1/me/devices/{installation}"
        answer = client.put(path, json={**body, **other}, headers=headers or me)
        assert answer.status_code == 200, answer.json
        assert "value" not in answer.json
        wish = {"quiet_hours": hours}
        chosen = client.put(f"{path}/preferences", json=wish, headers=headers or me)
        assert chosen.status_code == 200, chosen.json
        return installation

    return put
