"""Reading a message of FCM's HTTP v1 API: what FCM would refuse in it, and what a device shows.

Source: firebase.google.com/docs/reference/fcm/rest/v1/projects.messages.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from smartcity.sandbox import fcm_errors

MAX_PAYLOAD = 4096  # bytes of UTF-8
MAX_TOPIC_PAYLOAD = 2048
MAX_TTL = 28 * 86_400  # seconds
MAX_TOPICS = 5  # in a condition
_PHONES = ("token", "fid")
_CROWDS = ("topic", "condition")
_KINDS = (*_PHONES, *_CROWDS)
_PARTS = {"name", "data", "notification", "android", "webpush", "apns", "fcm_options", "fcmOptions"}
_KNOWN = _PARTS.union(_KINDS)
_TOPIC = re.compile(r"[a-zA-Z0-9\-_.~%]+")
_DURATION = re.compile(r"(\d+)(\.\d{1,9})?s")
_RESERVED = re.compile(r"from|message_type|google\..*|gcm\..*")

Message = dict[str, Any]


@dataclass(slots=True, frozen=True)
class Posted:
    """What a body asks for; a topic or condition is the address of a crowd."""

    kind: str
    address: str
    message: Message
    is_trial: bool


def read(body: bytes) -> Posted:
    """The body of messages:send; Refusal when FCM would not take it.

    The payload counts as its compact JSON in UTF-8, without the address.
    """
    try:
        wish = json.loads(body)
    except (ValueError, RecursionError):
        wish = None
    if not isinstance(wish, dict) or not isinstance(wish.get("message"), dict):
        raise fcm_errors.violation("message", "Invalid JSON payload received.")
    message: Message = wish["message"]
    kind, address = _target(message)
    _check_parts(message)
    limit = MAX_TOPIC_PAYLOAD if kind in _CROWDS else MAX_PAYLOAD
    if len(body) > limit and _size(message) > limit:
        raise fcm_errors.too_big()
    is_trial = wish.get("validate_only") is True or wish.get("validateOnly") is True
    return Posted(kind, address, message, is_trial)


def notice(message: Message) -> Message:
    """The notification that a device shows, and the data that the app gets, `mid` among it."""
    shown = message.get("notification", {}) | message.get("android", {}).get("notification", {})
    return {
        "title": shown.get("title"),
        "body": shown.get("body"),
        "tag": shown.get("tag") or _collapse_id(message),
        "data": message.get("data", {}),
    }


def _target(message: Message) -> tuple[str, str]:
    kinds = [kind for kind in _KINDS if message.get(kind)]
    if len(kinds) != 1 or not isinstance(message[kinds[0]], str):
        text = "Exactly one of token, fid, topic or condition must be specified."
        raise fcm_errors.violation("message", text)
    kind, address = kinds[0], message[kinds[0]]
    if not address.isascii():
        raise fcm_errors.bad_address()
    if kind == "topic" and not _TOPIC.fullmatch(address):
        raise fcm_errors.violation("message.topic", "Malformed topic name")
    if kind == "condition" and not 1 <= address.count(" in topics") <= MAX_TOPICS:
        raise fcm_errors.violation("message.condition", "Invalid condition expression")
    return kind, address


def _check_parts(message: Message) -> None:
    if unknown := message.keys() - _KNOWN:
        text = f"Unknown name \"{min(unknown)}\" at 'message': Cannot find field."
        raise fcm_errors.violation("message", f"Invalid JSON payload received. {text}")
    android = _object(message, "android", "message")
    apns = _object(message, "apns", "message")
    _texts(_object(message, "notification", "message"), "message.notification", "title", "body")
    shown = _object(android, "notification", "message.android")
    _texts(shown, "message.android.notification", "title", "body", "tag")
    _texts(_object(apns, "headers", "message.apns"), "message.apns.headers", "apns-collapse-id")
    if "ttl" in android:
        _check_ttl(android["ttl"])
    for index, (key, value) in enumerate(_object(message, "data", "message").items()):
        if not isinstance(value, str):
            field = f"message.data[{index}].value"
            raise fcm_errors.violation(field, f"Invalid value at '{field}' ({key}, TYPE_STRING)")
        if _RESERVED.fullmatch(key):
            raise fcm_errors.violation("message.data", f"Invalid data payload key: {key}")


def _check_ttl(ttl: object) -> None:
    matched = _DURATION.fullmatch(ttl) if isinstance(ttl, str) else None
    if not matched or int(matched[1]) > MAX_TTL:
        text = f"Invalid value at 'message.android.ttl': 0s to {MAX_TTL}s"
        raise fcm_errors.violation("message.android.ttl", text)


def _object(parent: Message, name: str, path: str) -> Message:
    value = parent.get(name, {})
    if not isinstance(value, dict):
        raise fcm_errors.violation(f"{path}.{name}", f"Invalid value at '{path}.{name}'")
    return value


def _texts(parent: Message, path: str, *names: str) -> None:
    for name in names:
        if not isinstance(parent.get(name, ""), str):
            field = f"{path}.{name}"
            raise fcm_errors.violation(field, f"Invalid value at '{field}' (TYPE_STRING)")


def _collapse_id(message: Message) -> str | None:
    found: str | None = message.get("apns", {}).get("headers", {}).get("apns-collapse-id")
    return found


def _size(message: Message) -> int:
    payload = {name: value for name, value in message.items() if name not in _KINDS}
    text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
    return len(text.encode(errors="surrogatepass"))
