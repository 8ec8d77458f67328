"""Standard Webhooks signatures (standardwebhooks.com), by the public library."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from standardwebhooks import Webhook, WebhookVerificationError

WINDOW = 300  # seconds
_HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")
_SECRET = re.compile(r"whsec_[A-Za-z0-9+/]+={0,2}")


def keys(secrets: Sequence[str]) -> list[Webhook]:
    """The keys of `whsec_` + base64 secrets; ValueError for none, or one that is not so made."""
    # The library drops letters that are not base64, and would go on with another key.
    if not secrets or not all(map(_SECRET.fullmatch, secrets)):
        raise ValueError("a secret is whsec_ and base64, and there is at least one")
    return [Webhook(secret) for secret in secrets]


def is_signed(keys: Sequence[Webhook], headers: Mapping[str, str], body: bytes) -> bool:
    """Whether one of the keys signed this body within the last five minutes."""
    return any(_verifies(key, headers, body) for key in keys)


def fault(keys: Sequence[Webhook], headers: Mapping[str, str], body: bytes) -> str | None:
    """Why `is_signed` is False, in words for whoever signed; None when it is True."""
    if is_signed(keys, headers, body):
        return None
    told = {name.lower(): value for name, value in headers.items()}
    if missing := [name for name in _HEADERS if not told.get(name)]:
        return f"missing: {', '.join(missing)}"
    if not told["webhook-timestamp"].isdecimal():
        return "webhook-timestamp: whole seconds since 1970"
    if abs(time.time() - int(told["webhook-timestamp"])) > WINDOW:
        return "webhook-timestamp: more than five minutes from now"
    return "webhook-signature: of another secret, id, time or body"


def sign(keys: Sequence[Webhook], message_id: str, body: str) -> dict[str, str]:
    """The three headers, with one signature for each key."""
    now = datetime.now(UTC)  # the library reads any other zone's clock as if it were UTC
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(key.sign(message_id, now, body) for key in keys),
    }


def _verifies(key: Webhook, headers: Mapping[str, str], body: bytes) -> bool:
    try:
        key.verify(body, dict(headers), json_parse=False)
    except (WebhookVerificationError, ValueError):
        # ValueError: a signature without its comma, one that is not base64, a body not UTF-8.
        return False
    return True
