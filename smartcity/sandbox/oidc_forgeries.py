"""ID tokens that no client may believe, each wrong in one way."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey

HOUR = 3600
Part = dict[str, Any]
Forger = Callable[[Part, Part, RSAKey], str]


def forge(mode: str, honest: str, key: RSAKey) -> str:
    """The honest token made wrong in the way that `mode` names."""
    header, claims, _ = honest.split(".")
    return FORGERIES[mode](_read(header), _read(claims), key)


def _claiming(**wrong: Any) -> Forger:
    """Signed rightly, but with these claims; None takes one away."""

    def forger(header: Part, claims: Part, key: RSAKey) -> str:
        told = {k: v for k, v in {**claims, **wrong}.items() if v is not None}
        return jwt.encode(header, told, key)

    return forger


def _at(seconds: int) -> Forger:
    """Issued so many seconds from now, for an hour."""

    def forger(header: Part, claims: Part, key: RSAKey) -> str:
        issued = int(time.time()) + seconds
        return jwt.encode(header, {**claims, "iat": issued, "exp": issued + HOUR}, key)

    return forger


def _two_audiences(header: Part, claims: Part, key: RSAKey) -> str:
    """For us, it says, but good for another client as well, whom we do not know."""
    [client] = claims["aud"]
    told = {**claims, "aud": [client, "another-client"], "azp": client}
    return jwt.encode(header, told, key)


def _unsigned(header: Part, claims: Part, _key: RSAKey) -> str:
    return f"{_write({**header, 'alg': 'none'})}.{_write(claims)}."


def _by_public_key(header: Part, claims: Part, key: RSAKey) -> str:
    """HS256 with the RSA key that everybody knows for a secret (RFC 8725 §2.1)."""
    signed = f"{_write({**header, 'alg': 'HS256'})}.{_write(claims)}"
    digest = hmac.digest(key.as_pem(private=False), signed.encode(), hashlib.sha256)
    return f"{signed}.{_text(digest)}"


def _unknown_key(header: Part, claims: Part, key: RSAKey) -> str:
    return jwt.encode({**header, "kid": "nobodys"}, claims, key)


def _another_key(header: Part, claims: Part, _key: RSAKey) -> str:
    return jwt.encode(header, claims, RSAKey.generate_key(2048))


FORGERIES: dict[str, Forger] = {
    "alg_none": _unsigned,
    "hs256_public_key": _by_public_key,
    "unknown_kid": _unknown_key,
    "another_key": _another_key,
    "two_audiences": _two_audiences,
    "wrong_aud": _claiming(aud=["another-client"]),
    "wrong_azp": _claiming(azp="another-client"),
    "wrong_iss": _claiming(iss="https://another-issuer.example"),
    "wrong_nonce": _claiming(nonce="another-nonce"),
    "no_nonce": _claiming(nonce=None),
    "wrong_at_hash": _claiming(at_hash="AAAAAAAAAAAAAAAAAAAAAA"),
    "no_sub": _claiming(sub=None),
    "no_exp": _claiming(exp=None),
    "expired": _at(-2 * HOUR),
    "future_iat": _at(HOUR),
}


def _read(part: str) -> Part:
    read: Part = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return read


def _write(part: Part) -> str:
    return _text(json.dumps(part).encode())


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
