"""One notification as FCM's HTTP v1 reads it, encoded once for any number of addresses.

Source: firebase.google.com/docs/reference/fcm/rest/v1/projects.messages.
"""

import json
import unicodedata
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from smartcity.core.clock import now

MOST = 4096  # bytes of a message's payload
MOST_OF_TOPIC = 2048
_LONGEST_MID = 50  # a campaign's UUID, its shard and the place therein
_MOST_OF_COLLAPSE_ID = 64  # bytes; Apple's limit

_quoted = json.JSONEncoder().encode  # ASCII, whatever the text holds
_plain = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Notification:
    """What a phone shows; a later one with the same `tag` takes its place. `ttl` in seconds."""

    title: str
    body: str
    link: str
    tag: str
    category: str
    ttl: int
    critical: bool = False


class Envelope:
    """A notification in JSON with room for an address and a message id."""

    def __init__(self, payload: dict[str, Any]) -> None:
        self.payload = payload
        data = _plain(payload["data"]).encode()
        others = _plain({name: part for name, part in payload.items() if name != "data"}).encode()
        self._rest = b"," + data[1:] + b"," + others[1:] + b"}"

    def body(self, kind: str, value: str, mid: str) -> bytes:
        """The whole request to one address (kind: token, fid or topic), `data.mid` being `mid`."""
        opened = f'{{"message":{{"{kind}":{_quoted(value)},"data":{{"mid":{_quoted(mid)}'
        return opened.encode() + self._rest

    @property
    def size(self) -> int:
        """Bytes of the payload as FCM counts them, without the address, with the longest id."""
        data = {"mid": "m" * _LONGEST_MID} | self.payload["data"]
        return len(_plain(self.payload | {"data": data}).encode())


def encode(notification: Notification) -> Envelope:
    """The notification for every platform, NFC, valid from now for its `ttl`.

    Raises ValueError where a text holds what no UTF-8 can.
    """
    return Envelope(
        {
            "data": {"link": notification.link, "category": notification.category},
            "notification": {"title": _nfc(notification.title), "body": _nfc(notification.body)},
            "android": _android(notification),
            "apns": _apns(notification),
            "webpush": _webpush(notification),
        }
    )


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _android(notification: Notification) -> dict[str, Any]:
    return {
        "priority": "high" if notification.critical else "normal",
        "ttl": f"{notification.ttl}s",
        "notification": {"tag": notification.tag},
    }


def _apns(notification: Notification) -> dict[str, Any]:
    headers = {
        "apns-collapse-id": _collapse_id(notification.tag),
        "apns-expiration": str(int(now().timestamp()) + notification.ttl),
        "apns-priority": "10" if notification.critical else "5",
    }
    if not notification.critical:
        return {"headers": headers}
    urgent = {"interruption-level": "time-sensitive", "sound": "default"}
    return {"headers": headers, "payload": {"aps": urgent}}


def _collapse_id(tag: str) -> str:
    """The tag, or its hash where it would not fit into a header of Apple's."""
    fits = tag.isascii() and len(tag) <= _MOST_OF_COLLAPSE_ID
    return tag if fits else sha256(tag.encode()).hexdigest()


def _webpush(notification: Notification) -> dict[str, Any]:
    urgency = "high" if notification.critical else "normal"
    headers = {"TTL": str(notification.ttl), "Urgency": urgency}
    return {"headers": headers, "notification": {"tag": notification.tag}}
