"""Personal values at rest: AES-256-GCM under the data keys, and a keyed index to find them by.

A data key of the settings is `<name>:<32 bytes, base64url>`. The first seals, all of them open, so
keys rotate: add the new one in front, run `smartcity keys renew`, take the old one away.
The lookup key makes the index of equal values equal; it does not rotate by itself (docs/runbooks/
keys.md).
"""

import base64
import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from smartcity.core.context import per_app
from smartcity.settings import Settings

KEY_BYTES = 32
_NONCE_BYTES = 12  # NIST SP 800-38D §8.2.2: random, so at most 2^32 values a key


def seal_bytes(key: bytes, purpose: str, value: bytes) -> str:
    """A value that only `open_bytes` with the same key and purpose opens."""
    nonce = os.urandom(_NONCE_BYTES)
    return to_text(nonce + AESGCM(key).encrypt(nonce, value, purpose.encode()))


def open_bytes(key: bytes, purpose: str, sealed: str) -> bytes | None:
    """The value; None when it was not sealed under this key for this purpose, or was altered."""
    try:
        raw = from_text(sealed)
        return AESGCM(key).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], purpose.encode())
    except (InvalidTag, ValueError):
        return None


def seal(purpose: str, value: str) -> str:
    """A text sealed under the newest data key: `<key's name>.<sealed>`."""
    name, key = next(iter(_data_keys().items()))
    return f"{name}.{seal_bytes(key, purpose, value.encode())}"


def unseal(purpose: str, sealed: str) -> str | None:
    """The text; None when its data key is gone, or it was sealed for another purpose."""
    name, _, body = sealed.partition(".")
    key = _data_keys().get(name)
    opened = open_bytes(key, purpose, body) if key else None
    return None if opened is None else opened.decode()


def newest_prefix() -> str:
    """What every text begins with that is sealed under the newest data key."""
    return f"{next(iter(_data_keys()))}."


def blind(purpose: str, value: str) -> str:
    """A keyed digest to look a value up by: 43 URL-safe characters, the same for equal values."""
    key = hmac.digest(_lookup_key(), purpose.encode(), hashlib.sha256)
    return to_text(hmac.digest(key, value.encode(), hashlib.sha256))


@per_app
def _data_keys(settings: Settings) -> dict[str, bytes]:
    named = (entry.partition(":") for entry in settings.data_keys)
    return {name: from_text(key) for name, _, key in named}


@per_app
def _lookup_key(settings: Settings) -> bytes:
    return settings.lookup_key.encode()


def to_text(raw: bytes) -> str:
    """Bytes as URL-safe base64 without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def from_text(text: str) -> bytes:
    """The bytes of `to_text`; ValueError for what is no base64."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
