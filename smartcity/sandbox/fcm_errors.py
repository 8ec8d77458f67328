"""FCM's refusals, with the bodies of the HTTP v1 API.

Source: firebase.google.com/docs/cloud-messaging/error-codes and .../docs/reference/fcm/rest/v1.
"""

from __future__ import annotations

import json
from typing import Any

from smartcity.sandbox.faults import Fault
from smartcity.sandbox.fcm_wire import JSON, Answer

_FCM_ERROR = "type.googleapis.com/google.firebase.fcm.v1.FcmError"
_BAD_REQUEST = "type.googleapis.com/google.rpc.BadRequest"
_QUOTA_PAUSE = 60  # seconds

# A word in the device address, and what FCM answers for such a device.
_BY_WORD = {
    "unregistered": (404, "NOT_FOUND", "Requested entity was not found.", "UNREGISTERED"),
    "sender-mismatch": (403, "PERMISSION_DENIED", "SenderId mismatch", "SENDER_ID_MISMATCH"),
    "invalid": (
        400,
        "INVALID_ARGUMENT",
        "The registration token is not a valid FCM registration token",
        "INVALID_ARGUMENT",
    ),
    "apns-auth": (
        401,
        "UNAUTHENTICATED",
        "Auth error from APNS or Web Push Service",
        "THIRD_PARTY_AUTH_ERROR",
    ),
    "quota": (429, "RESOURCE_EXHAUSTED", "Sending limit exceeded.", "QUOTA_EXCEEDED"),
    "unavailable": (503, "UNAVAILABLE", "The service is currently unavailable.", "UNAVAILABLE"),
    "internal": (500, "INTERNAL", "Internal error encountered.", "INTERNAL"),
}
_BY_STATUS = {status: (rpc, code) for status, rpc, _, code in _BY_WORD.values()}


class Refusal(Exception):
    """A google.rpc.Status; `code` is FCM's own error code, where it gives one."""

    def __init__(
        self,
        status: int,
        rpc_status: str,
        message: str,
        code: str | None = None,
        *,
        details: tuple[dict[str, Any], ...] = (),
        retry_after: int | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.rpc_status, self.message, self.code = status, rpc_status, message, code
        self.details = [*details, {"@type": _FCM_ERROR, "errorCode": code}] if code else [*details]
        self.headers = () if retry_after is None else (("retry-after", str(retry_after)),)

    def answer(self) -> Answer:
        """What goes over the wire."""
        error = {"code": self.status, "message": self.message, "status": self.rpc_status}
        body = json.dumps({"error": error | {"details": self.details}}).encode()
        return Answer(self.status, body, (JSON, *self.headers))


def violation(field: str, description: str) -> Refusal:
    """A message that is wrong in itself; the address may be good."""
    details = {
        "@type": _BAD_REQUEST,
        "fieldViolations": [{"field": field, "description": description}],
    }
    return Refusal(400, "INVALID_ARGUMENT", description, details=(details,))


def unauthenticated() -> Refusal:
    """No access token, or one that is not known or has expired."""
    text = "Request had invalid authentication credentials. Expected OAuth 2 access token."
    return Refusal(401, "UNAUTHENTICATED", text)


def denied(project: str) -> Refusal:
    """A project that is not the account's."""
    text = f"Permission 'cloudmessaging.messages.create' denied on resource 'projects/{project}'"
    return Refusal(403, "PERMISSION_DENIED", text)


def too_big() -> Refusal:
    """A payload over the limit."""
    text = "Android message is too big"
    details = ({"@type": _BAD_REQUEST},)
    return Refusal(400, "INVALID_ARGUMENT", text, "INVALID_ARGUMENT", details=details)


def by_address(address: str) -> Refusal | None:
    """The refusal that a device address asks for by a word in it."""
    for word in _BY_WORD:
        if word in address:
            return _of_word(word)
    return None


def unregistered() -> Refusal:
    """An address that is gone."""
    return _of_word("unregistered")


def bad_address() -> Refusal:
    """An address that never was one."""
    return _of_word("invalid")


def over_quota(retry_after: int) -> Refusal:
    """The project has sent what it may in a minute."""
    return _of_word("quota", retry_after)


def _of_word(word: str, pause: int = _QUOTA_PAUSE) -> Refusal:
    status, rpc_status, message, code = _BY_WORD[word]
    retry_after = pause if status == 429 else None
    return Refusal(status, rpc_status, message, code, retry_after=retry_after)


def by_fault(fault: Fault) -> Refusal:
    """The refusal of a fault on purpose."""
    rpc_status, code = _BY_STATUS.get(fault.status, ("UNKNOWN", None))
    text = "A fault on purpose."
    return Refusal(fault.status, rpc_status, text, code, retry_after=fault.retry_after)
