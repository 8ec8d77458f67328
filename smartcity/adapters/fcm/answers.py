"""What FCM answers, in the words that we act on; the interface of both transports.

Source: firebase.google.com/docs/cloud-messaging/error-codes.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol


class Answer(Enum):
    """What became of one message."""

    ACCEPTED = "accepted"
    UNKNOWN = "unknown"  # it may have been taken: 500, 503, time-out, lost connection
    UNREGISTERED = "unregistered"  # the address is gone: prune it
    BAD_ADDRESS = "bad_address"  # it never was one: prune it
    OTHER_SENDER = "other_sender"  # of another project: quarantine it
    REFUSED = "refused"  # the message itself, or our project: prune nobody, send no more of it
    QUOTA = "quota"  # 429: nobody may send for a time
    PLATFORM = "platform"  # our right to a platform (APNs, Web Push) is refused: hold it
    NOT_SENT = "not_sent"  # surely not processed: never connected, stream refused, no token


@dataclass(frozen=True, slots=True)
class Reply:
    """One message's answer; `retry_after` in seconds, `detail` FCM's own code or ours.

    Of what is REFUSED the detail says why, too.
    """

    answer: Answer
    detail: str = ""
    retry_after: float | None = None


class Transport(Protocol):
    """Sends many messages at once, each exactly once or not at all."""

    def send(self, bodies: Sequence[bytes]) -> list[Reply]:
        """Post each body (a whole HTTP v1 request) once; a reply for each, in their order."""
        ...

    def close(self) -> None:
        """Let the connections go."""
        ...


ACCEPTED = Reply(Answer.ACCEPTED)
TOKEN_REFUSED = "UNAUTHENTICATED"  # noqa: S105  a detail
QUOTA_PAUSE = 60.0  # seconds, where FCM names none
_MOST_OF_DETAIL = 200  # characters

_BY_CODE = {
    (401, "APNS_AUTH_ERROR"): Answer.PLATFORM,
    (401, "THIRD_PARTY_AUTH_ERROR"): Answer.PLATFORM,
    (403, "SENDER_ID_MISMATCH"): Answer.OTHER_SENDER,
    (404, "UNREGISTERED"): Answer.UNREGISTERED,
}
_BY_STATUS = {
    400: Answer.REFUSED,
    401: Answer.NOT_SENT,
    403: Answer.REFUSED,
    404: Answer.REFUSED,  # no such project: the address is not to blame
    429: Answer.QUOTA,
}


def reply(status: int, body: bytes, retry_after: str = "") -> Reply:
    """The reply that a response of FCM is; what is not in the table may have been sent."""
    if status == 200:
        return ACCEPTED
    error = _error(body)
    code = _code(error) or str(error.get("status") or status)
    pause = float(retry_after) if retry_after.isdecimal() and len(retry_after) < 7 else None
    answer = _BY_CODE.get((status, code)) or _BY_STATUS.get(status, Answer.UNKNOWN)
    if status == 400 and _blames_address(error):
        answer = Answer.BAD_ADDRESS
    if answer is Answer.QUOTA:
        return Reply(answer, code, pause or QUOTA_PAUSE)
    if answer is Answer.REFUSED:
        return Reply(answer, f"{code}: {error.get('message', '')}"[:_MOST_OF_DETAIL])
    return Reply(answer, code, pause)


def _error(body: bytes) -> dict[str, Any]:
    try:
        error = json.loads(body)["error"]
    except (ValueError, KeyError, TypeError):
        return {}  # of a proxy on the way
    return error if isinstance(error, dict) else {}


def _code(error: dict[str, Any]) -> str | None:
    """FCM's own code; the google.rpc.Status says less."""
    return next((d["errorCode"] for d in error.get("details", []) if "errorCode" in d), None)


def _blames_address(error: dict[str, Any]) -> bool:
    """Whether a 400 names the address rather than the message."""
    fields = [
        v.get("field") for d in error.get("details", []) for v in d.get("fieldViolations", [])
    ]
    at_fault = "message.token" in fields or "message.fid" in fields
    return at_fault or "registration token" in str(error.get("message"))
