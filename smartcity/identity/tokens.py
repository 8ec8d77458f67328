"""Access tokens: JSON Web Tokens (RFC 7519) signed by ES256, good for minutes.

The first key of the settings signs, all of them verify, so keys rotate without signing anybody
out. A key's id is its thumbprint (RFC 7638).
"""

import base64
import hashlib
import json
import os
import tempfile
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm
from jwt.types import Options

from smartcity.core import clock
from smartcity.core.context import per_app, settings
from smartcity.identity.permissions import Principal
from smartcity.settings import Settings

_ALGORITHM = "ES256"
_AUDIENCE = "smartcity"
_LONGEST = 2_048  # characters; ours have some 600
_REMEMBERED = 5_000  # tokens; some 9 MB
_SKEW = 60  # seconds that another machine's clock may be ahead
_OPTIONS: Options = {
    "require": ["iss", "aud", "sub", "sid", "iat", "exp"],
    "verify_exp": False,  # by our clock, below
    "verify_iat": False,
}


@dataclass(frozen=True)
class Keys:
    """What signs and what verifies."""

    kid: str
    private: ec.EllipticCurvePrivateKey
    public: dict[str, ec.EllipticCurvePublicKey]


@per_app
def keys(settings: Settings) -> Keys:
    """The application's keys; outside production one is made when none is given."""
    files = settings.signing_keys or (_development_key(settings.var_dir),)
    loaded = [_load(file) for file in files]
    public = {_thumbprint(key.public_key()): key.public_key() for key in loaded}
    return Keys(next(iter(public)), loaded[0], public)


def issue(principal: Principal, session_id: uuid.UUID) -> str:
    """An access token of a principal's session."""
    issued = int(clock.now().timestamp())
    claims = {
        "iss": settings().public_url,
        "aud": _AUDIENCE,
        "sub": principal.id,
        "role": str(principal.role),
        "agency": principal.agency,
        "sid": session_id.hex,
        "iat": issued,
        "exp": issued + settings().access_lifetime,
    }
    return jwt.encode(claims, keys().private, _ALGORITHM, headers={"kid": keys().kid})


def session_of(token: str) -> uuid.UUID | None:
    """The session that a token names; None unless we issued it and its time is not over."""
    if len(token) > _LONGEST:
        return None
    try:
        claims = _verified()(token)
    except (jwt.PyJWTError, LookupError, TypeError, ValueError, RecursionError):
        return None
    good = claims["iat"] - _SKEW <= clock.now().timestamp() < claims["exp"]
    return uuid.UUID(claims["sid"]) if good else None


@per_app
def _verified(_settings: Settings) -> Callable[[str], dict[str, Any]]:
    """The claims of good tokens, remembered: a phone sends the same one for 15 minutes.

    A token that is refused raises, and so takes no room.
    """
    return lru_cache(_REMEMBERED)(_claims)


def _claims(token: str) -> dict[str, Any]:
    """What a token says, once signature, issuer and audience are good; its time is not judged."""
    key = keys().public[_key_id(token)]
    issuer = settings().public_url
    return jwt.decode(token, key, [_ALGORITHM], _OPTIONS, audience=_AUDIENCE, issuer=issuer)


def _key_id(token: str) -> str:
    """The key that a token says it was signed with; jwt.decode reads the header again, and checks.

    jwt.get_unverified_header would cost as much as all the rest.
    """
    header = token.partition(".")[0]
    return str(json.loads(base64.urlsafe_b64decode(header + "=" * (-len(header) % 4)))["kid"])


def _load(file: Path) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_pem_private_key(file.read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name != "secp256r1":
        raise ValueError(f"{file} holds no EC P-256 key")
    return key


def _thumbprint(key: ec.EllipticCurvePublicKey) -> str:
    jwk = ECAlgorithm.to_jwk(key, as_dict=True)
    required = json.dumps(
        {name: jwk[name] for name in ("crv", "kty", "x", "y")}, separators=(",", ":")
    )
    digest = hashlib.sha256(required.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _development_key(folder: Path) -> Path:
    """A key file made once, whole from the start, however many processes begin together."""
    file = folder / "dev-signing-key.pem"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        descriptor, draft = tempfile.mkstemp(dir=folder)  # readable by its owner only
        with os.fdopen(descriptor, "wb") as written:
            written.write(_new_key())
        with suppress(FileExistsError):
            os.link(draft, file)
        os.unlink(draft)
    return file


def _new_key() -> bytes:
    return ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
