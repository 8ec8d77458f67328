"""Signatures with a purpose: what was signed for one use is refused for another."""

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken
from itsdangerous import BadData, URLSafeSerializer

from smartcity.core.context import per_app
from smartcity.settings import Settings


@per_app
def _secret(settings: Settings) -> bytes:
    return settings.secret_key.encode()


def mac(purpose: str, message: str) -> str:
    """HMAC-SHA-256 of a message under the key of a purpose, as 43 URL-safe characters."""
    key = hmac.digest(_secret(), purpose.encode(), hashlib.sha256)
    digest = hmac.digest(key, message.encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def same(left: str, right: str) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(left.encode(), right.encode())


def seal(purpose: str, value: object) -> str:
    """A value as opaque signed text, readable by `unseal` with the same purpose."""
    return str(URLSafeSerializer(_secret(), salt=purpose).dumps(value))


def unseal(purpose: str, sealed: str) -> object | None:
    """The sealed value, or None when it was not sealed here for this purpose."""
    try:
        return URLSafeSerializer(_secret(), salt=purpose).loads(sealed)  # type: ignore[no-any-return]
    except BadData:
        return None


def encrypt(purpose: str, secret: str) -> str:
    """A text that only `decrypt` with the same purpose reads (Fernet: AES-128-CBC and HMAC)."""
    return _fernet(purpose).encrypt(secret.encode()).decode()


def decrypt(purpose: str, encrypted: str) -> str | None:
    """The text, or None when it was not encrypted here for this purpose."""
    try:
        return _fernet(purpose).decrypt(encrypted).decode()
    except InvalidToken:
        return None


def _fernet(purpose: str) -> Fernet:
    return Fernet(mac("encrypt", purpose) + "=")
