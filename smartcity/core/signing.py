"""Signatures with a purpose: what was signed for one use is refused for another."""

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from itsdangerous import BadData, URLSafeSerializer

from smartcity.core.context import per_app
from smartcity.settings import Settings


@per_app
def _secrets(settings: Settings) -> tuple[bytes, ...]:
    """The key that signs, then the earlier ones whose signatures still hold."""
    return tuple(key.encode() for key in (settings.secret_key, *settings.old_secret_keys))


def mac(purpose: str, message: str) -> str:
    """HMAC-SHA-256 of a message under the key of a purpose, as 43 URL-safe characters."""
    return _mac(_secrets()[0], purpose, message)


def verifies(purpose: str, message: str, shown: str) -> bool:
    """Whether `shown` is this message's mac, under the key of today or an earlier one."""
    return any(same(_mac(secret, purpose, message), shown) for secret in _secrets())


def same(left: str, right: str) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(left.encode(), right.encode())


def seal(purpose: str, value: object) -> str:
    """A value as opaque signed text, readable by `unseal` with the same purpose."""
    return str(_serializer(purpose).dumps(value))


def unseal(purpose: str, sealed: str) -> object | None:
    """The sealed value, or None when it was not sealed here for this purpose."""
    try:
        return _serializer(purpose).loads(sealed)  # type: ignore[no-any-return]
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


def _mac(secret: bytes, purpose: str, message: str) -> str:
    key = hmac.digest(secret, purpose.encode(), hashlib.sha256)
    digest = hmac.digest(key, message.encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _serializer(purpose: str) -> URLSafeSerializer:
    return URLSafeSerializer(list(reversed(_secrets())), salt=purpose)  # the newest comes last


def _fernet(purpose: str) -> MultiFernet:
    return MultiFernet([Fernet(_mac(secret, "encrypt", purpose) + "=") for secret in _secrets()])
