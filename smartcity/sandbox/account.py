"""A Google service account and the token endpoint that knows it (RFC 7523, OAuth JWT bearer)."""

from __future__ import annotations

import json
import secrets
import threading
import time
import uuid
from pathlib import Path

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from smartcity.sandbox.tls import write_private

GRANT_TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer"
LIFETIME = 3600  # seconds that an access token lasts
PROJECT = "smartcity-sandbox"
EMAIL = f"firebase-adminsdk@{PROJECT}.iam.gserviceaccount.com"
# google-auth signs for Google's own endpoint, whatever token_uri it then sends the assertion to.
GOOGLE_AUDIENCE = "https://oauth2.googleapis.com/token"


class ServiceAccount:
    """The account of `file`, its key made once; it grants access tokens and knows them again."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._pem = json.loads(file.read_bytes())["private_key"] if file.exists() else _new_key()
        # Our own key: to try its primes takes longer than all else here.
        private = serialization.load_pem_private_key(
            self._pem.encode(), password=None, unsafe_skip_rsa_key_validation=True
        )
        self._public = private.public_key()
        self._tokens: dict[str, float] = {}
        self._lock = threading.Lock()

    def write(self, token_uri: str) -> None:
        """The credentials file as Google's console hands it out."""
        self._token_uri = token_uri
        content = {
            "type": "service_account",
            "project_id": PROJECT,
            "private_key_id": uuid.uuid4().hex,
            "private_key": self._pem,
            "client_email": EMAIL,
            "client_id": "100000000000000000001",
            "auth_uri": "https://accounts.google.com/o/oauth2/auth",
            "token_uri": token_uri,
            "universe_domain": "googleapis.com",
        }
        write_private(self._file, json.dumps(content, indent=2).encode())

    def grant(self, assertion: str) -> str:
        """An access token; jwt.InvalidTokenError when the assertion is not this account's."""
        jwt.decode(
            assertion,
            self._public,  # type: ignore[arg-type]
            algorithms=["RS256"],
            audience=[GOOGLE_AUDIENCE, self._token_uri],
            issuer=EMAIL,
            options={"require": ["aud", "exp", "iat", "iss"]},
        )
        token, now = f"ya29.{secrets.token_urlsafe(32)}", time.monotonic()
        with self._lock:
            self._tokens = {t: end for t, end in self._tokens.items() if end > now}
            self._tokens[token] = now + LIFETIME
        return token

    def admits(self, authorization: str) -> bool:
        """Whether the header carries an access token that has not expired."""
        kind, _, token = authorization.partition(" ")
        with self._lock:
            return kind == "Bearer" and self._tokens.get(token, 0) > time.monotonic()


def _new_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()
