"""Firebase App Check: whether a request comes from our app, by the token that its kit was given.

The checks are those of https://firebase.google.com/docs/app-check/custom-resource-backend
"""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from threading import Lock
from typing import Any

import jwt
import structlog
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt.algorithms import RSAAlgorithm
from jwt.types import Options

from smartcity.adapters.outbound import TrustedPool
from smartcity.core import clock
from smartcity.core.context import per_app
from smartcity.core.errors import Temporary
from smartcity.settings import Settings

_ISSUER = "https://firebaseappcheck.googleapis.com/"
_ALGORITHM = "RS256"
_LONGEST = 4_096  # characters; Google's have some 900
_KEPT = timedelta(hours=6)  # Google: not longer
_AGAIN = timedelta(minutes=1)  # between two attempts to fetch the keys
_SKEW = 60  # seconds that Google's clock may be ahead
_SECONDS = 3.0  # that a request waits for the keys
_OPTIONS: Options = {
    "require": ["iss", "aud", "sub", "iat", "exp"],
    "verify_exp": False,  # by our clock, below
    "verify_iat": False,
}
log = structlog.get_logger(__name__)


class Verdict(StrEnum):
    """What a token shows."""

    GOOD = "good"
    BAD = "bad"
    ABSENT = "absent"
    UNAVAILABLE = "unavailable"  # the keys could never be fetched


class Keys:
    """Google's public keys by id, fetched every six hours; the last ones stay when it is away."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._pool = TrustedPool("App Check keys", seconds=_SECONDS, largest=64 * 1024)
        self._keys: dict[str, RSAPublicKey] = {}
        self._fetched = self._tried = datetime.min.replace(tzinfo=UTC)
        self._fetching = Lock()

    def find(self, kid: str) -> RSAPublicKey | None:
        """The key of that id; Temporary while none was ever fetched."""
        if kid not in self._keys or not _younger(self._fetched, _KEPT):
            self._refresh()
        if not self._keys:
            raise Temporary("no App Check keys")
        return self._keys.get(kid)

    def _refresh(self) -> None:
        """Fetch, unless somebody did or does; who has keys already does not wait for him."""
        if not self._fetching.acquire(blocking=not self._keys):
            return
        try:
            if _younger(self._tried, _AGAIN):
                return
            self._tried = clock.now()
            self._keys = self._fetch()
            self._fetched = self._tried
        except Temporary as fault:
            log.warning("app_check.keys_unavailable", reason=str(fault))
        finally:
            self._fetching.release()

    def _fetch(self) -> dict[str, RSAPublicKey]:
        answer = self._pool.request("GET", self._url)
        try:
            told = answer.json()["keys"] if answer.good else []
            keys = {str(key["kid"]): RSAAlgorithm.from_jwk(key) for key in told}
        except (jwt.PyJWTError, LookupError, TypeError, ValueError):
            keys = {}
        if not keys:
            raise Temporary(f"App Check keys: HTTP {answer.status}, no keys")
        return {kid: key for kid, key in keys.items() if isinstance(key, RSAPublicKey)}


class AppCheck:
    """Judges tokens for one Firebase project."""

    def __init__(self, url: str, project: str) -> None:
        self._keys = Keys(url)
        self._issuer = _ISSUER + project
        self._audience = f"projects/{project}"

    def judge(self, token: str) -> Verdict:
        """What a token shows; may call Google, so never inside a transaction."""
        if not token:
            return Verdict.ABSENT
        try:
            return Verdict.GOOD if self._good(token) else Verdict.BAD
        except Temporary:
            return Verdict.UNAVAILABLE
        except (jwt.PyJWTError, LookupError, TypeError, ValueError, RecursionError):
            return Verdict.BAD

    def _good(self, token: str) -> bool:
        if len(token) > _LONGEST:
            return False
        header = jwt.get_unverified_header(token)
        if (header.get("alg"), header.get("typ")) != (_ALGORITHM, "JWT"):
            return False
        key = self._keys.find(header["kid"])
        if key is None:
            return False
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            [_ALGORITHM],
            _OPTIONS,
            audience=self._audience,
            issuer=self._issuer,
        )
        now = clock.now().timestamp()
        return bool(claims["iat"] - _SKEW <= now < claims["exp"])


@per_app
def _app_check(settings: Settings) -> AppCheck:
    return AppCheck(settings.app_check_jwks_url, settings.app_check_project)


def judge(token: str) -> Verdict:
    """What the token of a request shows, by the settings' project."""
    return _app_check().judge(token)


def _younger(moment: datetime, age: timedelta) -> bool:
    # A clock set back makes the age negative: better look again.
    return timedelta(0) <= clock.now() - moment < age
