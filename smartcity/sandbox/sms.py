"""An SMS gateway that keeps what it was to send, and finds the one-time code in it."""

from __future__ import annotations

import hmac
import re
import threading
import uuid
from collections import deque
from datetime import UTC, datetime

from flask import abort, jsonify, request
from flask.typing import ResponseReturnValue

from smartcity.sandbox.faults import ERROR, Faults
from smartcity.sandbox.server import Server

KEPT = 100_000  # messages
_PHONE = re.compile(r"\+84[0-9]{8,10}")
_CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")


class Sms(Server):
    """The gateway; senders show `Authorization: Bearer <key>`."""

    def __init__(self, key: str, port: int = 0) -> None:
        super().__init__(port)
        self._expected = f"Bearer {key}".encode()
        self._messages: deque[dict[str, str | None]] = deque(maxlen=KEPT)
        self._lock = threading.Lock()
        self._faults = Faults(ERROR)
        self.app.register_blueprint(self._faults.routes())
        self.app.post("/send")(self.send)
        self.app.get("/messages")(self.messages)

    def send(self) -> ResponseReturnValue:
        """202 `{id}` for `{to: "+84…", text, reference?}`; 400, 401; or the fault asked for."""
        if fault := self._faults.strike():
            return {"error": "a fault on purpose"}, fault.status, fault.headers()
        if not hmac.compare_digest(
            request.headers.get("Authorization", "").encode(), self._expected
        ):
            abort(401, "no such key")
        phone, text = _read(request.get_json())
        code = _CODE.search(text)
        message = {
            "phone": phone,
            "text": text,
            "code": code.group() if code else None,
            "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
        }
        with self._lock:
            self._messages.append(message)
        return {"id": str(uuid.uuid4())}, 202

    def messages(self) -> ResponseReturnValue:
        """`[{phone, text, code, at}]`, the newest last; `phone` as +84…, 84… or 0…."""
        phone = request.args.get("phone")
        with self._lock:
            kept = list(self._messages)
        return jsonify([m for m in kept if phone is None or m["phone"] == _canonical(phone)])


def _read(body: object) -> tuple[str, str]:
    if not isinstance(body, dict) or body.keys() - {"to", "text", "reference"}:
        abort(400, "a message is {to, text, reference?}")
    phone, text = body.get("to"), body.get("text")
    if not (isinstance(phone, str) and _PHONE.fullmatch(phone)):
        abort(400, "to must be +84 and 8 to 10 digits")
    if not (isinstance(text, str) and text):
        abort(400, "text must be a string that is not empty")
    return phone, text


def _canonical(phone: str) -> str:
    # A + that was not escaped in the query arrives as a space.
    digits = re.sub(r"\D", "", phone)
    return "+84" + digits[1:] if digits.startswith("0") else "+" + digits
