"""Single messages, validation and access tokens, by the firebase-admin SDK."""

from typing import Protocol

from smartcity.adapters.fcm.answers import Reply
from smartcity.adapters.fcm.envelope import Notification
from smartcity.core.context import per_app
from smartcity.core.errors import Permanent
from smartcity.settings import Settings

Address = tuple[str, str]  # (kind, value): a token or a FID, or a topic's name


class Push(Protocol):
    """Whoever can send to phones, a message at a time."""

    def send(self, notification: Notification, address: Address, mid: str, /) -> Reply:
        """Send once; Permanent where no credentials are configured."""
        ...

    def validate(self, notification: Notification, address: Address, mid: str, /) -> Reply:
        """What FCM would answer (`validate_only`); nobody is sent anything."""
        ...

    def token(self) -> str:
        """An access token that is good for minutes yet; Temporary where none is to be had."""
        ...


class NoPush:
    """No credentials are configured, so no phone is reached."""

    def send(self, _notification: Notification, _address: Address, _mid: str) -> Reply:
        raise Permanent("no push credentials are configured")

    validate = send

    def token(self) -> str:
        raise Permanent("no push credentials are configured")


@per_app
def push(settings: Settings) -> Push:
    """The application's way to phones."""
    return NoPush()
