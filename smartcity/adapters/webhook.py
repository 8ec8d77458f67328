"""Signed events to an operations centre: CloudEvents 1.0 under Standard Webhooks."""

from collections.abc import Mapping
from datetime import UTC, datetime

from standardwebhooks import Webhook, WebhookVerificationError

from smartcity.adapters.outbound import Answer, TrustedPool
from smartcity.core.context import per_app
from smartcity.core.errors import Permanent, Temporary
from smartcity.settings import Settings

CONTENT_TYPE = "application/cloudevents+json"
REFUSED = {400, 404, 409, 413, 422}  # the centre will never take this event
REFUSES_US = {401, 403}  # our credentials: a person must look, and nothing is lost meanwhile
GONE = 410


class Gone(Temporary):
    """The centre has shut this endpoint for good; deliveries wait until a person names another."""


class Centre:
    """One operations centre's endpoint and secrets; the first secret signs, all verify."""

    def __init__(self, settings: Settings) -> None:
        self._url = settings.ioc_url
        self._secrets = [Webhook(secret) for secret in settings.ioc_secrets]
        self._http = TrustedPool("operations centre", seconds=settings.ioc_timeout)

    def deliver(self, event_id: str, body: str) -> str | None:
        """Hand over an event and return the centre's reference for it, if it gave one.

        Raises Permanent when the centre refuses the event, Temporary otherwise; after a Temporary
        the outcome is unknown, and the same id must go again.
        """
        headers = self._headers(event_id, body)
        return _reference(
            self._http.request("POST", self._url, body=body.encode(), headers=headers)
        )

    def signed(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Whether the centre signed this body within the last five minutes."""
        return any(_verifies(secret, headers, body) for secret in self._secrets)

    def _headers(self, event_id: str, body: str) -> dict[str, str]:
        now = datetime.now(UTC)  # the library mis-signs any other zone
        return {
            "Content-Type": CONTENT_TYPE,
            "webhook-id": event_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": self._secrets[0].sign(event_id, now, body),
        }


@per_app
def centre(settings: Settings) -> Centre:
    """The operations centre of the settings."""
    return Centre(settings)


def _reference(answer: Answer) -> str | None:
    status = answer.status
    if answer.good:
        return _told_reference(answer)
    if status in REFUSED:
        raise Permanent(f"HTTP {status}")
    if status == GONE:
        raise Gone("HTTP 410")
    raise Temporary(
        f"HTTP {status}",
        retry_after=answer.retry_after,
        opens_breaker=status in REFUSES_US,
    )


def _told_reference(answer: Answer) -> str | None:
    try:
        told = answer.json()
    except ValueError:
        return None
    reference = told.get("reference") if isinstance(told, dict) else None
    return reference[:100] if isinstance(reference, str) else None


def _verifies(secret: Webhook, headers: Mapping[str, str], body: bytes) -> bool:
    try:
        secret.verify(body, dict(headers), json_parse=False)
    except (WebhookVerificationError, ValueError):
        return False
    return True
