"""What FCM answers, in the words that we act on; the interface of both transports.

Source: firebase.google.com/docs/cloud-messaging/error-codes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol


class Answer(Enum):
    """What became of one message."""

    ACCEPTED = "accepted"
    UNKNOWN = "unknown"  # it may have been taken: 500, 503, time-out, lost connection
    UNREGISTERED = "unregistered"  # the address is gone: prune it
    BAD_ADDRESS = "bad_address"  # it never was one: prune it
    OTHER_SENDER = "other_sender"  # of another project: quarantine it
    REFUSED = "refused"  # the message itself: prune nobody, send no more of it
    QUOTA = "quota"  # 429: nobody may send for a time
    PLATFORM = "platform"  # our right to a platform (APNs, Web Push) is refused: hold it
    NOT_SENT = "not_sent"  # surely not processed: never connected, stream refused, no token


@dataclass(frozen=True, slots=True)
class Reply:
    """One message's answer; `retry_after` in seconds, `detail` FCM's own code or ours."""

    answer: Answer
    detail: str = ""
    retry_after: float | None = None


ACCEPTED = Reply(Answer.ACCEPTED)


class Transport(Protocol):
    """Sends many messages at once, each exactly once or not at all."""

    def send(self, bodies: Sequence[bytes]) -> list[Reply]:
        """Post each body (a whole HTTP v1 request) once; a reply for each, in their order."""
        ...

    def close(self) -> None:
        """Let the connections go."""
        ...
