"""What HTTP/2 and HTTP/1.1 have in common: a request, an answer, and how it is withheld."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import cast

MAX_BODY = 1 << 20  # bytes of a request

JSON = ("content-type", "application/json; charset=UTF-8")


class Ending(Enum):
    """What becomes of a request; the last two say to the client that it was not processed."""

    ANSWERED = auto()
    DROPPED = auto()  # the connection dies instead
    REFUSED = auto()  # REFUSED_STREAM
    GONE_AWAY = auto()  # GOAWAY, with an earlier stream as the last


@dataclass(slots=True)
class Request:
    """Names of headers are in small letters."""

    method: str
    path: str
    headers: dict[bytes, bytes]
    body: bytes


@dataclass(slots=True, frozen=True)
class Answer:
    """`delay` in seconds until it is given."""

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = (JSON,)
    delay: float = 0.0
    ending: Ending = Ending.ANSWERED


Handler = Callable[[Request], Answer]

# HTTP/1.1 has no word for "not processed" but this.
UNPROCESSED = Answer(503, b'{"error": {"code": 503, "status": "UNAVAILABLE"}}')


@dataclass
class Traffic:
    """What the port saw, and the rule by which connections end."""

    connections: int = 0
    streams: int = 0
    most_streams_at_once: int = 0
    goaways: int = 0
    refused_streams: int = 0
    dropped_connections: int = 0
    open: set[Connection] = field(default_factory=set)
    goaway_after: int | None = None  # requests on one connection

    def counts(self) -> dict[str, int]:
        """For `GET /stats`."""
        return {
            "connections": self.connections,
            "open_connections": len(self.open),
            "streams": self.streams,
            "most_streams_at_once": self.most_streams_at_once,
            "goaways": self.goaways,
            "refused_streams": self.refused_streams,
            "dropped_connections": self.dropped_connections,
        }

    def reset(self) -> None:
        """Count anew; the connections stay."""
        self.connections = self.streams = self.most_streams_at_once = 0
        self.goaways = self.refused_streams = self.dropped_connections = 0


class Connection(asyncio.Protocol):
    """A client's connection after its handshake."""

    def __init__(self, handle: Handler, traffic: Traffic) -> None:
        self._handle, self._traffic = handle, traffic

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Count it."""
        self._transport = cast(asyncio.Transport, transport)
        self._traffic.connections += 1
        self._traffic.open.add(self)

    def connection_lost(self, _error: Exception | None) -> None:
        """Answers that wait go nowhere."""
        self._traffic.open.discard(self)

    def go_away(self) -> None:
        """Ask the client to connect anew, where its protocol knows how."""

    def break_off(self) -> None:
        """End it at once, with what is not yet written."""
        self._traffic.dropped_connections += 1
        self._transport.abort()
