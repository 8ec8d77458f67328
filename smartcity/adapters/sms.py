"""The SMS gateway: one POST a message."""

from typing import Protocol

from smartcity.adapters.outbound import Answer, TrustedPool
from smartcity.core.context import per_app
from smartcity.core.errors import Permanent, Temporary
from smartcity.settings import Settings

_SECONDS = 10


class Sms(Protocol):
    """Hands a message to somebody who delivers it; Temporary or Permanent when it cannot."""

    def send(self, to: str, text: str, reference: str) -> None:
        """`to` is in E.164; the gateway may drop a `reference` that it has seen."""


class HttpSms:
    """A gateway that takes `POST <url>/send` `{to, text, reference}` with a bearer key."""

    def __init__(self, url: str, key: str) -> None:
        self._address = f"{url.rstrip('/')}/send"
        self._headers = {"Authorization": f"Bearer {key}"}
        self._pool = TrustedPool("SMS gateway", seconds=_SECONDS)

    def send(self, to: str, text: str, reference: str) -> None:
        body = {"to": to, "text": text, "reference": reference}
        _check(self._pool.request("POST", self._address, json=body, headers=self._headers))


class NoSms:
    """Stands where no gateway is configured."""

    def send(self, to: str, text: str, reference: str) -> None:  # noqa: ARG002
        raise Permanent("no SMS gateway is configured")


@per_app
def sms(settings: Settings) -> Sms:
    """The configured gateway."""
    return HttpSms(settings.sms_url, settings.sms_key) if settings.sms_url else NoSms()


def _check(answer: Answer) -> None:
    reason = f"SMS gateway: {answer.status}"
    if answer.good:
        return
    if answer.status in (401, 403):  # our key is refused: true for every message
        raise Temporary(reason, opens_breaker=True)
    if 400 <= answer.status < 500 and answer.status not in (408, 429):
        raise Permanent(reason)
    raise Temporary(reason, retry_after=answer.retry_after)
