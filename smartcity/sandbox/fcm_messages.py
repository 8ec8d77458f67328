"""Reading a message of FCM's HTTP v1 API, and what a device makes of it."""

from __future__ import annotations

import json
from typing import Any

from smartcity.sandbox import fcm_errors

MAX_PAYLOAD = 4096  # bytes of UTF-8
_KINDS = ("token", "fid")

Message = dict[str, Any]


def read(body: object) -> tuple[str, Message, bool]:
    """Kind of address, message, and whether it is a trial; Refusal when FCM would not read it.

    The payload counts as its compact JSON in UTF-8, without the address.
    """
    if not isinstance(body, dict) or not isinstance(body.get("message"), dict):
        raise fcm_errors.violation("message", "Invalid JSON payload received.")
    message: Message = body["message"]
    kinds = [kind for kind in _KINDS if isinstance(message.get(kind), str) and message[kind]]
    if len(kinds) != 1:
        raise fcm_errors.violation("message", "Exactly one of fid and token must be specified.")
    for name in ("notification", "android"):
        _object(message, name, "message")
    _object(message.get("android", {}), "notification", "message.android")
    for index, (key, value) in enumerate(_object(message, "data", "message").items()):
        if not isinstance(value, str):
            field = f"message.data[{index}].value"
            raise fcm_errors.violation(field, f"Invalid value at '{field}' ({key}, TYPE_STRING)")
    if _size(message) > MAX_PAYLOAD:
        raise fcm_errors.too_big()
    return kinds[0], message, body.get("validate_only") is True


def _object(parent: Message, name: str, path: str) -> Message:
    value = parent.get(name, {})
    if not isinstance(value, dict):
        raise fcm_errors.violation(f"{path}.{name}", f"Invalid value at '{path}.{name}'")
    return value


def _size(message: Message) -> int:
    payload = {name: value for name, value in message.items() if name not in _KINDS}
    text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
    return len(text.encode(errors="surrogatepass"))


def show(shown: list[Message], message: Message) -> None:
    """Add the notification to those a device shows, in the place of one with the same tag."""
    notice = message.get("notification", {}) | message.get("android", {}).get("notification", {})
    tag = notice.get("tag")
    shown[:] = [other for other in shown if tag is None or other["tag"] != tag]
    shown.append(
        {
            "title": notice.get("title"),
            "body": notice.get("body"),
            "tag": tag,
            "data": message.get("data", {}),
        }
    )
