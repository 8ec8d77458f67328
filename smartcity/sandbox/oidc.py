"""An OpenID provider with a login page: who signs in, `PUT /people/<name>` says beforehand."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any, Self

from authlib.oauth2 import OAuth2Error
from flask import abort, g, render_template, request
from flask.typing import ResponseReturnValue

from smartcity.sandbox.faults import ERROR, Fault, Faults
from smartcity.sandbox.oidc_forgeries import FORGERIES
from smartcity.sandbox.oidc_grants import ALGORITHM, FALSE_ISS, Books, Client, authorization_server
from smartcity.sandbox.server import Server

SLOW = "slow"
HUGE = "huge"
FALSE_ISSUER = "false_issuer"  # discovery names another issuer
_HUGE_BYTES = 8_000_000
_NAME = re.compile(r"[\w.@-]{1,64}")
_SAFE = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}


class Oidc(Server):
    """A provider for some clients; its issuer is its address."""

    def __init__(self, clients: Sequence[Client], port: int = 0) -> None:
        super().__init__(port)
        self.books = Books({client.id: client for client in clients})
        self.books.rotate()
        self._people: dict[str, dict[str, Any]] = {}
        self._counts: Counter[str] = Counter()
        self.faults = Faults(ERROR, SLOW, HUGE, FALSE_ISSUER, FALSE_ISS, *FORGERIES)
        self.app.register_blueprint(self.faults.routes())
        self._server = authorization_server(self.app, self.books)
        self.app.get("/.well-known/openid-configuration")(self.discovery)
        self.app.get("/jwks")(self.jwks)
        self.app.get("/authorize")(self.login_page)
        self.app.post("/authorize")(self.log_in)
        self.app.post("/token")(self.token)
        self.app.get("/userinfo")(self.userinfo)
        self.app.put("/people/<name>")(self.put_person)
        self.app.post("/keys")(self.rotate)
        self.app.get("/stats")(self.stats)

    def start(self) -> Self:
        """Listen; from now on the issuer is known."""
        super().start()
        self.books.issuer = self.url
        return self

    def discovery(self) -> ResponseReturnValue:
        """The provider's metadata (OpenID Connect Discovery 1.0, §3)."""
        if refused := self._strike("discovery"):
            return refused
        issuer = "https://another-issuer.example" if g.fault == FALSE_ISSUER else self.url
        return {
            "issuer": issuer,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "jwks_uri": f"{self.url}/jwks",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "scopes_supported": ["openid", "profile"],
            "id_token_signing_alg_values_supported": [ALGORITHM],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
        }

    def jwks(self) -> ResponseReturnValue:
        """The public keys."""
        return self._strike("jwks") or self.books.published()

    def login_page(self) -> ResponseReturnValue:
        """Ask who it is, if the client's request is in order; else say why not."""
        try:
            self._server.get_consent_grant()
        except OAuth2Error as error:
            asked: ResponseReturnValue = self._server.handle_error_response(request, error)
            return asked
        return self._page("")

    def log_in(self) -> ResponseReturnValue:
        """Back to the client with a code, or with `access_denied` when the person refuses."""
        person = self._people.get(request.form.get("name", ""))
        if person is None and "refuse" not in request.form:
            return self._page("Không có người dùng này.")
        self._fault()
        try:
            grant = self._server.get_consent_grant(end_user=person)
        except OAuth2Error as error:
            failed: ResponseReturnValue = self._server.handle_error_response(request, error)
            return failed
        agrees = None if "refuse" in request.form else person
        answer: ResponseReturnValue = self._server.create_authorization_response(
            grant_user=agrees, grant=grant
        )
        return answer

    def token(self) -> ResponseReturnValue:
        """Tokens for a code; the ID token is forged when a fault asks for it."""
        refused = self._strike("token")
        return refused or self._server.create_token_response()

    def userinfo(self) -> ResponseReturnValue:
        """The claims of whom an access token stands for."""
        refused = self._strike("userinfo")
        return refused or self._server.create_endpoint_response("userinfo")

    def put_person(self, name: str) -> ResponseReturnValue:
        """Let somebody sign in under a name, with these claims; `sub` is the name unless given."""
        claims = request.get_json()
        if not (_NAME.fullmatch(name) and isinstance(claims, dict)):
            abort(400, "PUT /people/<name> with an object of claims")
        self._people[name] = {"sub": name, **claims}
        return self._people[name]

    def rotate(self) -> ResponseReturnValue:
        """Sign with a new key from now on; the old ones stay published."""
        self.books.rotate()
        return self.books.published(), 201

    def stats(self) -> ResponseReturnValue:
        """How often each endpoint was asked."""
        return dict(self._counts)

    def _page(self, told: str) -> ResponseReturnValue:
        return render_template("oidc_login.html", told=told, people=sorted(self._people)), _SAFE

    def _fault(self) -> Fault:
        fault = self.faults.strike() or Fault(mode="none")
        g.fault = fault.mode
        return fault

    def _strike(self, endpoint: str) -> ResponseReturnValue | None:
        """Count the request; the answer of a fault that spares nobody, or None."""
        self._counts[endpoint] += 1
        fault = self._fault()
        if fault.mode == ERROR:
            return {"error": "temporarily_unavailable"}, fault.status, fault.headers()
        if fault.mode == SLOW:
            time.sleep(fault.delay)
        return {"filling": "x" * _HUGE_BYTES} if fault.mode == HUGE else None
