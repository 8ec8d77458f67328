"""Firebase Cloud Messaging, HTTP v1, over TLS: HTTP/2 (ALPN h2) and HTTP/1.1 on one port.

The state folder holds what a client needs: `ca.pem` and `service-account.json`.

`PUT /faults` (JSON) begins a fault, `DELETE /faults` ends it. With every one: `rate` is the share
of messages that it strikes, dealt evenly (0.001 strikes each thousandth; default 1); `seconds` ends
it (default: never); `delay` in seconds holds the answers that it gives.

- `{"mode": "error", "status": 503, "retry_after": 5}`: refused with a 4xx or 5xx, not shown. A
  storm of 429: `{"mode": "error", "status": 429, "retry_after": 2, "seconds": 10}`.
- `{"mode": "accept_then_error", "status": 503}`: shown on the device, and answered as an error.
- `{"mode": "accept_then_drop"}`: shown, and the connection dies with all that is open on it.
- `{"mode": "slow", "delay": 20}`: shown, and answered late.
- `{"mode": "refuse_stream"}`: RST_STREAM REFUSED_STREAM, not processed (HTTP/1.1: 503, not shown).
- `{"mode": "goaway", "rate": 0.001}`: GOAWAY; this stream and later ones of the connection are not
  processed, earlier ones are answered (HTTP/1.1: 503, not shown).
- `{"mode": "flaky"}`: all of these in turn.

`PUT /behaviour` (JSON, all parts optional, what is absent is off; also arguments and options):
`{"quota": 60000, "latency": [0.02, 0.3], "dead_share": 0.05, "goaway_after": 1000}`: messages in
any 60 seconds before 429, seconds until an answer, share of addresses that are UNREGISTERED (by
hash of the address, so always the same), messages of a connection before GOAWAY. `POST /goaway`:
GOAWAY on every connection now.

`GET /stats`: counters. `GET /arrivals`: a line `address TAB mid TAB times` for each message of each
device. `GET /journal?address=A`: `{"address", "shown": [...], "arrivals": {mid: times}}`. `GET
/journal`: the last messages and their devices. `DELETE /journal` empties it and the counters.
"""

from __future__ import annotations

import time
from dataclasses import asdict
from pathlib import Path
from typing import Self

import jwt
from flask import Response, abort, request
from flask.typing import ResponseReturnValue

from smartcity.sandbox import fcm_behaviour, tls
from smartcity.sandbox.account import GRANT_TYPE, LIFETIME, ServiceAccount
from smartcity.sandbox.faults import FLAKY, Faults
from smartcity.sandbox.fcm_behaviour import Behaviour
from smartcity.sandbox.fcm_journal import Journal
from smartcity.sandbox.fcm_listener import Listener
from smartcity.sandbox.fcm_sending import MODES, Sending
from smartcity.sandbox.fcm_wire import Answer, Request
from smartcity.sandbox.server import HOST, Server

GOOGLES_HOST = "fcm.googleapis.com"  # for a client that cannot be told another
_SEND = "/messages:send"
_PROJECTS = "/v1/projects/"


class Fcm(Server):
    """FCM for one project; the word `unregistered`, `quota`, … in an address makes it fail so."""

    def __init__(
        self,
        state: Path,
        port: int = 0,
        *,
        behaviour: Behaviour | None = None,
        journal: Path | None = None,
    ) -> None:
        state.mkdir(parents=True, exist_ok=True)
        context = tls.server_context(state, GOOGLES_HOST)
        super().__init__(port, context)
        self.ca_file = state / "ca.pem"
        self.credentials_file = state / "service-account.json"
        self._account = ServiceAccount(self.credentials_file)
        self._journal = Journal(journal)
        self._faults = Faults(*MODES, FLAKY)
        self._sending = Sending(self._account.admits, self._journal, self._faults)
        self._port, self._is_open = Listener(self._answer, context), False
        self._behave(behaviour or Behaviour())
        self._route()

    def start(self) -> Self:
        """Listen, and write the credentials file with this server's token endpoint."""
        try:
            self.port = self._port.start(HOST, self.port)
        except OSError as problem:
            raise SystemExit(str(problem)) from problem
        self._is_open = True
        self._account.write(f"{self.url}/token")
        return self

    def stop(self) -> None:
        """Break every connection off; answers under way are lost, as in a crash."""
        if self._is_open:
            self._is_open = False
            self._port.stop()

    def token(self) -> ResponseReturnValue:
        """An access token for a signed assertion (RFC 7523); errors as in RFC 6749, 5.2."""
        if request.form.get("grant_type") != GRANT_TYPE:
            return {"error": "unsupported_grant_type"}, 400
        try:
            granted = self._account.grant(request.form.get("assertion", ""))
        except jwt.InvalidTokenError as problem:
            return {"error": "invalid_grant", "error_description": str(problem)}, 400
        return {"access_token": granted, "expires_in": LIFETIME, "token_type": "Bearer"}

    def journal(self) -> ResponseReturnValue:
        """The last messages and what their devices show; `address` asks for one device."""
        address = request.args.get("address")
        return self._journal.whole() if address is None else self._journal.device(address)

    def empty(self) -> ResponseReturnValue:
        """Forget what was sent, and count anew."""
        self._journal.clear()
        self._port.traffic.reset()
        return "", 204

    def arrivals(self) -> ResponseReturnValue:
        """How often each message reached each device."""
        return Response(self._journal.arrivals(), mimetype="text/tab-separated-values")

    def stats(self) -> ResponseReturnValue:
        """Counters of messages and of connections, and the processor's seconds of this process."""
        traffic = self._port.traffic.counts()
        return self._journal.stats() | traffic | {"cpu_seconds": time.process_time()}

    def behave(self) -> ResponseReturnValue:
        """Quota, latency, dead addresses, GOAWAY: all of them anew."""
        try:
            wished = fcm_behaviour.parse(request.get_json())
        except ValueError as problem:
            abort(400, str(problem))
        self._behave(wished)
        return asdict(wished)

    def go_away(self) -> ResponseReturnValue:
        """GOAWAY on every connection of HTTP/2."""
        self._port.go_away()
        return "", 204

    def _behave(self, behaviour: Behaviour) -> None:
        self._sending.behave(behaviour)
        self._port.traffic.goaway_after = behaviour.goaway_after

    def _route(self) -> None:
        self.app.register_blueprint(self._faults.routes())
        self.app.post("/token")(self.token)
        self.app.get("/journal")(self.journal)
        self.app.delete("/journal")(self.empty)
        self.app.get("/arrivals")(self.arrivals)
        self.app.get("/stats")(self.stats)
        self.app.put("/behaviour")(self.behave)
        self.app.post("/goaway")(self.go_away)

    def _answer(self, asked: Request) -> Answer:
        """What is sent goes by Flask: it would cost more than all the rest."""
        path = asked.path
        if asked.method == "POST" and path.startswith(_PROJECTS) and path.endswith(_SEND):
            project = path[len(_PROJECTS) : -len(_SEND)]
            bearer = asked.headers.get(b"authorization", b"").decode("latin-1")
            return self._sending.send(project, bearer, asked.body)
        named = [(n.decode("latin-1"), v.decode("latin-1")) for n, v in asked.headers.items()]
        headers = [(name, value) for name, value in named if name[0] != ":"]
        answer = self.app.test_client(use_cookies=False).open(
            path, method=asked.method, headers=headers, data=asked.body, base_url=self.url
        )
        kept = [(name.lower(), value) for name, value in answer.headers.items()]
        fields = tuple(pair for pair in kept if pair[0] not in {"content-length", "connection"})
        return Answer(answer.status_code, answer.get_data(), fields)
