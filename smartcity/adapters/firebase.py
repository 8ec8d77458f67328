"""Firebase Cloud Messaging (HTTP v1) through the firebase-admin SDK.

The SDK's own retries are off: it silently posts twice when a connection drops. It is an
optional extra, imported where a push is sent and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

from smartcity.core.context import per_app
from smartcity.core.errors import Permanent, Temporary
from smartcity.settings import Settings

if TYPE_CHECKING:
    import firebase_admin

LIFETIME = 3 * 86_400  # seconds that a message waits for a phone that is off
TIMEOUT = 10  # seconds
QUOTA_PAUSE = 60.0  # seconds, where FCM names none


class Outcome(Enum):
    """What became of a message, where FCM answered for good."""

    SENT = "sent"
    UNREGISTERED = "unregistered"  # the address is gone: prune it
    OTHER_SENDER = "other_sender"  # it belongs to another project: quarantine it
    MALFORMED = "malformed"  # the message itself: never prune for this


@dataclass(frozen=True)
class PushMessage:
    """A notification for one address; a later one with the same `tag` takes its place."""

    kind: str  # "token" or "fid"
    value: str
    title: str
    body: str
    link: str
    message_id: str
    tag: str


class Push(Protocol):
    """Whoever can send to phones."""

    def send(self, message: PushMessage, /) -> Outcome:
        """Send once; Temporary when it may be tried again, Permanent when a person must look."""
        ...


class NoPush:
    """No credentials are configured, so no phone is reached."""

    def send(self, _message: PushMessage) -> Outcome:
        raise Permanent("no push credentials are configured")


class Firebase:
    """FCM, or the server that `fcm_url` names in its place."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._starting = Lock()
        self._started: firebase_admin.App | None = None

    def send(self, message: PushMessage) -> Outcome:
        from firebase_admin import exceptions, messaging
        from google.auth.exceptions import RefreshError, TransportError

        try:
            messaging.send(_composed(message), app=self._app)
        except messaging.UnregisteredError:
            return Outcome.UNREGISTERED
        except messaging.SenderIdMismatchError:
            return Outcome.OTHER_SENDER
        except exceptions.InvalidArgumentError as error:
            return Outcome.UNREGISTERED if _blames_address(error) else Outcome.MALFORMED
        except messaging.QuotaExceededError as error:
            pause = _retry_after(error) or QUOTA_PAUSE
            raise Temporary("quota", retry_after=pause, opens_breaker=True) from None
        except (messaging.ThirdPartyAuthError, exceptions.UnauthenticatedError, RefreshError):
            raise Temporary("FCM refuses our credentials", opens_breaker=True) from None
        except TransportError:
            raise Temporary("no access token could be fetched") from None
        except exceptions.FirebaseError as error:
            raise Temporary(f"FCM: {error.code}", retry_after=_retry_after(error)) from None
        return Outcome.SENT

    @property
    def _app(self) -> firebase_admin.App:
        with self._starting:
            if self._started is None:
                self._started = self._start()
            return self._started

    def _start(self) -> firebase_admin.App:
        import firebase_admin
        from firebase_admin import credentials

        certificate = credentials.Certificate(str(self._settings.fcm_credentials))
        options = {"httpTimeout": TIMEOUT}
        app = firebase_admin.initialize_app(certificate, options, name=f"smartcity-{id(self)}")
        _send_once(app, self._settings)
        return app


@per_app
def push(settings: Settings) -> Push:
    """The application's way to phones."""
    return Firebase(settings) if settings.fcm_credentials else NoPush()


def _send_once(app: firebase_admin.App, settings: Settings) -> None:
    """Switch the SDK's retries off, and point it at another server where one is named."""
    from firebase_admin import messaging
    from requests.adapters import HTTPAdapter

    service: Any = messaging._get_messaging_service(app)
    session = service._client.session
    if not settings.fcm_url:
        session.mount("https://fcm.googleapis.com", HTTPAdapter(max_retries=0))
        return
    service._fcm_url = f"{settings.fcm_url}/v1/projects/{app.project_id}/messages:send"
    trusted = _trusting(str(settings.fcm_ca))
    session.mount(settings.fcm_url, trusted)
    session._auth_request_session.mount(settings.fcm_url, trusted)


def _trusting(ca_file: str) -> Any:
    from requests.adapters import HTTPAdapter

    class Trusting(HTTPAdapter):
        """Trusts one CA file, whatever REQUESTS_CA_BUNDLE says."""

        def send(self, request: Any, *args: Any, **options: Any) -> Any:
            return super().send(request, *args, **{**options, "verify": ca_file})

    return Trusting(max_retries=0)


def _composed(message: PushMessage) -> Any:
    from firebase_admin import messaging

    composed = messaging.Message(
        notification=messaging.Notification(title=message.title, body=message.body),
        data={"mid": message.message_id, "link": message.link},
        android=messaging.AndroidConfig(
            ttl=LIFETIME, notification=messaging.AndroidNotification(tag=message.tag)
        ),
        apns=messaging.APNSConfig(headers={"apns-collapse-id": message.tag}),
    )
    setattr(composed, message.kind, message.value)  # the constructor warns of `token`
    return composed


def _blames_address(error: Any) -> bool:
    """Whether a 400 names the address rather than the message."""
    answer = getattr(error, "http_response", None)
    return answer is not None and "registration token" in answer.text


def _retry_after(error: Any) -> float | None:
    answer = getattr(error, "http_response", None)
    value = answer.headers.get("Retry-After", "") if answer is not None else ""
    return float(value) if value.isdecimal() else None
