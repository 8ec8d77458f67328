"""The real firebase-admin SDK against the sandbox.

`point_at` is the recipe: where the SDK posts, whom it trusts, and how often it tries.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import firebase_admin
import google.auth.exceptions
import pytest
import urllib3
from firebase_admin import _http_client, credentials, messaging
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter

from smartcity.sandbox.fcm import Fcm

SDK_RETRIES = _http_client.DEFAULT_RETRY_CONFIG


class Trusting(HTTPAdapter):
    """Trusts one CA file, whatever REQUESTS_CA_BUNDLE says: that wins over `session.verify`."""

    def __init__(self, ca_file: Path, retries: Any) -> None:
        super().__init__(max_retries=retries)
        self._ca_file = str(ca_file)

    def send(self, request: PreparedRequest, *args: Any, **options: Any) -> Response:
        return super().send(request, *args, **{**options, "verify": self._ca_file})


def point_at(app: firebase_admin.App, base_url: str, ca_file: Path, retries: Any = 0) -> None:
    service = messaging._get_messaging_service(app)
    service._fcm_url = f"{base_url}/v1/projects/{app.project_id}/messages:send"
    session = service._client.session
    session.mount(base_url, Trusting(ca_file, retries))
    # Access tokens are fetched by a session of its own; asking twice for one does no harm.
    session._auth_request_session.mount(base_url, Trusting(ca_file, 3))


@pytest.fixture
def sdk(fcm: Fcm) -> Iterator[Callable[..., firebase_admin.App]]:
    apps: list[firebase_admin.App] = []

    def start(retries: Any = 0) -> firebase_admin.App:
        certificate = credentials.Certificate(str(fcm.credentials_file))
        options = {"httpTimeout": 10}
        app = firebase_admin.initialize_app(certificate, options, name=f"sandbox-{len(apps)}")
        apps.append(app)
        point_at(app, fcm.url, fcm.ca_file, retries)
        return app

    yield start
    for app in apps:
        firebase_admin.delete_app(app)


@pytest.fixture
def posts(fcm: Fcm, https: urllib3.PoolManager) -> Callable[[], list[Any]]:
    return lambda: https.request("GET", f"{fcm.url}/journal").json()["sent"]


@pytest.fixture
def dropping(fcm: Fcm, https: urllib3.PoolManager) -> None:
    """FCM takes each message, and the connection dies before it answers."""
    https.request("PUT", f"{fcm.url}/faults", json={"mode": "accept_then_drop"})


def to(address: str) -> messaging.Message:
    return messaging.Message(
        fid=address,
        notification=messaging.Notification(title="Đã tiếp nhận", body="HP-2026-000001"),
        data={"mid": "1"},
        android=messaging.AndroidConfig(
            ttl=3600, notification=messaging.AndroidNotification(tag="report-1")
        ),
    )


def test_the_sdk_sends_and_the_device_shows(fcm, https, sdk):
    name = messaging.send(to("phone-1"), app=sdk())
    assert name.startswith("projects/smartcity-sandbox/messages/")
    shown = https.request("GET", f"{fcm.url}/journal").json()["devices"]["phone-1"]
    assert shown == [
        {
            "title": "Đã tiếp nhận",
            "body": "HP-2026-000001",
            "tag": "report-1",
            "data": {"mid": "1"},
        }
    ]


def test_a_token_address_and_a_trial(sdk, posts):
    app = sdk()
    message = to("a-token")
    message.fid, message.token = None, "a-token"  # the argument of that name warns
    messaging.send(message, app=app)
    messaging.send(message, dry_run=True, app=app)
    assert [(sent["kind"], sent["address"]) for sent in posts()] == [("token", "a-token")]


def test_many_at_once_each_with_its_own_answer(sdk, posts):
    app = sdk()
    messages = [to("phone-1"), to("phone-unregistered"), to("phone-2")]
    batch = messaging.send_each(messages, app=app)
    assert [answer.success for answer in batch.responses] == [True, False, True]
    assert isinstance(batch.responses[1].exception, messaging.UnregisteredError)
    assert len(posts()) == 3
    trial = messaging.send_each(messages, dry_run=True, app=app)
    assert (trial.success_count, trial.failure_count) == (2, 1)
    assert len(posts()) == 3


def test_a_topic_and_a_condition(sdk, posts):
    app = sdk()
    for crowd in ({"topic": "news"}, {"condition": "'news' in topics || 'flood' in topics"}):
        notice = messaging.Notification(title="Tin mới")
        messaging.send(messaging.Message(notification=notice, **crowd), app=app)
    assert [sent["kind"] for sent in posts()] == ["topic", "condition"]


@pytest.mark.parametrize(
    ("word", "error", "status"),
    [
        ("unregistered", messaging.UnregisteredError, 404),
        ("sender-mismatch", messaging.SenderIdMismatchError, 403),
        ("invalid", firebase_admin.exceptions.InvalidArgumentError, 400),
        ("apns-auth", messaging.ThirdPartyAuthError, 401),
        ("quota", messaging.QuotaExceededError, 429),
        ("unavailable", firebase_admin.exceptions.UnavailableError, 503),
        ("internal", firebase_admin.exceptions.InternalError, 500),
    ],
)
def test_the_sdk_names_each_refusal(sdk, word, error, status):
    with pytest.raises(error) as raised:
        messaging.send(to(f"phone-{word}"), app=sdk())
    assert raised.value.http_response.status_code == status
    retry_after = raised.value.http_response.headers.get("Retry-After")
    assert retry_after == ("60" if word == "quota" else None)


@pytest.mark.parametrize(("retries", "times"), [(0, 1), (SDK_RETRIES, 2)], ids=["off", "sdk"])
def test_a_dropped_connection_is_posted_again_unless_retries_are_off(
    dropping, sdk, posts, retries, times
):
    with pytest.raises(firebase_admin.exceptions.UnavailableError) as raised:
        messaging.send(to("phone-1"), app=sdk(retries))
    assert raised.value.http_response is None
    assert [sent["error"] for sent in posts()] == ["NO_ANSWER"] * times


def test_a_401_is_posted_three_times_even_with_retries_off(sdk, posts):
    with pytest.raises(messaging.ThirdPartyAuthError):
        messaging.send(to("phone-apns-auth"), app=sdk())
    assert len(posts()) == 3


def test_access_tokens_lost_by_a_restart_are_asked_for_again(sdk, posts, tmp_path):
    state = tmp_path / "restarted"
    with Fcm(state) as first:
        certificate = credentials.Certificate(str(first.credentials_file))
        app = firebase_admin.initialize_app(certificate, name="restarted")
        point_at(app, first.url, first.ca_file)
        messaging.send(to("phone-1"), app=app)
        port = first.port
    with Fcm(state, port):
        assert messaging.send(to("phone-1"), app=app)
    firebase_admin.delete_app(app)


def test_an_unreachable_token_endpoint_is_an_error_of_google_auth_not_of_the_sdk(fcm, sdk):
    app = sdk()
    fcm.stop()
    with pytest.raises(google.auth.exceptions.TransportError):
        messaging.send(to("phone-1"), app=app)


def test_an_account_that_google_does_not_know_is_an_error_of_google_auth(sdk, fcm, tmp_path):
    with Fcm(tmp_path / "other") as other:
        account = json.loads(other.credentials_file.read_text())
    account["token_uri"] = f"{fcm.url}/token"
    app = firebase_admin.initialize_app(credentials.Certificate(account), name="stranger")
    point_at(app, fcm.url, fcm.ca_file)
    with pytest.raises(google.auth.exceptions.RefreshError):
        messaging.send(to("phone-1"), app=app)
    firebase_admin.delete_app(app)
