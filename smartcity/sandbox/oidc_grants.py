"""The provider's side of OpenID Connect, by Authlib: code with PKCE (S256 only)."""

from __future__ import annotations

import hmac
import threading
from dataclasses import dataclass, field
from typing import Any, ClassVar

from authlib.integrations.flask_oauth2 import AuthorizationServer, ResourceProtector
from authlib.oauth2.rfc6749 import ClientMixin, InvalidRequestError, TokenMixin
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc6750 import BearerTokenValidator
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oauth2.rfc9207 import IssuerParameter
from authlib.oidc.core import OpenIDCode, UserInfoEndpoint
from flask import Flask, g
from joserfc.jwk import KeySet, RSAKey

from smartcity.sandbox.oidc_forgeries import FORGERIES, forge

ALGORITHM = "RS256"
FALSE_ISS = "false_iss"  # fault: the redirect back names another issuer (a mix-up, RFC 9207)
SCOPES = {"openid", "profile"}


@dataclass(frozen=True)
class Client(ClientMixin):
    """A relying party; a redirect URI must be one of these letter by letter."""

    id: str
    secret: str
    redirect_uris: tuple[str, ...]

    client_metadata: ClassVar[dict[str, Any]] = {}  # asked for by UserInfoEndpoint

    def get_client_id(self) -> str:
        return self.id

    def get_default_redirect_uri(self) -> None:
        return None

    def get_allowed_scope(self, scope: str) -> str:
        return " ".join(word for word in (scope or "").split() if word in SCOPES)

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri in self.redirect_uris

    def check_client_secret(self, client_secret: str) -> bool:
        return hmac.compare_digest(client_secret.encode(), self.secret.encode())

    def check_endpoint_auth_method(self, method: str, _endpoint: str) -> bool:
        return method == "client_secret_basic"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


@dataclass(frozen=True)
class Granted(TokenMixin):
    """What a person agreed to: first as a code, then as an access token."""

    client: Client
    person: dict[str, Any]  # claims
    scope: str
    redirect_uri: str
    nonce: str | None
    code_challenge: str
    code_challenge_method: str = "S256"

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str | None:
        return self.nonce

    def get_auth_time(self) -> None:
        return None

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None

    def is_expired(self) -> bool:
        return False

    def is_revoked(self) -> bool:
        return False

    def get_user(self) -> dict[str, Any]:
        return self.person

    def get_client(self) -> Client:
        return self.client


@dataclass
class Books:
    """What the provider remembers; the newest key signs, all are published."""

    clients: dict[str, Client]
    issuer: str = ""
    keys: list[RSAKey] = field(default_factory=list)
    codes: dict[str, Granted] = field(default_factory=dict)
    tokens: dict[str, Granted] = field(default_factory=dict)
    nonces: set[str] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def rotate(self) -> None:
        """Sign with a new key from now on."""
        self.keys.insert(
            0, RSAKey.generate_key(2048, {"use": "sig", "alg": ALGORITHM}, auto_kid=True)
        )

    def published(self) -> dict[str, Any]:
        """The JWK Set (RFC 7517)."""
        return dict(KeySet([*self.keys]).as_dict(private=False))


def authorization_server(app: Flask, books: Books) -> AuthorizationServer:
    """Authlib's server with our grant and nothing else."""

    def save(token: dict[str, Any], asked: Any) -> None:
        books.tokens[token["access_token"]] = asked.authorization_code

    server = AuthorizationServer(app, books.clients.get, save)
    server.books = books
    server.register_grant(_CodeGrant, [_OnlyS256(required=True), _OpenId(books)])
    server.register_extension(_Issuer(books))
    protector = ResourceProtector()
    protector.register_token_validator(_Validator(books))
    server.register_endpoint(_UserInfo(resource_protector=protector))
    return server


class _CodeGrant(AuthorizationCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic"]  # noqa: RUF012

    def save_authorization_code(self, code: str, asked: Any) -> None:
        data = asked.payload.data
        self.server.books.codes[code] = Granted(
            asked.client,
            asked.user,
            asked.scope,
            asked.payload.redirect_uri,
            data.get("nonce"),
            data["code_challenge"],
        )

    def query_authorization_code(self, code: str, client: Client) -> Granted | None:
        # Spent by whoever shows it first, rightly or not: two at once would both pass otherwise.
        found = self.server.books.codes.pop(code, None)
        return found if found and found.client == client else None

    def delete_authorization_code(self, _code: Granted) -> None:
        """Nothing: it was spent when it was shown."""

    def authenticate_user(self, code: Granted) -> dict[str, Any]:
        return code.person


class _OnlyS256(CodeChallenge):
    SUPPORTED_CODE_CHALLENGE_METHOD = ["S256"]  # noqa: RUF012

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:
        if grant.request.payload.data.get("code_challenge_method") != "S256":
            raise InvalidRequestError("code_challenge_method must be S256")
        super().validate_code_challenge(grant, redirect_uri)


class _OpenId(OpenIDCode):
    def __init__(self, books: Books) -> None:
        super().__init__(require_nonce=True)
        self._books = books

    def exists_nonce(self, nonce: str, _request: Any) -> bool:
        return nonce in self._books.nonces

    def resolve_client_private_key(self, _client: Client) -> RSAKey:
        return self._books.keys[0]

    def get_encode_header(self, _client: Client) -> dict[str, Any]:
        return {"alg": ALGORITHM, "kid": self._books.keys[0].kid}

    def get_client_claims(self, client: Client) -> dict[str, Any]:
        return {"iss": self._books.issuer, "aud": [client.id]}

    def generate_user_info(self, user: dict[str, Any], _scope: str) -> dict[str, Any]:
        return user

    def encode_id_token(self, token: dict[str, Any], request: Any) -> str:
        self._books.nonces.add(request.authorization_code.nonce)
        honest: str = super().encode_id_token(token, request)
        mode = g.get("fault")
        return forge(mode, honest, self._books.keys[0]) if mode in FORGERIES else honest


class _Issuer(IssuerParameter):
    def __init__(self, books: Books) -> None:
        self._books = books

    def get_issuer(self) -> str:
        return (
            "https://another-issuer.example" if g.get("fault") == FALSE_ISS else self._books.issuer
        )


class _Validator(BearerTokenValidator):
    def __init__(self, books: Books) -> None:
        super().__init__()
        self._books = books

    def authenticate_token(self, token_string: str) -> Granted | None:
        return self._books.tokens.get(token_string)


class _UserInfo(UserInfoEndpoint):
    def generate_user_info(self, user: dict[str, Any], _scope: str) -> dict[str, Any]:
        return user
