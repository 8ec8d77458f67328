from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jwt
import pytest
import urllib3

from smartcity.sandbox import signing
from smartcity.sandbox.account import GRANT_TYPE
from smartcity.sandbox.fcm import Fcm
from smartcity.sandbox.ioc import Ioc
from smartcity.sandbox.sms import Sms

SECRET = "whsec_c2FuZGJveC1zZWNyZXQtb2YtdGhlLXRlc3Rz"


@pytest.fixture(scope="session")
def http() -> urllib3.PoolManager:
    return urllib3.PoolManager(retries=False, timeout=10)


@pytest.fixture
def secret() -> str:
    return SECRET


@pytest.fixture
def ioc() -> Iterator[Ioc]:
    with Ioc([SECRET]) as server:
        yield server


@pytest.fixture
def sms() -> Iterator[Sms]:
    with Sms("the-key") as server:
        yield server


@pytest.fixture(scope="session")
def fcm_state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keys and certificates of the sandbox FCM, made once since an RSA key takes its time."""
    state = tmp_path_factory.mktemp("fcm")
    with Fcm(state):
        return state


@pytest.fixture
def fcm(fcm_state: Path, tmp_path: Path) -> Iterator[Fcm]:
    with Fcm(shutil.copytree(fcm_state, tmp_path / "fcm")) as server:
        yield server


@pytest.fixture
def https(fcm: Fcm) -> urllib3.PoolManager:
    """A client that trusts the sandbox FCM."""
    return urllib3.PoolManager(retries=False, timeout=10, ca_certs=str(fcm.ca_file))


@pytest.fixture
def account(fcm: Fcm) -> dict[str, str]:
    return json.loads(fcm.credentials_file.read_text())


@pytest.fixture
def ask(
    https: urllib3.PoolManager, account: dict[str, str]
) -> Callable[..., urllib3.BaseHTTPResponse]:
    """Asks for an access token; keyword arguments replace claims, None leaves one out."""

    def post(key: Any = None, **claims: Any) -> urllib3.BaseHTTPResponse:
        now = int(time.time())
        full = {
            "iss": account["client_email"],
            "aud": account["token_uri"],
            "iat": now,
            "exp": now + 3600,
            **claims,
        }
        full = {name: value for name, value in full.items() if value is not None}
        assertion = jwt.encode(full, key or account["private_key"], algorithm="RS256")
        fields = {"grant_type": GRANT_TYPE, "assertion": assertion}
        url = account["token_uri"]
        return https.request("POST", url, fields=fields, encode_multipart=False)

    return post


@pytest.fixture
def bearer(ask: Callable[..., urllib3.BaseHTTPResponse]) -> str:
    return f"Bearer {ask().json()['access_token']}"


@pytest.fixture
def send(
    fcm: Fcm, https: urllib3.PoolManager, account: dict[str, str], bearer: str
) -> Callable[..., urllib3.BaseHTTPResponse]:
    """Posts a message over HTTP/1.1."""

    def post(
        message: Any, authorization: str = bearer, project: str = account["project_id"], **more: Any
    ) -> urllib3.BaseHTTPResponse:
        return https.request(
            "POST",
            f"{fcm.url}/v1/projects/{project}/messages:send",
            json={"message": message, **more},
            headers={"Authorization": authorization},
        )

    return post


@pytest.fixture
def put(fcm: Fcm, https: urllib3.PoolManager) -> Callable[..., None]:
    """Sets the sandbox FCM's `faults` or `behaviour`."""

    def wish(path: str, **wished: Any) -> None:
        assert https.request("PUT", f"{fcm.url}/{path}", json=wished).status == 200

    return wish


@pytest.fixture
def event() -> Callable[..., dict[str, Any]]:
    """A CloudEvent of report HP-2026-000001; keyword arguments replace its attributes."""

    def build(number: int = 1, **attributes: Any) -> dict[str, Any]:
        return {
            "specversion": "1.0",
            "id": f"event-{number}",
            "source": "/smartcity/hai-phong",
            "type": "vn.smartcity.report.submitted",
            "subject": "HP-2026-000001",
            "time": "2026-11-22T08:00:00+07:00",
            "sequence": f"{number:010}",
            "data": {"description": "Ổ gà trước số 12 phố Lê Lợi"},
            **attributes,
        }

    return build


@pytest.fixture
def deliver(http: urllib3.PoolManager) -> Callable[..., urllib3.BaseHTTPResponse]:
    """Sends a signed event, as the product does."""

    def post(
        ioc: Ioc | str,
        event: Any,
        secret: str = SECRET,
        content_type: str = "application/cloudevents+json",
        timeout: float = 10,
        repair: str | None = None,
    ) -> urllib3.BaseHTTPResponse:
        body = event if isinstance(event, str) else json.dumps(event, ensure_ascii=False)
        headers = signing.sign(signing.keys([secret]), "message-1", body)
        headers["Content-Type"] = content_type
        if repair:
            headers["smartcity-repair"] = repair
        url = ioc if isinstance(ioc, str) else ioc.url
        return http.request(
            "POST", f"{url}/events", body=body.encode(), headers=headers, timeout=timeout
        )

    return post
