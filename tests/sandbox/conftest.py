from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import urllib3

from smartcity.sandbox import signing
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
