"""Zalo Notification Service: messages by a registered template, and tokens good once."""

from __future__ import annotations

import re
import secrets
import threading
import time
from collections import deque
from datetime import UTC, datetime
from typing import Any

from flask import abort, jsonify, request
from flask.typing import ResponseReturnValue

from smartcity.sandbox.faults import ERROR, Faults
from smartcity.sandbox.server import Server

KEPT = 100_000  # messages
LIFETIME = 90_000  # seconds of an access token
_PHONE = re.compile(r"84[0-9]{8,10}")
# https://zalo.cloud/zns/guidelines/handle-error-code
_BAD_PHONE, _BAD_TEMPLATE, _MISSING, _NO_ACCOUNT, _TOKEN_REFUSED = -108, -109, -1122, -118, -124


class Zns(Server):
    """One application and its template; numbers of `without` have no Zalo account."""

    def __init__(
        self, app_id: str, secret: str, template: str, refresh: str, port: int = 0
    ) -> None:
        super().__init__(port)
        self._app_id, self._secret, self._template = app_id, secret, template
        self._refresh = refresh
        self._access: dict[str, float] = {}  # and until when it is good
        self.without: set[str] = set()
        self._messages: deque[dict[str, str]] = deque(maxlen=KEPT)
        self._lock = threading.Lock()
        self._faults = Faults(ERROR)
        self.app.register_blueprint(self._faults.routes())
        self.app.post("/v4/oa/access_token")(self.renew)
        self.app.post("/message/template")(self.send)
        self.app.delete("/tokens")(self.revoke)
        self.app.get("/messages")(self.messages)

    def renew(self) -> ResponseReturnValue:
        """Tokens for `app_id`, `grant_type` and a `refresh_token`, which is spent by it."""
        if _header("secret_key") != self._secret:
            return _told(-14004, "Invalid secret key")
        asked = request.form
        with self._lock:
            if asked.get("refresh_token") != self._refresh or asked.get("app_id") != self._app_id:
                return _told(-14014, "Invalid refresh token")
            self._refresh, access = secrets.token_urlsafe(40), secrets.token_urlsafe(40)
            self._access[access] = time.monotonic() + LIFETIME
            made = {"access_token": access, "refresh_token": self._refresh}
        return {**made, "expires_in": str(LIFETIME)}

    def send(self) -> ResponseReturnValue:
        """HTTP 200 whatever comes of it: `{error: 0, message, data}`, or a negative `error`."""
        if fault := self._faults.strike():
            return {"error": "a fault on purpose"}, fault.status, fault.headers()
        if self._access.get(_header("access_token"), 0) < time.monotonic():
            return _told(_TOKEN_REFUSED, "Access token invalid")
        body = request.get_json()
        if error := self._fault_of(body):
            return _told(*error)
        return self._keep(body["phone"], body["template_data"]["otp"], body["tracking_id"])

    def revoke(self) -> ResponseReturnValue:
        """Let no access token be good any more."""
        self._access.clear()
        return "", 204

    def messages(self) -> ResponseReturnValue:
        """`[{phone, code, tracking_id, at}]`, the newest last."""
        with self._lock:
            return jsonify(list(self._messages))

    def _fault_of(self, body: dict[str, Any]) -> tuple[int, str] | None:
        if body.get("template_id") != self._template:
            return _BAD_TEMPLATE, "Template ID invalid"
        if not _PHONE.fullmatch(body.get("phone", "")):
            return _BAD_PHONE, "Phone number invalid"
        if set(body.get("template_data", {})) != {"otp"}:
            return _MISSING, "Template data missing parameter"
        if body["phone"] in self.without:
            return _NO_ACCOUNT, "Zalo account not existed"
        return None

    def _keep(self, phone: str, code: str, tracking: str) -> ResponseReturnValue:
        if not isinstance(tracking, str) or len(tracking) > 48:
            abort(400, "tracking_id has 48 characters at most")
        now = datetime.now(UTC)
        message = {"phone": f"+{phone}", "code": code, "tracking_id": tracking}
        with self._lock:
            self._messages.append({**message, "at": now.isoformat(timespec="milliseconds")})
        sent = {"msg_id": secrets.token_hex(10), "sent_time": str(int(now.timestamp() * 1_000))}
        return {"error": 0, "message": "Success", "data": sent}


def _header(name: str) -> str:
    return str(request.environ["sandbox.headers"].get(name, ""))


def _told(error: int, message: str) -> ResponseReturnValue:
    return {"error": error, "message": message}
