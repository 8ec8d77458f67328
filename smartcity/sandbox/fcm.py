"""Firebase Cloud Messaging, HTTP v1, over TLS: HTTP/2 (ALPN h2) and HTTP/1.1 on one port.

The state folder holds what a client needs: `ca.pem` and `service-account.json`.

`PUT /faults` (JSON) begins a fault, `DELETE /faults` ends it. With every one: `rate` is the share
of messages that it strikes, dealt evenly (0.001 strikes each thousandth; default 1); `seconds` ends
it (default: never); `delay` in seconds holds the answers that it gives.

- `{"mode": "error", "status": 503, "retry_after": 5}`: refused with a 4xx or 5xx, not shown. A storm
  of 429: `{"mode": "error", "status": 429, "retry_after": 2, "seconds": 10}`.
- `{"mode": "accept_then_error", "status": 503}`: shown on the device, and answered as an error.
- `{"mode": "accept_then_drop"}`: shown, and the connection dies with all that is open on it.
- `{"mode": "slow", "delay": 20}`: shown, and answered late.
- `{"mode": "refuse_stream"}`: RST_STREAM REFUSED_STREAM, not processed (HTTP/1.1: 503, not shown).
- `{"mode": "goaway", "rate": 0.001}`: GOAWAY; this stream and later ones of the connection are not
  processed, earlier ones are answered (HTTP/1.1: 503, not shown).
- `{"mode": "flaky"}`: all of these in turn.

`PUT /behaviour` (JSON, all parts optional, what is absent is off; also arguments and options):
`{"quota": 60000, "latency": [0.02, 0.3], "dead_share": 0.05, "goaway_after": 1000}`: messages in any
60 seconds before 429, seconds until an answer, share of addresses that are UNREGISTERED (by hash of
the address, so always the same), messages of a connection before GOAWAY. `POST /goaway`: GOAWAY on
every connection now. `GET /stats`: counters. `GET /arrivals`: `address TAB mid TAB times`, a line
for each. `GET /journal?address=A`: `{"address", "shown": [...], "arrivals": {mid: times}}`.
`GET /journal`: the last messages and their devices. `DELETE /journal` empties it and the counters.
"""

from __future__ import annotations

import socket
import threading
import uuid
from collections import deque
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import jwt
from flask import request
from flask.typing import ResponseReturnValue

from smartcity.sandbox import fcm_errors, fcm_messages, tls
from smartcity.sandbox.account import GRANT_TYPE, LIFETIME, PROJECT, ServiceAccount
from smartcity.sandbox.faults import ERROR, Faults
from smartcity.sandbox.fcm_errors import Refusal
from smartcity.sandbox.fcm_messages import Message
from smartcity.sandbox.server import Server

ACCEPT_THEN_DROP = "accept_then_drop"
KEPT = 100_000  # messages
NO_ANSWER = "NO_ANSWER"


class Fcm(Server):
    """FCM for one project; the word `unregistered`, `quota`, … in an address makes it fail so."""

    def __init__(self, state: Path, port: int = 0) -> None:
        state.mkdir(parents=True, exist_ok=True)
        super().__init__(port, tls.server_context(state))
        self.ca_file = state / "ca.pem"
        self.credentials_file = state / "service-account.json"
        self._account = ServiceAccount(self.credentials_file)
        self._sent: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self._lock = threading.Lock()
        self._faults = Faults(ERROR, ACCEPT_THEN_DROP)
        self.app.register_blueprint(self._faults.routes())
        self.app.register_error_handler(Refusal, Refusal.answer)
        self.app.post("/token")(self.token)
        self.app.post("/v1/projects/<project>/messages:send")(self.send)
        self.app.get("/journal")(self.journal)

    def start(self) -> Self:
        """Listen, and write the credentials file with this server's token endpoint."""
        super().start()
        self._account.write(f"{self.url}/token")
        return self

    def token(self) -> ResponseReturnValue:
        """An access token for a signed assertion (RFC 7523); errors as in RFC 6749, 5.2."""
        if request.form.get("grant_type") != GRANT_TYPE:
            return {"error": "unsupported_grant_type"}, 400
        try:
            granted = self._account.grant(request.form.get("assertion", ""))
        except jwt.InvalidTokenError as problem:
            return {"error": "invalid_grant", "error_description": str(problem)}, 400
        return {"access_token": granted, "expires_in": LIFETIME, "token_type": "Bearer"}

    def send(self, project: str) -> ResponseReturnValue:
        """`{name}` of the message; a google.rpc.Status; or no answer at all, when asked for."""
        if not self._account.admits(request.headers.get("Authorization", "")):
            raise fcm_errors.unauthenticated()
        if project != PROJECT:
            raise fcm_errors.denied(project)
        kind, message, is_trial = fcm_messages.read(request.get_json(silent=True))
        fault = self._faults.strike()
        refusal = fcm_errors.by_address(message[kind])
        if fault and fault.mode == ERROR:
            refusal = fcm_errors.by_fault(fault)
        is_dropped = fault is not None and refusal is None
        if not is_trial:
            self._record(kind, message, refusal, is_dropped=is_dropped)
        if is_dropped:
            request.environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
        if refusal:
            raise refusal
        return {"name": f"projects/{PROJECT}/messages/{uuid.uuid4()}"}

    def journal(self) -> ResponseReturnValue:
        """What was sent, and what each device would show; a tag's later message replaces it."""
        with self._lock:
            sent = list(self._sent)
        devices: dict[str, list[Message]] = {}
        for entry in sent:
            if entry["error"] in (None, NO_ANSWER):
                fcm_messages.show(devices.setdefault(entry["address"], []), entry["message"])
        return {"sent": sent, "devices": devices}

    def _record(
        self, kind: str, message: Message, refusal: Refusal | None, *, is_dropped: bool
    ) -> None:
        status, error = (None, NO_ANSWER) if is_dropped else (200, None)
        if refusal:
            status, error = refusal.status, refusal.code or refusal.rpc_status
        entry = {
            "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "address": message[kind],
            "kind": kind,
            "message": message,
            "status": status,
            "error": error,
        }
        with self._lock:
            self._sent.append(entry)
