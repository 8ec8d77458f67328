"""The relying party of OpenID Connect: authorization code with PKCE at one provider.

OpenID Connect Core 1.0 §3.1, Discovery 1.0; RFC 7636 (S256 only), RFC 9207, RFC 9700.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from urllib3.util import make_headers

from smartcity.adapters.outbound import Answer, TrustedPool
from smartcity.core import clock
from smartcity.core.cache import Remembered
from smartcity.core.errors import Permanent, Temporary

ALGORITHMS = ("RS256", "PS256", "ES256")  # never "none", never one with a shared key
_WELL_KNOWN = "/.well-known/openid-configuration"
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_KEPT = timedelta(hours=1)
_REFETCH_GAP = timedelta(minutes=1)
_SKEW = 60  # seconds that the provider's clock may be off
_SUBJECT = re.compile(r"[ -~]{1,255}")  # OpenID Connect Core 1.0 §2
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Exchange:
    """What one authorization request keeps until its answer: never shown to the browser whole."""

    redirect_uri: str
    state: str
    nonce: str
    verifier: str


class Provider:
    """One OpenID provider and our client there; raises Temporary when it is away or confused."""

    def __init__(self, issuer: str, client: str, secret: str) -> None:
        self.issuer = issuer
        self._client = client
        basic = ":".join(quote(part, safe="") for part in (client, secret))  # RFC 6749 §2.3.1
        self._headers = {"Content-Type": _FORM, **make_headers(basic_auth=basic)}
        self._discovered: Remembered[str, dict[str, Any]] = Remembered(_KEPT, 1)
        self._keys: Remembered[str, KeySet] = Remembered(_KEPT, 1)
        self._refetched: datetime | None = None

    def authorization_url(self, exchange: Exchange) -> str:
        """Where the browser goes to sign in."""
        url: str = prepare_grant_uri(
            self._metadata()["authorization_endpoint"],
            self._client,
            "code",
            exchange.redirect_uri,
            "openid profile",
            exchange.state,
            nonce=exchange.nonce,
            code_challenge=create_s256_code_challenge(exchange.verifier),
            code_challenge_method="S256",
        )
        return url

    def claims(self, exchange: Exchange, code: str, iss: str | None) -> dict[str, Any]:
        """What the provider says of the person who came back with a code and maybe `iss`.

        Raises Permanent when the answer is not the provider's, not for us or not for this exchange.
        """
        self._check_issuer(iss)
        granted = self._granted(exchange, code)
        token = self._token(str(granted.get("id_token", "")))
        return self._checked(token, exchange.nonce, granted.get("access_token"))

    def _metadata(self) -> dict[str, Any]:
        return self._discovered(self.issuer.rstrip("/") + _WELL_KNOWN, self._discover)

    def _discover(self, url: str) -> dict[str, Any]:
        found = _get(url)
        if found.get("issuer") != self.issuer:
            raise Temporary("the provider's discovery names another issuer")
        scheme = urlsplit(self.issuer).scheme
        if not all(urlsplit(str(found.get(name))).scheme == scheme for name in _ENDPOINTS):
            raise Temporary("the provider's discovery lacks an endpoint, or it is not secure")
        return found

    def _check_issuer(self, iss: str | None) -> None:
        """RFC 9207 §2.4: a mix-up shows before the code goes anywhere."""
        promised = self._metadata().get("authorization_response_iss_parameter_supported") is True
        if iss != self.issuer and (promised or iss is not None):
            raise Permanent("the answer is of another issuer")

    def _granted(self, exchange: Exchange, code: str) -> dict[str, Any]:
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": exchange.redirect_uri,
            "code_verifier": exchange.verifier,
        }
        endpoint = self._metadata()["token_endpoint"]
        answer = _send("POST", endpoint, headers=self._headers, body=urlencode(fields))
        if answer.status == 400 and b'"invalid_grant"' in answer.body:
            raise Permanent("invalid_grant")
        return _told(answer)  # any other fault is of our client or of the provider

    def _token(self, id_token: str) -> jwt.Token:
        """The token, once its signature is good; keys are read anew for one that is unknown."""
        try:
            return self._verified(id_token)
        except InvalidKeyIdError:
            self._forget_keys()
        try:
            return self._verified(id_token)
        except InvalidKeyIdError:
            raise Permanent("id_token: unknown key") from None

    def _verified(self, id_token: str) -> jwt.Token:
        keys = self._keys(self._metadata()["jwks_uri"], _key_set)
        try:
            return jwt.decode(id_token, keys, ALGORITHMS)
        except InvalidKeyIdError:
            raise
        except (JoseError, TypeError, ValueError, RecursionError) as error:
            raise Permanent(f"id_token: {type(error).__name__}") from None

    def _forget_keys(self) -> None:
        now = clock.now()
        if self._refetched is None or now - self._refetched >= _REFETCH_GAP:
            self._refetched = now
            self._keys.forget(self._metadata()["jwks_uri"])

    def _checked(self, token: jwt.Token, nonce: str, access_token: Any) -> dict[str, Any]:
        wanted = {"iss": {"essential": True, "value": self.issuer}}
        params = {"nonce": nonce, "client_id": self._client, "access_token": access_token}
        claims = CodeIDToken(token.claims, token.header, wanted, params)
        try:
            claims.validate(int(clock.now().timestamp()), _SKEW)
        except (JoseError, TypeError, ValueError) as error:
            raise Permanent(f"id_token: {error}") from None
        if claims["aud"] not in (self._client, [self._client]):  # we trust no other audience
            raise Permanent("id_token: aud")
        if not _SUBJECT.fullmatch(claims["sub"]):
            raise Permanent("id_token: sub")
        return dict(claims)


_pool = TrustedPool("identity provider", seconds=5, largest=256 * 1024)


def _get(url: str) -> dict[str, Any]:
    return _told(_send("GET", url))


def _key_set(url: str) -> KeySet:
    try:
        return KeySet.import_key_set(_get(url))  # type: ignore[arg-type]
    except (JoseError, LookupError, TypeError, ValueError):
        raise Temporary("the provider's keys cannot be read") from None


def _send(method: str, url: str, **content: Any) -> Answer:
    try:
        return _pool.request(method, url, **content)
    except Permanent as fault:  # too large an answer is the provider's fault, no verdict of it
        raise Temporary(str(fault)) from None


def _told(answer: Answer) -> dict[str, Any]:
    """The object of a good answer."""
    if not answer.good:
        raise Temporary(f"identity provider: HTTP {answer.status}")
    try:
        told = answer.json()
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise Temporary("identity provider: no JSON object")
    return told
