"""Single messages and their validation, by the firebase-admin SDK.

The SDK's own retries are off: it silently posts twice when a connection drops. It is an
optional extra, imported where a push is sent and nowhere else.
"""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol
from uuid import uuid4

from smartcity.adapters.fcm import answers
from smartcity.adapters.fcm.answers import ACCEPTED, Answer, Reply
from smartcity.adapters.fcm.credentials import GOOGLE, credentials, trusting
from smartcity.adapters.fcm.envelope import Notification, encode
from smartcity.core.context import per_app
from smartcity.core.errors import Permanent
from smartcity.settings import Settings

if TYPE_CHECKING:
    import firebase_admin

__all__ = ["Address", "Push", "credentials", "push"]

Address = tuple[str, str]  # (kind, value): a token or a FID, or a topic's name
_TIMEOUT = 10  # seconds


class Push(Protocol):
    """Whoever can send to phones, a message at a time."""

    def send(self, notification: Notification, address: Address, mid: str, /) -> Reply:
        """Send once; Permanent where no credentials are configured."""
        ...

    def validate(self, notification: Notification, address: Address, mid: str, /) -> Reply:
        """What FCM would answer (`validate_only`); nobody is sent anything."""
        ...


class NoPush:
    """No credentials are configured, so no phone is reached."""

    def send(self, _notification: Notification, _address: Address, _mid: str) -> Reply:
        raise Permanent("no push credentials are configured")

    validate = send


class Firebase:
    """FCM, or the server that `fcm_url` names in its place."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._starting = Lock()
        self._started: firebase_admin.App | None = None

    def send(self, notification: Notification, address: Address, mid: str) -> Reply:
        return self._post(notification, address, mid, is_trial=False)

    def validate(self, notification: Notification, address: Address, mid: str) -> Reply:
        return self._post(notification, address, mid, is_trial=True)

    def _post(
        self, notification: Notification, address: Address, mid: str, *, is_trial: bool
    ) -> Reply:
        from firebase_admin import exceptions, messaging
        from google.auth.exceptions import GoogleAuthError, RefreshError

        try:
            messaging.send(_message(notification, address, mid), is_trial, self._app)
        except exceptions.FirebaseError as error:
            return _reply(error)
        except RefreshError:
            return Reply(Answer.NOT_SENT, answers.TOKEN_REFUSED)
        except GoogleAuthError:
            return Reply(Answer.NOT_SENT, "no access token could be fetched")
        return ACCEPTED

    @property
    def _app(self) -> firebase_admin.App:
        with self._starting:
            if self._started is None:
                self._started = self._start()
            return self._started

    def _start(self) -> firebase_admin.App:
        import firebase_admin
        from firebase_admin import credentials as kinds

        certificate = kinds.Certificate(str(self._settings.fcm_credentials))
        options = {"httpTimeout": _TIMEOUT}
        # The SDK keeps its applications by name for as long as the process lives.
        app = firebase_admin.initialize_app(certificate, options, name=str(uuid4()))
        _send_once(app, self._settings)
        return app


@per_app
def push(settings: Settings) -> Push:
    """The application's way to phones."""
    return Firebase(settings) if settings.fcm_credentials else NoPush()


def _send_once(app: firebase_admin.App, settings: Settings) -> None:
    """Switch the SDK's retries off, and point it at another server where one is named."""
    from firebase_admin import messaging

    service: Any = messaging._get_messaging_service(app)
    session = service._client.session
    session.mount(settings.fcm_url or GOOGLE, trusting(settings))
    if settings.fcm_url:
        service._fcm_url = f"{settings.fcm_url}/v1/projects/{app.project_id}/messages:send"
        # google-auth would ask Google in passing where the account may be used from.
        session._auth_request_session.mount("https://", _refusing())
        session._auth_request_session.mount(settings.fcm_url, trusting(settings))


def _refusing() -> Any:
    from requests import ConnectionError as Unreachable
    from requests.adapters import HTTPAdapter

    class Refusing(HTTPAdapter):
        """Nothing goes to Google where another server stands in its place."""

        def send(self, request: Any, *_args: Any, **_options: Any) -> Any:
            raise Unreachable(f"not asked: {request.url}")

    return Refusing()


def _message(notification: Notification, address: Address, mid: str) -> Any:
    """The parts of the envelope as the SDK's own classes, which look them over."""
    from firebase_admin import messaging

    parts = encode(notification).payload
    android, apns, webpush = parts["android"], parts["apns"], parts["webpush"]
    message = messaging.Message(
        data={"mid": mid} | parts["data"],
        notification=messaging.Notification(**parts["notification"]),
        android=messaging.AndroidConfig(
            priority=android["priority"],
            ttl=notification.ttl,
            notification=messaging.AndroidNotification(**android["notification"]),
        ),
        apns=messaging.APNSConfig(
            headers=apns["headers"],
            payload=_apns_payload(**apns["payload"]["aps"]) if "payload" in apns else None,
        ),
        webpush=messaging.WebpushConfig(
            headers=webpush["headers"],
            notification=messaging.WebpushNotification(**webpush["notification"]),
        ),
    )
    kind, value = address
    setattr(message, kind, value)  # the constructor warns of `token`
    return message


def _apns_payload(sound: str, **others: str) -> Any:
    from firebase_admin import messaging

    return messaging.APNSPayload(messaging.Aps(sound=sound, custom_data=others))


def _reply(error: Any) -> Reply:
    response = error.http_response
    if response is not None:
        retry_after = response.headers.get("Retry-After", "")
        return answers.reply(response.status_code, response.content, retry_after)
    never_connected = _never_connected(error.cause)
    return Reply(Answer.NOT_SENT if never_connected else Answer.UNKNOWN, error.code)


def _never_connected(cause: Any) -> bool:
    """Whether the request cannot have left; a TLS error may as well come with the answer."""
    from ssl import SSLCertVerificationError

    from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

    reason = getattr(cause.args[0], "reason", None) if cause and cause.args else None
    if isinstance(reason, ConnectTimeoutError | NewConnectionError):
        return True
    return isinstance(reason, Exception) and isinstance(reason.args[0], SSLCertVerificationError)
