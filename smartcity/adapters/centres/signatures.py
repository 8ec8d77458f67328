"""Standard Webhooks signatures (standardwebhooks.com), both ways."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from standardwebhooks import Webhook, WebhookVerificationError

from smartcity.adapters.centres.driver import Unfit

# 24 to 64 bytes, as the specification wants them; the library drops letters that are no base64.
SECRET = re.compile(r"whsec_[A-Za-z0-9+/]{32,86}={0,2}")


def keys(secrets: Sequence[str]) -> list[Webhook]:
    """The keys of `whsec_` + base64 secrets; Unfit for one that is not so made."""
    if not secrets or not all(map(SECRET.fullmatch, secrets)):
        raise Unfit("secret", "a secret is whsec_ and base64 of 24 to 64 bytes")
    return [Webhook(secret) for secret in secrets]


def sign(keys: Sequence[Webhook], message_id: str, body: str) -> dict[str, str]:
    """The three headers, with one signature for each key: either end may change its own first."""
    now = datetime.now(UTC)  # the library mis-signs any other zone
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(key.sign(message_id, now, body) for key in keys),
    }


def is_signed(keys: Sequence[Webhook], headers: Mapping[str, str], body: bytes) -> bool:
    """Whether one of the keys signed this body within the last five minutes."""
    return any(_verifies(key, headers, body) for key in keys)


def _verifies(key: Webhook, headers: Mapping[str, str], body: bytes) -> bool:
    try:
        key.verify(body, dict(headers), json_parse=False)
    except (WebhookVerificationError, ValueError):
        return False
    return True
